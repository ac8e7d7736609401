package session

import (
	"errors"
	"strings"
	"time"

	"github.com/authflow-studio/authflow/engine/block"
	"github.com/authflow-studio/authflow/engine/directory"
	"github.com/authflow-studio/authflow/engine/session"
)

// SessionCheck looks for a session that satisfies the request.
type SessionCheck struct{}

// Describe answers the descriptor.
func (SessionCheck) Describe() block.Descriptor {
	return block.Descriptor{
		ID: "session_check", Family: "session", Title: "Session check", Icon: "user-check",
		Summary:  "Is there a session that satisfies the request?",
		Help:     "Satisfied when the browser has a live session that is young enough (max_age), strong enough (acr_values) and not ruled out by the application (prompt=login). The person is then who the session says, with the factors that it was made with.",
		Synonyms: []string{"sso", "signed in", "cookie", "remember"},
		Fields: []block.Field{
			{Name: "max_age", Title: "Greatest age", Kind: block.Length, Placeholder: "10m", Help: "How long ago the person may have signed in at most, as before they change a factor; empty: as the application asks."},
			{Name: "any_level", Title: "Any assurance level", Kind: block.Boolean, Default: false, Help: "A session counts although it is weaker than the application asks for, as for a flow that makes it stronger."},
		},
		Outputs: []block.Output{
			{Name: "satisfied", Type: "boolean", Help: "Whether there is one"},
			{Name: "aal", Type: "string", Help: "Its assurance level; empty when there is none"},
		},
		Ports:  []block.Port{{ID: "satisfied", Title: "satisfied", Tone: "good"}, {ID: "not_satisfied", Title: "not satisfied", Tone: "neutral"}},
		Proves: map[string][]string{"satisfied": {block.ProvesSession}}, Says: map[string]map[string]any{"satisfied": {"satisfied": true}, "not_satisfied": {"satisfied": false}},
		Changes: []string{"user"},
		Gives:   map[string][]string{"satisfied": {block.FactUser, block.FactVerified, block.FactStrong}},
	}
}

type sessionFacts struct {
	User     map[string]any   `json:"user,omitempty"`
	AAL      string           `json:"aal"`
	Verified []block.Verified `json:"verified,omitempty"`
	AuthTime int64            `json:"auth_time"`
}

// Run looks at the session that the browser carries.
func (SessionCheck) Run(c *block.Call) (block.Result, error) {
	f, err := block.Effect(c, "session.find", nil, func(env *block.Env) (sessionFacts, error) { return findSession(c, env) })
	if err != nil {
		return block.Result{}, err
	}
	now, err := c.Now()
	if err != nil {
		return block.Result{}, err
	}
	own, err := c.Duration("max_age")
	if err != nil {
		return block.Result{}, err
	}
	tooOld := own > 0 && now.Sub(time.UnixMilli(f.AuthTime)) > own
	if f.User == nil || tooOld || !satisfies(c, f, now) {
		return block.Go("not_satisfied", map[string]any{"satisfied": false, "aal": f.AAL}), nil
	}
	id, _ := f.User["id"].(string)
	c.SetEvent("user", f.User)
	c.SetSubject(block.Subject{UserID: id, Verified: f.Verified})
	return block.Go("satisfied", map[string]any{"satisfied": true, "aal": f.AAL}), nil
}

func findSession(c *block.Call, env *block.Env) (sessionFacts, error) {
	ses, err := env.Sessions.Find(c.Ctx, env.Carried.Session)
	if errors.Is(err, session.ErrNotFound) {
		return sessionFacts{}, nil
	}
	if err != nil {
		return sessionFacts{}, err
	}
	u, err := env.Directory.Get(c.Ctx, ses.UserID)
	if err != nil || u.Status != directory.Active {
		if errors.Is(err, directory.ErrNotFound) {
			err = nil
		}
		return sessionFacts{}, err
	}
	f := sessionFacts{User: block.UserEvent(u), AAL: string(ses.AAL), AuthTime: ses.AuthTime.UnixMilli()}
	for _, method := range ses.AMR {
		if method != "mfa" {
			f.Verified = append(f.Verified, block.Verified{Method: method, At: f.AuthTime})
		}
	}
	return f, nil
}

// satisfies compares the session with what the client asked for (rule S4).
func satisfies(c *block.Call, f sessionFacts, now time.Time) bool {
	tx, _ := c.View.Event["transaction"].(map[string]any)
	for _, p := range strings.Fields(c.EventText("transaction.prompt")) {
		if p == "login" || p == "select_account" {
			return false
		}
	}
	if maxAge, ok := tx["max_age"].(float64); ok && now.UnixMilli()-f.AuthTime > int64(maxAge)*1000 {
		return false
	}
	asked := strings.Fields(c.EventText("transaction.acr_values"))
	if len(asked) == 0 || c.Bool("any_level") {
		return true
	}
	for _, acr := range asked {
		if session.AAL(f.AAL).AtLeast(session.AAL(acr)) {
			return true
		}
	}
	return false
}
