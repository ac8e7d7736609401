package block

import (
	"context"
	"time"

	"github.com/go-json-experiment/json"
	"github.com/go-json-experiment/json/jsontext"

	"github.com/authflow-studio/authflow/engine/audit"
	"github.com/authflow-studio/authflow/engine/directory"
	"github.com/authflow-studio/authflow/engine/flow"
	"github.com/authflow-studio/authflow/engine/script"
	"github.com/authflow-studio/authflow/engine/session"
	"github.com/authflow-studio/authflow/engine/store"
	"github.com/authflow-studio/authflow/engine/world"
)

// Env is what lies outside a run while it advances. Blocks see it only inside
// Effect.
type Env struct {
	World     world.World
	Store     store.Writer
	Directory *directory.Directory
	Sessions  *session.Sessions
	Audit     *audit.Log
	Scripts   Scripts
	Project   *flow.Project
	Carried   Carried
	// Channels are the ways in which messages can be sent: email, sms.
	Channels []string
	// Refresh is the refresh token that a client has presented; nil in all
	// other runs.
	Refresh RefreshGrant
	// Secrets answers a secret of the project by name.
	Secrets func(ctx context.Context, name string) (string, error)
	// Count adds one to a counter at once, in a commit of its own, and answers
	// it. Limits need that: of many requests at the same moment each must see
	// the others, and an attempt is one even when its run came to nothing.
	Count func(ctx context.Context, bucket, id string, expires time.Time) (int64, error)
	// Origin answers the server's address under a host name of a request; see
	// OriginOf.
	Origin func(host string) string
	// Simulated answers the provider that takes the place of a project's; nil in
	// production.
	Simulated SimulatedProvider
	// Done keeps what cannot be done twice while a conflict of the store makes
	// the run's stretch begin again; see Once.
	Done map[string]any
	// Fault answers the fault that a tester has set on a block; nil in
	// production.
	Fault func(flow, block string) (Fault, bool)
	// Issued gathers what must reach the person's browser and nothing else.
	Issued *Issued
}

// Once does something that somebody else counts, such as redeeming a code: once,
// also when the stretch of the run is begun again because of a conflict. It is
// called inside an effect.
func Once[T any](env *Env, key string, do func() T) T {
	if v, ok := env.Done[key].(T); ok {
		return v
	}
	v := do()
	if env.Done != nil {
		env.Done[key] = v
	}
	return v
}

// OriginOf answers the server's own address as the person of a request sees it,
// never what the request claims: an unknown host answers the first one.
func (e *Env) OriginOf(host string) string {
	if e.Origin == nil {
		return e.World.Address
	}
	return e.Origin(host)
}

// DeviceSecret answers the secret of this browser's device: the one it carries,
// or the one that this run has just made for it.
func (e *Env) DeviceSecret() string {
	if e.Issued != nil && e.Issued.DeviceSecret != "" {
		return e.Issued.DeviceSecret
	}
	return e.Carried.Device
}

// Fault is what a tester wants a block to suffer (rule W2).
type Fault struct {
	// Delay before it runs.
	Delay flow.Duration `yaml:"delay,omitempty" json:"delay,omitzero"`
	// Error is the code it fails with; empty: it runs.
	Error string `yaml:"error,omitempty" json:"error,omitempty"`
}

// RefreshGrant is a refresh token at the token endpoint.
type RefreshGrant interface {
	// Validate checks it; one that was used before ends its family.
	Validate(ctx context.Context, w store.Writer) (RefreshCheck, error)
	// Issue makes the new tokens, with these claims.
	Issue(ctx context.Context, w store.Writer, idToken, accessToken map[string]any) error
}

// RefreshCheck is what was found about a refresh token.
type RefreshCheck struct {
	Valid, Reused bool
	UserID        string
}

// Scripts runs Actions.
type Scripts interface {
	Run(ctx context.Context, c script.Call) (script.Result, error)
}

// Carried are the secrets in the cookies that came with the request. Like
// Issued they are never part of a run's state.
type Carried struct{ Device, Session string }

// Issued are secrets made in a run. They go into cookies; they are never part
// of a run's state or journal (rule T3).
type Issued struct {
	SessionSecret string
	Session       *session.Session
	DeviceSecret  string
	DeviceExpires time.Time
}

// Recorder keeps what effects did. The live one performs and writes down; the
// replaying one answers what was written down before (rule X4).
type Recorder interface {
	Effect(kind string, request jsontext.Value, do func() (jsontext.Value, error)) (jsontext.Value, error)
}

// Effect does something outside the run and records its result. request says
// what is asked, without secrets: a replay compares it. The result must survive
// JSON; a replay answers the recorded one.
func Effect[T any](c *Call, kind string, request any, do func(env *Env) (T, error)) (T, error) {
	var out T
	req, err := json.Marshal(request, json.Deterministic(true))
	if err != nil {
		return out, Fail("internal", "effect %s: %w", kind, err)
	}
	res, err := c.recorder.Effect(kind, req, func() (jsontext.Value, error) {
		v, err := do(c.env)
		if err != nil {
			return nil, err
		}
		return json.Marshal(v, json.Deterministic(true), json.FormatNilMapAsNull(true))
	})
	if err != nil {
		return out, err
	}
	if err := json.Unmarshal(res, &out); err != nil {
		return out, Fail("internal", "effect %s answered what cannot be read: %w", kind, err)
	}
	return out, nil
}

// Void is the result of an effect that answers nothing.
type Void struct{}

// Now answers the world's time.
func (c *Call) Now() (time.Time, error) {
	ms, err := Effect(c, "now", nil, func(env *Env) (int64, error) { return env.World.Clock.Now().UnixMilli(), nil })
	return time.UnixMilli(ms).UTC(), err
}
