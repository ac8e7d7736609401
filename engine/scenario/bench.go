package scenario

import (
	"context"
	"net/http"
	"time"

	"github.com/authflow-studio/authflow/engine/audit"
	"github.com/authflow-studio/authflow/engine/directory"
	"github.com/authflow-studio/authflow/engine/flow"
	"github.com/authflow-studio/authflow/engine/run"
	"github.com/authflow-studio/authflow/engine/script"
	"github.com/authflow-studio/authflow/engine/session"
	"github.com/authflow-studio/authflow/engine/world"
)

// Bench is a server with a world of its own, made for one scenario.
type Bench interface {
	http.Handler
	// Address of the server, its issuer.
	Address() string
	Now() time.Time
	Wait(d time.Duration)
	People() []world.Person
	// Secrets answers the values of the world's secrets, which no file may get.
	Secrets() []string
	// AddressIn answers an IP address of a network or country that the world
	// knows.
	AddressIn(network, country string) (string, bool)
	// SetRisk sets risk signals besides those that are given, in place of those
	// that were set before.
	SetRisk(signals map[string]any) error
	// Hashes answers how many password hashes were computed since it began.
	Hashes() int
	// ClientOf answers a client of the project and its secret; without an id
	// the public one for tests.
	ClientOf(id string) (flow.Client, string, bool)
	// Clients lists their ids; Pages what a flow can show; Blocks every block as
	// flow.block.
	Clients() []string
	Pages() []string
	Blocks() []string
	Sent(ctx context.Context) ([]Sent, error)
	Calls() []world.StubbedCall
	Sessions(ctx context.Context, userID string) ([]session.Session, error)
	Record(ctx context.Context) ([]audit.Entry, error)
	// Person finds an account by an identifier.
	Person(ctx context.Context, identifier string) (directory.User, bool, error)
	// Update changes an account, as somebody with rights does.
	Update(ctx context.Context, userID string, change func(*directory.User) error) error
	// Revoke ends all sessions of somebody.
	Revoke(ctx context.Context, userID string) error
	// Recordings answers the runs so far, in the order in which they began.
	Recordings(ctx context.Context) ([]Recording, error)
	// Trace answers every block that has run, in order.
	Trace() []run.Step
	// Lines answers which lines of Actions have run, by file below actions/.
	Lines() map[string]script.Lines
	// Kept answers everything that is stored, as it is stored.
	Kept(ctx context.Context) ([]byte, error)
	Close() error
}

// Maker makes the bench for a scenario.
type Maker func(ctx context.Context, g Given, begin time.Time) (Bench, error)

// Sent is a message that the runs have sent.
type Sent struct {
	Channel, To, Subject, Text, Code string
	Links                            []string
}
