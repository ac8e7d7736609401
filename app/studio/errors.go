package studio

import (
	"context"
	"errors"
	"fmt"
	"io/fs"
	"regexp"
	"strings"
	"unicode"
	"unicode/utf8"

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

// inWords maps what may go wrong below to what a person reads: a code, a
// sentence, and what to do next.
func inWords(err error) *Error {
	var known *Error
	var file *flow.FileError
	var path *fs.PathError
	switch {
	case errors.As(err, &known):
	case errors.As(err, &file):
		known = &Error{Code: file.Code, Message: file.Error(), Hint: file.Hint}
	case errors.Is(err, projects.ErrConflict):
		known = &Error{Code: "conflict", Message: "The file was changed outside of this window.", Hint: "Take the other version, or keep yours and overwrite it."}
	case errors.Is(err, projects.ErrExists):
		known = &Error{Code: "exists", Message: err.Error(), Hint: "Choose another name."}
	case errors.Is(err, debug.ErrNoRun):
		known = &Error{Code: "no_run", Message: "This run is no longer there.", Hint: "Start another with Run."}
	case errors.Is(err, debug.ErrNotPaused):
		known = &Error{Code: "not_paused", Message: "The run is not paused.", Hint: "Set a breakpoint, or press Pause."}
	case errors.Is(err, context.Canceled):
		known = &Error{Code: "cancelled", Message: "Cancelled."}
	case errors.As(err, &path) && errors.Is(err, fs.ErrNotExist):
		known = &Error{Code: "not_found", Message: path.Path + " is not there."}
	case errors.As(err, &path) && errors.Is(err, fs.ErrPermission):
		known = &Error{Code: "permission", Message: path.Path + " may not be read or written by you."}
	case errors.As(err, &path):
		known = &Error{Code: "failed", Message: fmt.Sprintf("%s: %v.", path.Path, path.Err)}
	default:
		known = &Error{Code: "failed", Message: err.Error()}
	}
	return forPeople(*known)
}

// nextSteps are what to do where an error itself does not say it.
var nextSteps = map[string]string{
	"bad_argument": "Fill in what is missing or wrong, and try again.",
	"bad_name":     "Choose another name.",
	"cancelled":    "Start it again when you like.",
	"exists":       "Choose another name.",
	"no_method":    "Reload this window: it is of another version than the program that is running.",
	"no_run":       "Start another with Run.",
	"not_found":    "It may have been moved, renamed or removed: look in the folder, or choose another.",
	"permission":   "Choose a folder that you may write to.",
	"unreadable":   "Put the file right in an editor, or take it back from version control.",
}

// anyStep is for what nobody foresaw.
const anyStep = "Nothing was changed by this. Try again; if it stays so, the terminal that authflow was started from says more."

// room is the mark that packages put before their errors.
var room = regexp.MustCompile(`^[a-z]{3,12}: `)

// forPeople makes sentences of what was written for programs.
func forPeople(e Error) *Error {
	for room.MatchString(e.Message) {
		e.Message = room.ReplaceAllString(e.Message, "")
	}
	e.Message = strings.TrimRight(e.Message, " :\n")
	if at := strings.LastIndex(e.Message, "; "); e.Hint == "" && at > 0 {
		e.Message, e.Hint = e.Message[:at], asSentence(e.Message[at+2:])
	}
	e.Message = asSentence(e.Message)
	if e.Hint == "" {
		e.Hint = nextSteps[e.Code]
	}
	if e.Hint == "" {
		e.Hint = anyStep
	}
	return &e
}

// asSentence begins with a capital and ends with a stop.
func asSentence(text string) string {
	if text == "" {
		return "Something went wrong."
	}
	first, size := utf8.DecodeRuneInString(text)
	// A name of a file or a block stays as it is written.
	if word, _, _ := strings.Cut(text, " "); !strings.ContainsAny(word, "/._\"") {
		text = string(unicode.ToUpper(first)) + text[size:]
	}
	switch {
	case strings.ContainsAny(text[len(text)-1:], ".?!"):
	case strings.HasPrefix(text, "Did you mean"):
		text += "?"
	default:
		text += "."
	}
	return text
}
