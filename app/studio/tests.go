package studio

// This file lists the scenarios of the open project, and makes one of a run.

import (
	"context"
	"errors"
	"io/fs"
	"path"
	"regexp"
	"strings"

	"github.com/authflow-studio/authflow/engine/scenario"
	"github.com/authflow-studio/authflow/projects"
)

// TestCase is one scenario of the project.
type TestCase struct {
	File  string `json:"file"`
	Name  string `json:"name"`
	About string `json:"about,omitempty"`
	Skip  string `json:"skip,omitempty"`
}

// TestList is what can be run.
type TestList struct {
	Cases []TestCase `json:"cases"`
	// Unreadable files, each with its words.
	Unreadable []string `json:"unreadable"`
}

func (s *Studio) testList(context.Context, none) (*TestList, error) {
	w, err := s.workspace()
	if err != nil {
		return nil, err
	}
	files, bad := scenario.ReadAll(w.disk.FS())
	out := &TestList{Cases: []TestCase{}, Unreadable: []string{}}
	for i := range files {
		for _, c := range files[i].Cases() {
			out.Cases = append(out.Cases, TestCase{files[i].Path, c.Name, c.Scenario.About, c.Scenario.Skip})
		}
	}
	for _, b := range bad {
		out.Unreadable = append(out.Unreadable, b.Error())
	}
	return out, nil
}

type testArg struct {
	// Names keep the scenarios whose title holds one of them; none keeps all.
	Names []string
}

// TestReport is what came of running them.
type TestReport struct {
	scenario.Report
	Coverage scenario.Coverage `json:"coverage"`
	Missed   []string          `json:"missed"`
}

type recordArg struct{ Run, Name string }

// RecordedTest is the file of a new scenario.
type RecordedTest struct {
	Path string `json:"path"`
	Text string `json:"text"`
}

var notInAName = regexp.MustCompile(`[^a-z0-9]+`)

// recordTest makes a scenario of a run: a new file that does the same.
func (s *Studio) recordTest(ctx context.Context, a recordArg) (*RecordedTest, error) {
	w, err := s.workspace()
	if err != nil {
		return nil, err
	}
	slug := strings.Trim(notInAName.ReplaceAllString(strings.ToLower(a.Name), "_"), "_")
	if slug == "" {
		return nil, &Error{Code: "bad_argument", Message: "A test needs a name with letters or digits."}
	}
	text, err := w.harness.Scenario(ctx, a.Name, a.Run)
	if err != nil {
		return nil, err
	}
	name := path.Join(scenario.Dir, slug+".yaml")
	if _, err := w.disk.CreateFile(name, string(text)); errors.Is(err, projects.ErrExists) || errors.Is(err, fs.ErrExist) {
		return nil, &Error{Code: "exists", Message: "There is a test of that name already.", Hint: "Choose another name."}
	} else if err != nil {
		return nil, err
	}
	return &RecordedTest{name, string(text)}, nil
}
