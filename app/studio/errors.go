package studio

import (
	"context"
	"errors"
	"io/fs"

	"github.com/authflow-studio/authflow/engine/debug"
	"github.com/authflow-studio/authflow/engine/flow"
	"github.com/authflow-studio/authflow/projects"
)

// Error is what a front end gets to show: a stable code, a sentence, and what
// to do.
type Error struct {
	Code    string `json:"code"`
	Message string `json:"message"`
	Hint    string `json:"hint,omitempty"`
	Data    any    `json:"data,omitempty"`
}

func (e *Error) Error() string { return e.Message }

// inWords maps what may go wrong below to what a person reads.
func inWords(err error) *Error {
	var known *Error
	var file *flow.FileError
	switch {
	case errors.As(err, &known):
		return known
	case errors.As(err, &file):
		return &Error{Code: file.Code, Message: file.Error(), Hint: file.Hint}
	case errors.Is(err, projects.ErrConflict):
		return &Error{Code: "conflict", Message: "The file was changed outside of this window.", Hint: "Take the other version, or keep yours and overwrite it."}
	case errors.Is(err, projects.ErrExists):
		return &Error{Code: "exists", Message: err.Error(), Hint: "Choose another name."}
	case errors.Is(err, debug.ErrNoRun):
		return &Error{Code: "no_run", Message: "This run is no longer there.", Hint: "Start another with Run."}
	case errors.Is(err, debug.ErrNotPaused):
		return &Error{Code: "not_paused", Message: "The run is not paused.", Hint: "Set a breakpoint, or press Pause."}
	case errors.Is(err, fs.ErrNotExist):
		return &Error{Code: "not_found", Message: err.Error()}
	case errors.Is(err, fs.ErrPermission):
		return &Error{Code: "permission", Message: err.Error(), Hint: "Choose a folder that you may write to."}
	case errors.Is(err, context.Canceled):
		return &Error{Code: "cancelled", Message: "Cancelled."}
	}
	return &Error{Code: "failed", Message: err.Error()}
}
