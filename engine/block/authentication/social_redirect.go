package authentication

import (
	"crypto/sha256"
	"encoding/base64"
	"net/url"
	"strings"

	"github.com/authflow-studio/authflow/engine/block"
	"github.com/authflow-studio/authflow/engine/flow"
)

// SocialRedirect sends the person to another OpenID Provider.
type SocialRedirect struct{}

// Describe answers the descriptor.
func (SocialRedirect) Describe() block.Descriptor {
	return block.Descriptor{
		ID: "social_oidc_redirect", Family: "authentication", Title: "Social sign-in: leave", Icon: "log-out",
		Summary: "Sends the person to another OpenID Provider, such as Google or an employer's",
		Help: "Leaves with state, nonce and PKCE (S256) and waits at /fl/callback. Put Social sign-in: return right after it: the code that comes back is kept until the next page only. " +
			"The harness has a provider of its own that takes the place of one whose secret it was not given; see docs/social.md.",
		Synonyms: []string{"google", "microsoft", "apple", "oidc", "openid connect", "federation", "external identity provider", "sso", "single sign-on", "continue with"},
		Asks:     true,
		Fields: []block.Field{
			providerField,
			{Name: "login_hint", Title: "Whom to expect", Kind: block.Template, Placeholder: "{{ step.sign_in.fields.identifier }}", Help: "An address that the provider may fill in (login_hint)."},
			{Name: "prompt", Title: "Asks there", Kind: block.Choice, Default: "", Options: []block.Option{{Value: "", Title: "As the provider sees fit"},
				{Value: "select_account", Title: "Which account"}, {Value: "login", Title: "To sign in anew"}, {Value: "consent", Title: "For consent again"}}},
		},
		Outputs: []block.Output{
			{Name: "provider", Type: "string", Help: "Id of the provider"},
			{Name: "reason", Type: "string", Help: "Why the person could not be sent there: discovery, unreachable, egress_refused; else empty"},
		},
		Ports:   []block.Port{{ID: "returned", Title: "returned", Tone: "neutral"}, {ID: "failed", Title: "failed", Tone: "bad"}},
		Effects: []string{block.CallsHost},
	}
}

// socialSecrets are what comes back and proves something: no part of a run.
var socialSecrets = []string{"code", "id_token", "access_token", "token"}

// Run sends the person away, and notes what they bring back.
func (s SocialRedirect) Run(c *block.Call) (block.Result, error) {
	id, err := c.Text("provider")
	if err != nil {
		return block.Result{}, err
	}
	if c.Resumed() {
		return s.returned(c, id)
	}
	hint, err := c.Text("login_hint")
	if err != nil {
		return block.Result{}, err
	}
	prompt, err := c.Text("prompt")
	if err != nil {
		return block.Result{}, err
	}
	way, err := leave(c, id, map[string]string{"login_hint": hint, "prompt": prompt, "ui_locales": c.EventText("transaction.ui_locales")})
	switch {
	case err != nil:
		return block.Result{}, err
	case way.Reason != "":
		return block.Go("failed", map[string]any{"provider": id, "reason": way.Reason}), nil
	}
	res := block.SendAway(way.URL)
	res.AwaySecrets = socialSecrets
	return res, nil
}

// returned notes the answer for Social sign-in: return, which judges it.
func (SocialRedirect) returned(c *block.Call, id string) (block.Result, error) {
	answer := socialAnswer{Error: errorCode(c.Field("error")), Issuer: c.Field("iss"), From: c.Field("_from")}
	_, err := block.Effect(c, "social.returned", map[string]any{"provider": id, "error": answer.Error, "iss": answer.Issuer, "from": answer.From}, func(env *block.Env) (block.Void, error) {
		a, err := readAttempt(c, env, id)
		if err != nil || a == nil {
			return block.Void{}, err
		}
		a.Answer = &answer
		return block.Void{}, saveAttempt(c, env, *a)
	})
	return block.Go("returned", map[string]any{"provider": id, "reason": ""}), err
}

// leaving is where to go, or why not.
type leaving struct {
	URL string `json:"url,omitempty"`
	socialProblem
	Calls []socialCall `json:"calls,omitempty"`
}

// leave begins an attempt. The verifier is known to the store alone.
func leave(c *block.Call, id string, more map[string]string) (leaving, error) {
	return block.Effect(c, "social.leave", map[string]any{"provider": id, "asked": more}, func(env *block.Env) (leaving, error) {
		rp, err := c.FederatedProvider(env, id)
		if err != nil {
			return leaving{}, err
		}
		t := &talk{c: c, env: env, rp: rp}
		m, p := t.metadata()
		if p != nil {
			return leaving{socialProblem: *p, Calls: t.calls}, noteSocial(c, env, "social.failed", id, "", p)
		}
		a := socialAttempt{Provider: id, ClientID: rp.ClientID, Metadata: m, Nonce: randomText(env), RedirectURI: env.OriginOf(c.EventText("request.host")) + socialCallback + id}
		if usesPKCE(rp.SocialProvider) {
			a.Verifier = randomText(env)
		}
		if err := saveAttempt(c, env, a); err != nil {
			return leaving{}, err
		}
		return leaving{URL: authorizeURL(a, rp.SocialProvider, more), Calls: t.calls}, nil
	})
}

// randomText draws 256 bits.
func randomText(env *block.Env) string {
	p := make([]byte, 32)
	env.World.Random.Read(p)
	return base64.RawURLEncoding.EncodeToString(p)
}

// authorizeURL asks for a code; the state is added when the person is sent.
func authorizeURL(a socialAttempt, p flow.SocialProvider, more map[string]string) string {
	u, err := url.Parse(a.Metadata.Authorization)
	if err != nil {
		return a.Metadata.Authorization // it was read before
	}
	q := u.Query()
	for name, v := range more {
		if v != "" {
			q.Set(name, v)
		}
	}
	for name, v := range map[string]string{"response_type": "code", "client_id": a.ClientID, "redirect_uri": a.RedirectURI, "scope": strings.Join(p.AskedScopes(), " "), "nonce": a.Nonce} {
		q.Set(name, v)
	}
	if a.Verifier != "" {
		sum := sha256.Sum256([]byte(a.Verifier))
		q.Set("code_challenge", base64.RawURLEncoding.EncodeToString(sum[:]))
		q.Set("code_challenge_method", "S256")
	}
	u.RawQuery = q.Encode()
	return u.String()
}
