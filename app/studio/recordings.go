package studio

import (
	"context"

	"github.com/authflow-studio/authflow/engine/debug"
	"github.com/authflow-studio/authflow/engine/scenario"
)

// This file writes runs as recordings, and replays them under the debugger.

type replayArg struct {
	// Text of a recording.
	Text string
	// Present replays it on the project as it is now, not on its own.
	Present bool
}

// Replaying is the run under which a recording is replayed.
type Replaying struct {
	Run string `json:"run"`
}

// replay replays a recording under the debugger, from before its first block.
func (s *Studio) replay(_ context.Context, a replayArg) (out Replaying, err error) {
	w, err := s.workspace()
	if err != nil {
		return out, err
	}
	recording, err := scenario.ReadRecording([]byte(a.Text))
	if err != nil {
		return out, &Error{Code: "bad_recording", Message: err.Error(), Hint: "Choose a file that the studio or `authflow test --record` has written."}
	}
	p := w.current()
	if !a.Present {
		if p, err = recording.Own(); err != nil {
			return out, err
		}
	}
	out.Run, err = w.debugger.Replay(debug.Recorded{Journal: recording.Journal, Project: p, Versions: recording.Version, Catalogue: s.catalogue, Scripts: s.Scripts})
	return out, err
}

// Recorded is a recording as a file's text.
type Recorded struct {
	Text string `json:"text"`
}

// recording answers a run as a file that replays on any machine (rule D7).
func (s *Studio) recording(ctx context.Context, a runArg) (out Recorded, err error) {
	w, err := s.workspace()
	if err != nil {
		return out, err
	}
	r, err := w.harness.Recording(ctx, a.Run)
	if err != nil {
		return out, err
	}
	text, err := r.Encode()
	return Recorded{string(text)}, err
}
