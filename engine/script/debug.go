package script

// This file is what a debugger says of a call, and what it is told of it.

import (
	"context"
	"errors"
)

// Debug lets a call be stopped at its lines. Time stands still while it is
// stopped (rule D4): neither its budget nor any watch over it runs.
type Debug struct {
	Breakpoints []Breakpoint
	AtEntry     bool // stop before the first statement of the Action's function
	OnThrow     bool // stop at the statement whose throw nothing catches
	OnDeny      bool // stop at the statement that denies
	// StopAt stops before the statement that is the n-th to be reached in the
	// call, as Stop.Ordinal counts; 0 is nowhere. With Answers of an earlier call
	// that is the same moment of it again.
	StopAt int
	// Answers keep what the Host has answered. What they hold as the call begins
	// is answered again, and nobody is asked.
	Answers *Answers
	// Stopped is called, by the goroutine that runs the call, each time it has
	// stopped; the call goes on when it returns. It must return when ctx ends.
	Stopped func(ctx context.Context, s *Stop) Command
	// Logged is told what breakpoints with a log message say; nil: nobody is.
	Logged func(at Place, text string)
}

// Breakpoint is a wish to stop. It binds to the statement at its place, or to
// the next one; see Places.Bind.
type Breakpoint struct {
	Place
	Condition string `json:"condition,omitempty"` // JavaScript, read where it stands
	Hits      string `json:"hits,omitempty"`      // ">3", "==3", "%3"; a number alone is the same as ==
	Log       string `json:"log,omitempty"`       // is said instead of stopping; {expressions} are filled in
}

// Reason says why a call has stopped.
type Reason string

// The reasons.
const (
	ReasonBreakpoint Reason = "breakpoint"
	ReasonStep       Reason = "step"
	ReasonEntry      Reason = "entry" // also: one cannot go back any further
	ReasonThrow      Reason = "exception"
	ReasonDeny       Reason = "deny"
	ReasonMoment     Reason = "goto" // StopAt
)

// Move is how a stopped call goes on.
type Move string

// The moves. Over and Out go by the activation of a function and not by its
// depth, so that they mean the same around an await. Those that go back run the
// Action again up to that moment; what its Host answered is answered again.
const (
	Continue        Move = "continue"
	StepOver        Move = "over"
	StepInto        Move = "into"
	StepOut         Move = "out"
	StepBack        Move = "back"         // to the statement before, of this function or its caller
	StepBackInto    Move = "back_into"    // to the statement before, wherever that is
	ReverseContinue Move = "back_to_last" // to the breakpoint that was met last, else to the first statement
	GoTo            Move = "goto"         // to the moment Ordinal
	End             Move = "end"          // the call ends with ErrEnded
)

// Command is what a stopped call does next. The zero value is Continue.
type Command struct {
	Move    Move `json:"move,omitempty"`
	Ordinal int  `json:"ordinal,omitempty"` // GoTo
	// Breakpoints replace those there were; nil keeps them.
	Breakpoints *[]Breakpoint `json:"breakpoints,omitempty"`
}

// ErrEnded is what Run answers when the debugger has ended the call.
var ErrEnded = errors.New("script: the call was ended by the debugger")

// Frame is one function that is under way.
type Frame struct {
	Function string `json:"function"` // empty: the script's top level, or it has no name
	Place
	// Top: it is at a statement outside of every function.
	Top bool `json:"top,omitempty"`
	// Awaiting: it is not on the stack, but waits for the one before.
	Awaiting bool `json:"awaiting,omitempty"`
	// Unreadable says why its variables cannot be seen; empty: they can.
	Unreadable string `json:"unreadable,omitempty"`
}

// Scope is a group of variables: Locals, Arguments or Closure.
type Scope struct {
	Name string `json:"name"`
	Ref  int    `json:"ref"` // for Children and Set
	Size int    `json:"size"`
	Note string `json:"note,omitempty"` // what of it cannot be shown
}

// Variable is a value with its name, as text. Looking at it has run none of the
// script's code.
type Variable struct {
	Name  string `json:"name"`
	Value string `json:"value"`
	Type  string `json:"type"`
	Ref   int    `json:"ref,omitempty"`  // for Children and Set; 0: there is nothing in it
	Size  int    `json:"size,omitempty"` // how many children
	// Path is an expression that leads to it in its frame; empty: there is none.
	Path string `json:"path,omitempty"`
	// Uninitialised: its declaration has not been reached.
	Uninitialised bool `json:"uninitialised,omitempty"`
}

// Evaluation is what an expression came to.
type Evaluation struct {
	Variable
	Logs []LogLine `json:"logs,omitempty"` // what the script said meanwhile
	// Changed: it may have changed something.
	Changed bool `json:"changed,omitempty"`
}

// The limits of looking.
const (
	maxExpression = 8 << 10
	maxShown      = 1 << 10 // bytes of one value
	maxPage       = 500
	maxWhole      = 1 << 20 // bytes of a text that is wanted whole
)
