package scenario

import (
	"context"
	"errors"
	"fmt"

	"github.com/go-json-experiment/json"
	"github.com/go-json-experiment/json/jsontext"

	"github.com/authflow-studio/authflow/engine/block"
	"github.com/authflow-studio/authflow/engine/flow"
	"github.com/authflow-studio/authflow/engine/run"
)

// RecordingFormat is the version of a recording's form.
const RecordingFormat = 1

// maxRecording bounds what is read of a file.
const maxRecording = 32 << 20

// Recording is a run as a file: its journal, and the project that it ran on. It
// holds no secret (rule T3) and needs nothing else to be replayed (rule D7).
type Recording struct {
	Format int    `json:"format"`
	Kind   string `json:"kind"`
	// Project is every file that the engine runs, by its path.
	Project map[string]string `json:"project"`
	// Versions are those that the run was taken over to in the debugger, by their
	// digests.
	Versions map[string]map[string]string `json:"versions,omitempty"`
	Journal  []run.Entry                  `json:"journal"`
}

const recordingKind = "authflow-recording"

// NewRecording makes a recording of a run, with the further versions that it was
// taken over to.
func NewRecording(p *flow.Project, journal []run.Entry, versions ...*flow.Project) Recording {
	r := Recording{Format: RecordingFormat, Kind: recordingKind, Project: filesOf(p), Journal: journal}
	for _, v := range versions {
		if r.Versions == nil {
			r.Versions = map[string]map[string]string{}
		}
		r.Versions[v.Digest] = filesOf(v)
	}
	return r
}

func filesOf(p *flow.Project) map[string]string {
	out := make(map[string]string, len(p.Files))
	for name, text := range p.Files {
		out[name] = string(text)
	}
	return out
}

// Encode writes a recording.
func (r Recording) Encode() ([]byte, error) {
	return json.Marshal(r, json.Deterministic(true), jsontext.WithIndent(" "))
}

// ReadRecording reads one.
func ReadRecording(text []byte) (Recording, error) {
	var r Recording
	if len(text) > maxRecording {
		return r, fmt.Errorf("it has %d bytes, more than the %d that are read", len(text), maxRecording)
	}
	if err := json.Unmarshal(text, &r); err != nil {
		return r, fmt.Errorf("this is no recording of a run: %w", err)
	}
	switch {
	case r.Kind != recordingKind:
		return r, fmt.Errorf("this is no recording of a run: its kind is %q and not %q", r.Kind, recordingKind)
	case r.Format != RecordingFormat:
		return r, fmt.Errorf("the recording has format %d, and this program reads %d", r.Format, RecordingFormat)
	case len(r.Journal) == 0:
		return r, errors.New("the recording has no journal")
	}
	return r, nil
}

// Own answers the project that the run was recorded on.
func (r Recording) Own() (*flow.Project, error) { return parsed(r.Project) }

func parsed(texts map[string]string) (*flow.Project, error) {
	files := make(map[string][]byte, len(texts))
	for name, text := range texts {
		files[name] = []byte(text)
	}
	p, problems := flow.Parse(files)
	if len(problems) > 0 {
		return nil, problems[0]
	}
	return p, nil
}

// Version answers one of the versions that the run was taken over to; nil for
// none that can be read.
func (r Recording) Version(digest string) *flow.Project {
	texts, ok := r.Versions[digest]
	if !ok {
		return nil
	}
	p, err := parsed(texts)
	if err != nil {
		return nil
	}
	return p
}

// Replayed is what came of a replay.
type Replayed struct {
	// Same says that every step and every effect was as recorded.
	Same    bool   `json:"same"`
	Outcome string `json:"outcome"`
	Entries int    `json:"entries"`
	// Where it diverged: flow.block, and what was and is at that entry.
	At       string `json:"at,omitempty"`
	Entry    int    `json:"entry,omitempty"`
	Recorded string `json:"recorded,omitempty"`
	Now      string `json:"now,omitempty"`
}

// Replay runs the recording on a project, nil for its own, performing no effect.
func (r Recording) Replay(ctx context.Context, p *flow.Project, c *block.Catalogue, scripts block.Scripts) (Replayed, error) {
	if p == nil {
		var err error
		if p, err = r.Own(); err != nil {
			return Replayed{}, err
		}
	}
	m := &run.Machine{Catalogue: c, Project: p, Versions: r.Version, Budgets: p.Settings.WithDefaults().Budgets}
	s, err := run.Replay(ctx, m, scripts, r.Journal)
	out := Replayed{Entries: len(r.Journal)}
	if s != nil {
		out.Outcome = s.Outcome()
	}
	var diverged *run.DivergedError
	if errors.As(err, &diverged) {
		out.Entry, out.Recorded, out.Now = diverged.N, diverged.Recorded, diverged.Replayed
		if at := r.entry(diverged.N); at != nil {
			out.At = at.Flow + "." + at.Block
		}
		return out, nil
	}
	out.Same = err == nil
	return out, err
}

func (r Recording) entry(n int) *run.Entry {
	for i := range r.Journal {
		if r.Journal[i].N == n {
			return &r.Journal[i]
		}
	}
	return nil
}
