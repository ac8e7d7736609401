package authentication

import (
	"errors"
	"maps"
	"slices"

	"github.com/authflow-studio/authflow/engine/block"
	"github.com/authflow-studio/authflow/engine/directory"
)

// SocialCallback takes a person who comes back from another OpenID Provider.
type SocialCallback struct{}

// Describe answers the descriptor.
func (SocialCallback) Describe() block.Descriptor {
	return block.Descriptor{
		ID: "social_oidc_callback", Family: "authentication", Title: "Social sign-in: return", Icon: "log-in",
		Summary: "Verifies what another OpenID Provider says of the person who came back",
		Help: "Redeems the code and verifies the ID token: signature, issuer, audience, nonce, expiry. An identity that is linked to an account proves that account, as one factor (amr fed). " +
			"One that is not leads to unlinked with its claims, and to no account: an address alone never does, or whoever gets that address at some provider would get the account. Create one or let the person prove theirs, then use Link account.",
		Synonyms: []string{"google", "microsoft", "apple", "oidc", "openid connect", "federation", "id token", "callback", "single sign-on", "claims"},
		Fields:   []block.Field{providerField},
		Outputs: []block.Output{
			{Name: "provider", Type: "string", Help: "Id of the provider"},
			{Name: "claims", Type: "object", Help: "What the provider says: sub, email, email_verified, name, …; empty when it was refused"},
			{Name: "linked", Type: "boolean", Help: "Whether an account here is linked to the identity"},
			{Name: "user_id", Type: "string", Help: "That account; empty when there is none"},
			{Name: "reason", Type: "string", Help: "Why it failed: signature, expired, nonce, issuer, audience, token_refused, unreachable, other_account, …"},
		},
		Ports: []block.Port{{ID: "ok", Title: "ok", Tone: "good"}, {ID: "unlinked", Title: "no account yet", Tone: "neutral"},
			{ID: "cancelled", Title: "cancelled there", Tone: "warn"}, {ID: "failed", Title: "failed", Tone: "bad"}},
		Gives:   map[string][]string{"ok": {block.FactUser, block.FactVerified}},
		Proves:  map[string][]string{"ok": {block.ProvesFederated}},
		Changes: []string{"user", "connection"},
		Effects: []string{block.CallsHost, block.VerifiesFactor},
	}
}

// socialOutcome is what came of it, as the journal holds it.
type socialOutcome struct {
	Cancelled bool                     `json:"cancelled,omitempty"`
	Problem   *socialProblem           `json:"problem,omitempty"`
	Claims    map[string]any           `json:"claims,omitempty"`
	Identity  *block.FederatedIdentity `json:"identity,omitempty"`
	// User is event.user of the account that it is linked to.
	User  map[string]any `json:"user,omitempty"`
	Calls []socialCall   `json:"calls,omitempty"`
}

// Run verifies the answer, and finds out whose identity it is.
func (s SocialCallback) Run(c *block.Call) (block.Result, error) {
	id, err := c.Text("provider")
	if err != nil {
		return block.Result{}, err
	}
	code, _ := c.Secret("code")
	c.DropSecret("code")
	out, err := block.Effect(c, "social.exchange", map[string]any{"provider": id}, func(env *block.Env) (socialOutcome, error) {
		out, err := takeAnswer(c, env, id, code)
		if err != nil {
			return out, err
		}
		return out, out.note(c, env, id)
	})
	if err != nil {
		return block.Result{}, err
	}
	return out.leave(c, id), nil
}

// takeAnswer ends the attempt and judges what came of it.
func takeAnswer(c *block.Call, env *block.Env, id, code string) (socialOutcome, error) {
	a, err := readAttempt(c, env, id)
	if err != nil {
		return socialOutcome{}, err
	}
	if a == nil || a.Answer == nil {
		return socialOutcome{Problem: problem("no_answer", "nobody came back from %s in this run", id)}, nil
	}
	env.Store.Delete(bucketAttempt, c.RunID)
	rp, err := c.FederatedProvider(env, id)
	if err != nil {
		return socialOutcome{}, err
	}
	if p := fromElsewhere(*a); p != nil {
		return socialOutcome{Problem: p}, nil
	}
	switch a.Answer.Error {
	case "":
	case "access_denied":
		return socialOutcome{Cancelled: true}, nil
	default:
		return socialOutcome{Problem: problem("provider_error", "the provider answered %q", a.Answer.Error)}, nil
	}
	got := redeem(c, env, rp, *a, code)
	out := socialOutcome{Problem: got.problem, Calls: got.calls}
	if got.problem != nil {
		return out, nil
	}
	out.Claims, out.Identity = got.claims, identityOf(rp, *a, got.claims, env.World.Clock.Now().UnixMilli())
	return out, out.find(c, env)
}

func identityOf(rp block.RelyingParty, a socialAttempt, claims map[string]any, at int64) *block.FederatedIdentity {
	f := &block.FederatedIdentity{Provider: rp.ID, Issuer: a.Metadata.Issuer, At: at}
	f.Subject, _ = claims["sub"].(string)
	f.Email, _ = claims["email"].(string)
	// Some providers write booleans as texts.
	f.EmailVerified = claims["email_verified"] == any(true) || claims["email_verified"] == any("true")
	amr, _ := claims["amr"].([]any)
	f.MFA = rp.TrustMFA && slices.Contains(amr, any("mfa"))
	return f
}

// find looks for the account that the identity is linked to.
func (o *socialOutcome) find(c *block.Call, env *block.Env) error {
	u, err := env.Directory.FindLinked(c.Ctx, o.Identity.Issuer, o.Identity.Subject)
	switch proven := c.Subject.UserID; {
	case errors.Is(err, directory.ErrNotFound):
		return nil
	case err != nil:
		return err
	case u.Status != directory.Active:
		o.refuse(problem("account_inactive", "the account %s is deactivated", u.ID))
	case proven != "" && len(c.Subject.Verified) > 0 && proven != u.ID:
		o.refuse(problem("other_account", "the identity is linked to %s, and the person has proven to be %s", u.ID, proven))
	default:
		o.User = block.UserEvent(u)
	}
	return nil
}

func (o *socialOutcome) refuse(p *socialProblem) { o.Problem, o.Claims, o.Identity = p, nil, nil }

// note writes it into the record.
func (o *socialOutcome) note(c *block.Call, env *block.Env, id string) error {
	userID, _ := o.User["id"].(string)
	switch {
	case o.Problem != nil:
		return noteSocial(c, env, "social.failed", id, userID, o.Problem)
	case o.Cancelled:
		return noteSocial(c, env, "social.cancelled", id, userID, nil)
	}
	return noteSocial(c, env, "social.verified", id, userID, nil)
}

// leave tells the run.
func (o *socialOutcome) leave(c *block.Call, id string) block.Result {
	outputs := map[string]any{"provider": id, "claims": map[string]any{}, "linked": o.User != nil, "user_id": "", "reason": ""}
	switch {
	case o.Cancelled:
		return block.Go("cancelled", outputs)
	case o.Problem != nil:
		outputs["reason"] = o.Problem.Reason
		return block.Go("failed", outputs)
	}
	outputs["claims"] = maps.Clone(o.Claims)
	connection := block.CloneGroup(c.View.Event, "connection")
	connection["provider"] = id
	c.SetEvent("connection", connection)
	if o.User == nil {
		s := c.Subject
		s.Federated = o.Identity
		c.SetSubject(s)
		return block.Go("unlinked", outputs)
	}
	userID, _ := o.User["id"].(string)
	c.SetEvent("user", o.User)
	c.SetSubject(c.Subject.WithFederated(userID, *o.Identity))
	outputs["user_id"] = userID
	return block.Go("ok", outputs)
}
