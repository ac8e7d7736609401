package session

import (
	"errors"
	"time"

	"github.com/authflow-studio/authflow/engine/audit"
	"github.com/authflow-studio/authflow/engine/block"
	"github.com/authflow-studio/authflow/engine/directory"
	"github.com/authflow-studio/authflow/engine/flow"
	"github.com/authflow-studio/authflow/engine/session"
)

// IssueSession ends a sign-in with a session.
type IssueSession struct{}

// rememberFor is how long a device stays known without being used.
const rememberFor = 180 * 24 * time.Hour

// Describe answers the descriptor.
func (IssueSession) Describe() block.Descriptor {
	return block.Descriptor{
		ID: "issue_session", Family: "session", Title: "Issue session", Icon: "badge-check",
		Summary:  "Ends with a session, and with the tokens the client asked for",
		Help:     "The person must have proven who they are. The session's assurance level and methods follow from the factors that were verified; limits that are left empty follow from the level.",
		Synonyms: []string{"login", "success", "cookie", "token", "done"},
		Terminal: true,
		Fields: []block.Field{
			{Name: "aal", Title: "Assurance at least", Kind: block.Choice, Default: "aal1", Help: "A run that verified less ends denied.", Options: []block.Option{
				{Value: "aal1", Title: "aal1 (one factor)"}, {Value: "aal2", Title: "aal2 (two factors)"}}},
			{Name: "idle", Title: "Idle limit", Kind: block.Length, Placeholder: "1h", Help: "Ends without activity; empty: by level."},
			{Name: "absolute", Title: "Absolute limit", Kind: block.Length, Placeholder: "24h", Help: "Ends in any case; empty: by level."},
			{Name: "remember_device", Title: "Remember the device", Kind: block.Boolean, Default: true, Help: "Makes this device known for the next sign-in."},
		},
		Outputs: []block.Output{
			{Name: "session_id", Type: "string", Help: "The public id of the session"},
			{Name: "aal", Type: "string", Help: "Its assurance level"},
		},
		Stages:  map[string][]string{"login": {"post_auth", "post_login"}},
		Needs:   []string{block.FactVerified},
		Effects: []string{block.IssuesSession},
	}
}

type issued struct {
	SessionID string `json:"session_id"`
	DeviceID  string `json:"device_id,omitempty"`
	// Full tells the person that they have as many sessions as allowed.
	Full string `json:"full,omitempty"`
}

// Run makes the session.
func (IssueSession) Run(c *block.Call) (block.Result, error) {
	aal := c.Subject.AAL()
	want, _ := c.Text("aal")
	if c.Subject.UserID == "" || aal == "" {
		return block.Result{}, block.Fail("not_authenticated", "a session was to be issued though nobody has proven who they are").Hinted("lead every way to this block through a password check")
	}
	if c.Subject.UserID != c.EventText("user.id") {
		return block.Result{}, block.Fail("identity_mismatch", "the person who was verified is not the one in event.user").Hinted("do not look another account up after the password check")
	}
	if !session.AAL(aal).AtLeast(session.AAL(want)) {
		return block.Result{}, block.Fail("assurance_too_low", "the run reached %s and this session needs %s", aal, want).In("aal").Hinted("verify a second factor before")
	}
	spec, err := sessionSpec(c, aal)
	if err != nil {
		return block.Result{}, err
	}
	remember := c.Bool("remember_device")
	res, err := block.Effect(c, "session.issue", map[string]any{"user_id": spec.UserID, "aal": aal, "amr": spec.AMR}, func(env *block.Env) (issued, error) {
		return issue(c, env, spec, remember)
	})
	if err != nil {
		return block.Result{}, err
	}
	if res.Full != "" {
		return block.Finish(block.End{Reason: "too_many_sessions", Message: res.Full}), nil
	}
	return block.Result{
		Outputs: map[string]any{"session_id": res.SessionID, "aal": aal},
		End:     &block.End{Success: true, Reason: "session_issued", UserID: spec.UserID, SessionID: res.SessionID, Whole: true},
	}, nil
}

func sessionSpec(c *block.Call, aal string) (session.Spec, error) {
	spec := session.Spec{UserID: c.Subject.UserID, AAL: session.AAL(aal), AMR: c.Subject.AMR(), AuthTime: time.UnixMilli(c.Subject.AuthTime()).UTC(),
		IP: c.EventText("request.ip"), UserAgent: c.EventText("request.user_agent")}
	spec.Claims, _ = c.View.Claims["session"].(map[string]any)
	spec.IDTokenClaims, _ = c.View.Claims[IntoIDToken].(map[string]any)
	spec.AccessTokenClaims, _ = c.View.Claims[IntoAccessToken].(map[string]any)
	var err error
	if spec.Idle, err = c.Duration("idle"); err != nil {
		return spec, err
	}
	spec.Absolute, err = c.Duration("absolute")
	return spec, err
}

func issue(c *block.Call, env *block.Env, spec session.Spec, remember bool) (issued, error) {
	var out issued
	if remember {
		d, known, err := env.Directory.KnownDevice(c.Ctx, spec.UserID, env.DeviceSecret())
		if err != nil {
			return out, err
		}
		if !known {
			var secret string
			if secret, d, err = env.Directory.RememberDevice(c.Ctx, spec.UserID, directory.Device{UserAgent: spec.UserAgent, IP: spec.IP}); err != nil {
				return out, err
			}
			env.Issued.DeviceSecret, env.Issued.DeviceExpires = secret, env.World.Clock.Now().Add(rememberFor)
		}
		out.DeviceID, spec.DeviceID = d.ID, d.ID
	}
	most := env.Project.Settings.Sessions
	spec.Max = most.Max
	if most.WhenFull == flow.RefuseNew {
		spec.OverMax = session.RefuseNew
	}
	s, secret, err := begin(c, env, spec)
	if errors.Is(err, session.ErrTooMany) {
		env.Issued.DeviceSecret = ""
		return issued{Full: block.Label(env, "session.too_many")}, nil
	}
	if err != nil {
		return out, err
	}
	out.SessionID = s.ID
	env.Issued.SessionSecret, env.Issued.Session = secret, &s
	network := env.World.Networks.Lookup(spec.IP)
	return out, env.Directory.RecordSignIn(c.Ctx, spec.UserID, directory.SignIn{At: env.World.Clock.Now(), IP: spec.IP, Country: network.Country, Lat: network.Lat, Lon: network.Lon, DeviceID: out.DeviceID})
}

// begin makes the session. One that the browser already has ends with it: it is
// renewed for the same person, which changes its secret, and revoked for
// another.
func begin(c *block.Call, env *block.Env, spec session.Spec) (session.Session, string, error) {
	old, err := env.Sessions.Find(c.Ctx, env.Carried.Session)
	switch {
	case errors.Is(err, session.ErrNotFound):
		return env.Sessions.Issue(c.Ctx, spec)
	case err != nil:
		return session.Session{}, "", err
	case old.UserID == spec.UserID:
		return env.Sessions.Rotate(c.Ctx, env.Carried.Session, spec)
	}
	if _, err := env.Sessions.Revoke(c.Ctx, old.ID); err != nil {
		return session.Session{}, "", err
	}
	err = env.Audit.Append(audit.Record{Type: "session.revoked", RunID: c.RunID, Flow: c.FlowID, UserID: old.UserID, SessionID: old.ID, Data: map[string]any{"reason": "another_user_signed_in"}})
	if err != nil {
		return session.Session{}, "", err
	}
	return env.Sessions.Issue(c.Ctx, spec)
}
