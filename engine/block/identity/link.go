package identity

import (
	"errors"
	"strings"
	"time"

	"github.com/authflow-studio/authflow/engine/audit"
	"github.com/authflow-studio/authflow/engine/block"
	"github.com/authflow-studio/authflow/engine/directory"
)

// LinkAccount joins a social identity to an account.
type LinkAccount struct{}

// Describe answers the descriptor.
func (LinkAccount) Describe() block.Descriptor {
	return block.Descriptor{
		ID: "link_account", Family: "identity", Title: "Link account", Icon: "link",
		Summary: "Joins the social identity of this run to an account, after proof",
		Help: "From then on the identity signs this account in. It is linked to an account that the person has proven in this run, or to one that this run has created: that one must have no mail address, one that was verified here, or the very address that the provider has verified and trust_email believes. " +
			"That an account has the same address is no proof. An identity proves one account only.",
		Synonyms: []string{"connect", "social", "federation", "merge", "join", "google", "add sign-in"},
		Fields: []block.Field{
			{Name: "max_age", Title: "Proven at most", Kind: block.Length, Default: "15m", Help: "How long ago the person may have proven the account; 0s: at any time in this run's session."},
		},
		Outputs: []block.Output{
			{Name: "linked", Type: "boolean", Help: "Whether the identity now signs this account in"},
			{Name: "provider", Type: "string", Help: "Id of the provider; empty when there was no identity"},
			{Name: "reason", Type: "string", Help: "Why it was refused: no_identity, not_proven, too_old, unverified_email, linked_elsewhere, account_inactive"},
		},
		Ports:   []block.Port{{ID: "linked", Title: "linked", Tone: "good"}, {ID: "refused", Title: "refused", Tone: "bad"}},
		Needs:   []string{block.FactUser},
		Gives:   map[string][]string{"linked": {block.FactVerified}},
		Proves:  map[string][]string{"linked": {block.ProvesFederated}},
		Changes: []string{"user"},
		Effects: []string{block.WritesUser, block.VerifiesFactor},
	}
}

// Reasons of a refusal.
const (
	noIdentity      = "no_identity"
	notProven       = "not_proven"
	tooOld          = "too_old"
	unverifiedEmail = "unverified_email"
	linkedElsewhere = "linked_elsewhere"
	inactive        = "account_inactive"
)

// linked is what came of it.
type linked struct {
	Reason string         `json:"reason,omitempty"`
	User   map[string]any `json:"user,omitempty"`
}

// Run links.
func (l LinkAccount) Run(c *block.Call) (block.Result, error) {
	userID := c.EventText("user.id")
	if userID == "" {
		return block.Result{}, block.Fail("no_user", "an identity was to be linked before anybody was found").Hinted("put it after a password check, or after identity_create")
	}
	f := c.Subject.Federated
	if f == nil {
		return l.leave(c, "", linked{Reason: noIdentity}), nil
	}
	maxAge, err := c.Duration("max_age")
	if err != nil {
		return block.Result{}, err
	}
	got, err := block.Effect(c, "directory.link", map[string]any{"user_id": userID, "provider": f.Provider, "issuer": f.Issuer, "subject": f.Subject}, func(env *block.Env) (linked, error) {
		return link(c, env, userID, *f, maxAge)
	})
	if err != nil {
		return block.Result{}, err
	}
	return l.leave(c, f.Provider, got), nil
}

func (LinkAccount) leave(c *block.Call, provider string, got linked) block.Result {
	out := map[string]any{"linked": got.User != nil, "provider": provider, "reason": got.Reason}
	if got.User == nil {
		return block.Go("refused", out)
	}
	id, _ := got.User["id"].(string)
	c.SetEvent("user", got.User)
	c.SetSubject(c.Subject.WithFederated(id, *c.Subject.Federated))
	return block.Go("linked", out)
}

// link decides, links and records, inside the effect.
func link(c *block.Call, env *block.Env, userID string, f block.FederatedIdentity, maxAge time.Duration) (linked, error) {
	u, err := env.Directory.Get(c.Ctx, userID)
	if err != nil {
		return linked{}, err
	}
	vouched := f.EmailVerified && env.Project.Settings.Providers[f.Provider].TrustEmail && strings.EqualFold(f.Email, u.Email)
	reason := mayLink(c.Subject, u, vouched, env.World.Clock.Now(), maxAge)
	if reason == "" {
		err = env.Directory.Link(c.Ctx, userID, directory.FederatedLink{Provider: f.Provider, Issuer: f.Issuer, Subject: f.Subject})
		if taken := (*directory.LinkedElsewhereError)(nil); errors.As(err, &taken) {
			reason, err = linkedElsewhere, nil
		}
	}
	if err == nil && reason == "" && vouched && !u.EmailVerified {
		u, err = env.Directory.Update(c.Ctx, userID, func(u *directory.User) error { u.EmailVerified = true; return nil })
	}
	if err != nil {
		return linked{}, err
	}
	kind, data := "user.linked", map[string]any{"provider": f.Provider, "block": c.ID}
	out := linked{Reason: reason}
	if reason == "" {
		out.User = block.UserEvent(u)
	} else {
		kind, data["reason"] = "user.link_refused", reason
	}
	return out, env.Audit.Append(audit.Record{Type: kind, RunID: c.RunID, Flow: c.FlowID, UserID: userID, IP: c.EventText("request.ip"), Data: data})
}

// mayLink answers why not, or nothing.
func mayLink(s block.Subject, u directory.User, vouched bool, now time.Time, maxAge time.Duration) string {
	switch {
	case u.Status != directory.Active:
		return inactive
	case s.UserID == u.ID && len(s.Verified) > 0:
		if maxAge > 0 && now.Sub(time.UnixMilli(s.AuthTime())) > maxAge {
			return tooOld
		}
		return ""
	case s.Created != u.ID:
		return notProven
	case u.Email == "" || u.EmailVerified || vouched:
		return ""
	}
	return unverifiedEmail
}
