package session

import (
	"github.com/authflow-studio/authflow/engine/block"
)

// RefreshTokenValidate checks and rotates the refresh token that a client has
// presented.
type RefreshTokenValidate struct{}

// refreshStages is where both blocks of this file stand.
var refreshStages = map[string][]string{"login": {}, "registration": {}, "password_reset": {}, "mfa_enrollment": {}, "mfa_verify": {}, "logout": {}, "token_refresh": {"pre_issue"}}

// Describe answers the descriptor.
func (RefreshTokenValidate) Describe() block.Descriptor {
	return block.Descriptor{
		ID: "refresh_token_validate", Family: "session", Title: "Validate refresh token", Icon: "refresh-cw",
		Summary:  "Checks and rotates the refresh token",
		Help:     "The person is then the one to whom the token was given, with what the directory knows of them now. A token that was used before ends its whole family.",
		Synonyms: []string{"refresh", "rotate", "token", "reuse"},
		Outputs: []block.Output{
			{Name: "valid", Type: "boolean", Help: "Whether it may be used"},
			{Name: "reused", Type: "boolean", Help: "Whether it was used before"},
			{Name: "user_id", Type: "string", Help: "Whose it is; empty when it is not valid"},
		},
		Ports:   []block.Port{{ID: "ok", Title: "ok", Tone: "good"}, {ID: "invalid", Title: "invalid", Tone: "bad"}, {ID: "reused", Title: "reused", Tone: "bad"}},
		Stages:  refreshStages,
		Changes: []string{"user"},
		Gives:   map[string][]string{"ok": {block.FactUser, block.FactRefresh}},
	}
}

type refreshFacts struct {
	Valid  bool           `json:"valid"`
	Reused bool           `json:"reused"`
	User   map[string]any `json:"user,omitempty"`
}

// Run looks at the token.
func (RefreshTokenValidate) Run(c *block.Call) (block.Result, error) {
	f, err := block.Effect(c, "refresh.validate", nil, func(env *block.Env) (refreshFacts, error) {
		if env.Refresh == nil {
			return refreshFacts{}, block.Fail("no_refresh_token", "no refresh token was presented").Hinted("this block stands in flows of the trigger token_refresh")
		}
		check, err := env.Refresh.Validate(c.Ctx, env.Store)
		if err != nil || !check.Valid {
			return refreshFacts{Reused: check.Reused}, err
		}
		u, err := env.Directory.Get(c.Ctx, check.UserID)
		return refreshFacts{Valid: true, User: block.UserEvent(u)}, err
	})
	if err != nil {
		return block.Result{}, err
	}
	id, _ := f.User["id"].(string)
	out := map[string]any{"valid": f.Valid, "reused": f.Reused, "user_id": id}
	switch {
	case f.Reused:
		return block.Go("reused", out), nil
	case !f.Valid:
		return block.Go("invalid", out), nil
	}
	c.SetEvent("user", f.User)
	return block.Go("ok", out), nil
}

// IssueTokens ends a refresh with new tokens.
type IssueTokens struct{}

// Describe answers the descriptor.
func (IssueTokens) Describe() block.Descriptor {
	return block.Descriptor{
		ID: "issue_tokens", Family: "session", Title: "Issue tokens", Icon: "coins",
		Summary:  "Ends with new tokens for the client",
		Help:     "The claims that the flow has set are in them. It issues only what the refresh token allows.",
		Synonyms: []string{"refresh", "access token", "done"},
		Terminal: true, Stages: refreshStages,
		Needs: []string{block.FactRefresh}, Effects: []string{block.IssuesTokens},
	}
}

// Run issues them.
func (IssueTokens) Run(c *block.Call) (block.Result, error) {
	idToken, _ := c.View.Claims[IntoIDToken].(map[string]any)
	access, _ := c.View.Claims[IntoAccessToken].(map[string]any)
	_, err := block.Effect(c, "refresh.issue", map[string]any{"id_token": idToken, "access_token": access}, func(env *block.Env) (block.Void, error) {
		if env.Refresh == nil {
			return block.Void{}, block.Fail("no_refresh_token", "no refresh token was presented").Hinted("this block stands in flows of the trigger token_refresh")
		}
		return block.Void{}, env.Refresh.Issue(c.Ctx, env.Store, idToken, access)
	})
	if err != nil {
		return block.Result{}, err
	}
	return block.Finish(block.End{Success: true, Reason: "tokens_issued", Whole: true}), nil
}
