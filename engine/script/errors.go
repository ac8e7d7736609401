package script

// This file holds the ways in which a call fails.

import "fmt"

// Code says why a call failed.
type Code string

// The codes. Every one of them is a denial for the run (rule A5).
const (
	CodeSyntax   Code = "syntax"           // it does not parse
	CodeNoEntry  Code = "no_entry"         // there is no function to call
	CodeThrow    Code = "throw"            // an uncaught throw
	CodeRejected Code = "rejected"         // a rejected promise that nothing handled
	CodePending  Code = "pending_promise"  // it waits for something that never comes
	CodeTimeout  Code = "timeout"          // it ran longer than its budget
	CodeMemory   Code = "memory"           // it took more memory than allowed
	CodeTooDeep  Code = "too_deep"         // it called itself too deeply
	CodeTooLarge Code = "result_too_large" // source or results beyond the limits
	CodeTooMany  Code = "too_many_calls"   // it asked its host too often
	CodeSecret   Code = "secret_leak"      // a result holds the value of a secret
	CodeDiverged Code = "diverged"         // run again, it did not go the way it went
	CodeDied     Code = "worker_died"      // its worker ended for another reason
)

// Error is a failed call. The position is one of the Action's source, both from
// 1 and in characters; 0 if it is not known.
type Error struct {
	Code    Code   `json:"code"`
	Action  string `json:"action,omitempty"`
	Message string `json:"message"`
	// File is the module that Line is in; empty for the Action itself.
	File   string `json:"file,omitempty"`
	Line   int    `json:"line,omitempty"`
	Column int    `json:"column,omitempty"`
	Stack  string `json:"stack,omitempty"`

	at int // where in the text that was run, from 1; 0 if it is not known
}

func (e *Error) Error() string {
	where := ""
	if e.Line > 0 {
		where = fmt.Sprintf(" at line %d, column %d", e.Line, e.Column)
	}
	if e.File != "" {
		where += " of " + e.File
	}
	return fmt.Sprintf("action %s%s: %s", e.Action, where, e.Message)
}

// Issue is a problem of a source, found without running it.
type Issue struct {
	File     string `json:"file,omitempty"` // the module it is in; empty for the Action itself
	Line     int    `json:"line"`           // from 1
	Column   int    `json:"column"`         // from 1, counted in characters
	Message  string `json:"message"`
	Code     Code   `json:"code"`
	Severity string `json:"severity"` // error or warning
}

// CodeSlowRegexp warns of a pattern that goja can only match by trying, in the
// worst case for ever; at run time that ends as a timeout.
const CodeSlowRegexp Code = "slow_regexp"
