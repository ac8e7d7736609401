package session

import (
	"errors"

	"github.com/authflow-studio/authflow/engine/audit"
	"github.com/authflow-studio/authflow/engine/block"
	"github.com/authflow-studio/authflow/engine/session"
)

// SessionRevoke ends sessions.
type SessionRevoke struct{}

// Which sessions are ended.
const (
	revokeCurrent = "current"
	revokeAll     = "all"
	revokeOthers  = "others"
)

// Describe answers the descriptor.
func (SessionRevoke) Describe() block.Descriptor {
	return block.Descriptor{
		ID: "session_revoke", Family: "session", Title: "Session revoke", Icon: "log-out",
		Summary:  "Ends one session, all of the person's, or all others",
		Help:     "What a session gave ends with it: its refresh tokens, and the sign-in at every application that listens for logouts.",
		Synonyms: []string{"logout", "sign out", "end", "kill"},
		Fields: []block.Field{{Name: "which", Title: "Which", Kind: block.Choice, Default: revokeCurrent, Options: []block.Option{
			{Value: revokeCurrent, Title: "The one of this browser"}, {Value: revokeAll, Title: "All of this person"}, {Value: revokeOthers, Title: "All others of this person"}}}},
		Outputs: []block.Output{{Name: "ended", Type: "integer", Help: "How many were ended"}},
		Ports:   []block.Port{{ID: "next", Title: "next", Tone: "neutral"}},
		Effects: []string{block.EndsSessions}, EffectsIf: map[string]block.Setting{block.EndsSessions: {Field: "which", Is: revokeAll}},
	}
}

// Run ends them, and writes each into the audit record.
func (SessionRevoke) Run(c *block.Call) (block.Result, error) {
	which, err := c.Text("which")
	if err != nil {
		return block.Result{}, err
	}
	userID := c.EventText("user.id")
	if userID == "" && which != revokeCurrent {
		return block.Result{}, block.Fail("no_user", "the sessions of a person were to be ended before anybody was found").In("which").Hinted("put it after a session check or a password check")
	}
	ended, err := block.Effect(c, "session.revoke", map[string]any{"which": which, "user_id": userID}, func(env *block.Env) (int, error) {
		list, err := revoke(c, env, which, userID)
		if err != nil {
			return 0, err
		}
		for _, s := range list {
			if err := env.Audit.Append(audit.Record{Type: "session.revoked", RunID: c.RunID, Flow: c.FlowID, UserID: s.UserID, SessionID: s.ID, Data: map[string]any{"by": "flow", "block": c.ID}}); err != nil {
				return 0, err
			}
		}
		return len(list), nil
	})
	if err != nil {
		return block.Result{}, err
	}
	return block.Go("next", map[string]any{"ended": ended}), nil
}

func revoke(c *block.Call, env *block.Env, which, userID string) ([]session.Session, error) {
	if which == revokeAll {
		return env.Sessions.RevokeUser(c.Ctx, userID)
	}
	current, err := env.Sessions.Find(c.Ctx, env.Carried.Session)
	if err != nil && !errors.Is(err, session.ErrNotFound) {
		return nil, err
	}
	if which == revokeOthers {
		if current.UserID != userID {
			return env.Sessions.RevokeUser(c.Ctx, userID) // none of theirs is here: all are others
		}
		return env.Sessions.RevokeOthers(c.Ctx, userID, current.ID)
	}
	if err != nil {
		return nil, nil // this browser has none
	}
	ended, err := env.Sessions.Revoke(c.Ctx, current.ID)
	return []session.Session{ended}, err
}
