package script

// This file holds what goes into a call and what comes out of it.

import (
	"context"
	"errors"
	"time"

	"github.com/authflow-studio/authflow/engine/world"
)

// Call is one run of an Action.
type Call struct {
	Action string // its name below actions/
	Source string
	// Modules are what the source may import; see NewUnit.
	Modules map[string]string
	Event   map[string]any
	Step    map[string]any
	Input   map[string]any // api.input
	Config  map[string]any // api.config
	Budget  time.Duration  // its own running time; zero is one second (rule X6)
	Host    Host
	// Cover counts the lines that run.
	Cover bool
	// Debug lets it be stopped; nil: nobody looks on, and it costs nothing.
	Debug *Debug
}

func (c Call) unit() Unit { return Unit{Name: c.Action, Source: c.Source, Modules: c.Modules} }

// Host is the outside world of a call. It is asked in the engine's own process,
// by one goroutine at a time.
type Host interface {
	Now(ctx context.Context) (time.Time, error)
	// Random answers n bytes. It is asked once at most; all further randomness
	// of the call is drawn from its answer.
	Random(ctx context.Context, n int) ([]byte, error)
	Fetch(ctx context.Context, r world.Request) (world.Response, error)
	Secret(ctx context.Context, name string) (string, error)
}

// ErrStop ends the call at once when an error of a Host wraps it: the script
// cannot catch it, and Run answers that error.
var ErrStop = errors.New("the call was stopped by its host")

// HostError is an error whose words the script may see. Of any other error of
// a Host it learns only that the call failed.
type HostError struct{ Code, Message string }

func (e *HostError) Error() string { return e.Message }

// Result is what an Action asked for. With an error it holds the logs only.
type Result struct {
	Denied       *Denial        `json:"denied,omitempty"`
	RequireMFA   *string        `json:"require_mfa,omitempty"` // the factor; empty: any
	Outputs      map[string]any `json:"outputs,omitempty"`     // state.set
	Claims       Claims         `json:"claims"`
	AppMetadata  map[string]any `json:"app_metadata,omitempty"` // a nil value removes the entry
	UserMetadata map[string]any `json:"user_metadata,omitempty"`
	Redirect     string         `json:"redirect,omitempty"`
	Port         string         `json:"port,omitempty"` // by which it leaves; empty: next
	Logs         []LogLine      `json:"logs,omitempty"`
	Return       any            `json:"return,omitempty"` // nil if it was no JSON value
	Duration     time.Duration  `json:"duration"`         // its own running time
	// Edited says that a person changed variables while it was stopped: what came
	// of it cannot be had by running it again.
	Edited bool `json:"-"`
	// Lines by file, where they were counted; with an error, too.
	Lines map[string]Lines `json:"lines,omitempty"`
}

// Denial is a refusal: Reason is for the audit, UserMessage for the person.
type Denial struct {
	Reason      string `json:"reason"`
	UserMessage string `json:"user_message,omitempty"`
}

// Claims are the custom claims that were set, by where they go.
type Claims struct {
	Session     map[string]any `json:"session,omitempty"`
	AccessToken map[string]any `json:"access_token,omitempty"`
	IDToken     map[string]any `json:"id_token,omitempty"`
}

// LogLine is one line of api.log or of the console.
type LogLine struct {
	Level   string         `json:"level"` // debug, info, warn or error
	Message string         `json:"message"`
	Fields  map[string]any `json:"fields,omitempty"`
}

const defaultBudget = time.Second
