package studio_test

import (
	"context"
	"encoding/json"
	"errors"
	"os"
	"path/filepath"
	"regexp"
	"slices"
	"strings"
	"testing"

	"github.com/authflow-studio/authflow/app/studio"
)

// What a method is asked that it cannot do: nothing at all, and things that are
// not there.
var wrongArguments = []string{
	`{}`,
	`{"slug": "nope", "path": "actions/nope.ts", "name": "nope", "id": "nope", "run": "nope", "flow": "nope", "block": "nope", "file": "/nope/x.afb", "dir": "/nope/acme", "against": {"kind": "bundle", "path": "/nope"}}`,
	`{"slug": "../x", "path": "../../etc/passwd", "name": "", "dir": "", "template": "nope", "base": "old", "text": "x"}`,
	`[1]`,
}

// machinery are words that a person at a screen can do nothing with.
var machinery = regexp.MustCompile(`(?i)^(projects|studio|flow|debug|bundle|server|check|run|world|scenario|agent|script): |json: |unmarshal|no such file or directory|nil pointer|0x[0-9a-f]{6}|goroutine|\bfs\.|open /`)

// TestEveryErrorIsWordsWithANextStep asks every method for what it cannot do,
// with and without a project: whatever goes wrong has a code, a sentence, and
// what to do next.
func TestEveryErrorIsWordsWithANextStep(t *testing.T) {
	r := newRig(t)
	// Whoever would run tests has an error to tell, too.
	if err := os.WriteFile(filepath.Join(r.dir, "scenarios", "broken.yaml"), []byte("scenarios: ["), 0o644); err != nil {
		t.Fatal(err)
	}
	errorsSeen := 0
	ask := func(state string) {
		methods := r.s.Methods()
		slices.Sort(methods)
		for _, name := range methods {
			if strings.HasPrefix(name, "project.close") || name == "project.pick" {
				continue
			}
			for _, arg := range wrongArguments {
				_, err := r.s.Call(context.Background(), name, json.RawMessage(arg))
				if err == nil {
					continue
				}
				errorsSeen++
				var e *studio.Error
				if !errors.As(err, &e) {
					t.Fatalf("%s, %s(%s): %v is no *studio.Error", state, name, arg, err)
				}
				if e.Code == "" || e.Code == "crash" {
					t.Errorf("%s, %s(%s): the code is %q: %s", state, name, arg, e.Code, e.Message)
				}
				if e.Hint == "" {
					t.Errorf("%s, %s(%s): %s: %q says nothing of what to do", state, name, arg, e.Code, e.Message)
				}
				if machinery.MatchString(e.Message) || !sentence(e.Message) {
					t.Errorf("%s, %s(%s): %s: %q is no sentence for people", state, name, arg, e.Code, e.Message)
				}
			}
		}
	}
	ask("with a project")
	r.call("project.close", map[string]any{})
	ask("without a project")
	if errorsSeen < 150 {
		t.Errorf("only %d errors were seen", errorsSeen)
	}
}

// sentence begins with a capital, a quote or a name that is code, and ends.
func sentence(text string) bool {
	return text != "" && strings.ContainsAny(text[len(text)-1:], ".?!")
}
