package block

import (
	"errors"
	"fmt"
)

// Error is why a block could not do its work.
type Error struct {
	Code    string `json:"code"`
	Message string `json:"message"`
	// Field is the config field at fault.
	Field string `json:"field,omitempty"`
	// Line and Column are in an Action's source.
	Line   int    `json:"line,omitempty"`
	Column int    `json:"column,omitempty"`
	Hint   string `json:"hint,omitempty"`
	cause  error
}

func (e *Error) Error() string {
	s := e.Code + ": " + e.Message
	if e.Line > 0 {
		s = fmt.Sprintf("%s (line %d, column %d)", s, e.Line, e.Column)
	}
	return s
}

// Unwrap answers the cause.
func (e *Error) Unwrap() error { return e.cause }

// Fail makes an Error.
func Fail(code, format string, args ...any) *Error {
	err := fmt.Errorf(format, args...)
	return &Error{Code: code, Message: err.Error(), cause: errors.Unwrap(err)}
}

// In says which config field was at fault.
func (e *Error) In(field string) *Error {
	e.Field = field
	return e
}

// Hinted says what to do.
func (e *Error) Hinted(hint string) *Error {
	e.Hint = hint
	return e
}

// AsError makes an Error of any error, so that every failure has a code.
func AsError(err error) *Error {
	var e *Error
	if errors.As(err, &e) {
		return e
	}
	return &Error{Code: "internal", Message: err.Error(), cause: err}
}
