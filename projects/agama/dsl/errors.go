package dsl

import "fmt"

// Error says what is wrong with a text, where, and what to do.
type Error struct {
	File string
	Pos
	Message, Hint string
}

func (e *Error) Error() string {
	s := fmt.Sprintf("%s:%d:%d: %s", e.File, e.Line, e.Column, e.Message)
	if e.Hint != "" {
		s += "; " + e.Hint
	}
	return s
}

// wrong makes an error for the parser to collect; its file is known there.
func wrong(at Pos, hint, format string, args ...any) *Error {
	return &Error{Pos: at, Message: fmt.Sprintf(format, args...), Hint: hint}
}
