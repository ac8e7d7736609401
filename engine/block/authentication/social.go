package authentication

import (
	"crypto/sha256"
	"encoding/hex"
	"encoding/json"
	"errors"
	"fmt"
	"strings"
	"time"

	"github.com/authflow-studio/authflow/engine/audit"
	"github.com/authflow-studio/authflow/engine/block"
	"github.com/authflow-studio/authflow/engine/flow"
	"github.com/authflow-studio/authflow/engine/store"
	"github.com/authflow-studio/authflow/engine/world"
)

// This file is what leaving to another OpenID Provider and coming back have in
// common: the attempt that the store keeps in between, and the calls. Nonce and
// verifier of an attempt, the code and all tokens are known inside effects alone
// (rule T3).

// socialCallback is where a person comes back, under the name of the provider:
// with a path of its own for each, an answer of one cannot pass for another's
// (RFC 9700 section 4.4.2.2).
const socialCallback = "/fl/callback/"

const (
	bucketAttempt  = "social_attempt"  // run id → socialAttempt
	bucketMetadata = "social_metadata" // hash of the issuer → socialMetadata
	bucketJWKS     = "social_jwks"     // hash of the address → key set
)

// socialCache is how long metadata and keys are kept. A key that is not in the
// set is looked for at once.
const socialCache = 10 * time.Minute

var providerField = block.Field{Name: "provider", Title: "Provider", Kind: block.Text, Required: true, Placeholder: "example",
	Help: "Its id under providers in authflow.json."}

// socialAttempt is one way out and back. A run has one at a time.
type socialAttempt struct {
	Provider    string         `json:"provider"`
	ClientID    string         `json:"client_id"`
	RedirectURI string         `json:"redirect_uri"`
	Nonce       string         `json:"nonce"`
	Verifier    string         `json:"verifier,omitempty"`
	Metadata    socialMetadata `json:"metadata"`
	// Answer is nil until the person is back.
	Answer *socialAnswer `json:"answer,omitempty"`
}

// socialAnswer is what came back besides the code.
type socialAnswer struct {
	Error  string `json:"error,omitempty"`
	Issuer string `json:"iss,omitempty"`
	// From is the provider at whose callback they came back.
	From string `json:"from,omitempty"`
}

// socialProblem is why somebody could not be signed in: a reason for flows, and
// a detail for the record.
type socialProblem struct {
	Reason string `json:"reason,omitempty"`
	Detail string `json:"detail,omitempty"`
}

func problem(reason, format string, args ...any) *socialProblem {
	return &socialProblem{reason, fmt.Sprintf(format, args...)}
}

// socialCall is an outgoing call as the journal shows it.
type socialCall struct {
	Method  string `json:"method"`
	URL     string `json:"url"`
	Status  int    `json:"status"`
	Problem string `json:"problem,omitempty"`
}

// talk is a conversation with one provider inside one effect.
type talk struct {
	c     *block.Call
	env   *block.Env
	rp    block.RelyingParty
	calls []socialCall
}

// do makes a call and answers its body; any status but 200 is a problem, with
// the body for who knows what it says.
func (t *talk) do(r world.Request) (string, *socialProblem) {
	r.Timeout = time.Duration(t.c.CallBudget())
	if r.Header == nil {
		r.Header = map[string]string{}
	}
	r.Header["Accept"] = "application/json"
	res, err := t.env.World.HTTP.Do(t.c.Ctx, r)
	call := socialCall{Method: r.Method, URL: r.URL, Status: res.Status}
	var p *socialProblem
	refused := (*world.EgressError)(nil)
	switch {
	case errors.As(err, &refused):
		call.Problem = "egress_refused"
		p = problem("egress_refused", "%s; name its host in egress_hosts of authflow.json", refused)
	case err != nil:
		call.Problem = "unreachable"
		p = problem("unreachable", "%v", err)
	case res.Status != 200:
		p = problem("status", "%s answered %d", r.URL, res.Status)
	}
	t.calls = append(t.calls, call)
	return res.Body, p
}

// cached answers what the store keeps under a key, or what get brings. Losing it
// costs a call; so nobody waits for who else writes it.
func (t *talk) cached(bucket, key string, again bool, get func() (string, *socialProblem)) (string, *socialProblem) {
	sum := sha256.Sum256([]byte(key))
	id := hex.EncodeToString(sum[:])
	if e, err := t.env.Store.Get(t.c.Ctx, bucket, id); err == nil && !again {
		return string(e.Value), nil
	}
	text, p := get()
	if p == nil {
		t.env.Store.Overwrite(bucket, id, []byte(text), t.env.World.Clock.Now().Add(socialCache))
	}
	return text, p
}

// saveAttempt keeps an attempt as long as its run can last.
func saveAttempt(c *block.Call, env *block.Env, a socialAttempt) error {
	raw, err := json.Marshal(a)
	if err != nil {
		return fmt.Errorf("social: %w", err)
	}
	life := time.Duration(env.Project.Settings.WithDefaults().RunLifetime)
	env.Store.Put(bucketAttempt, c.RunID, raw, env.World.Clock.Now().Add(life))
	return nil
}

// readAttempt answers the run's attempt at a provider, nil when there is none.
func readAttempt(c *block.Call, env *block.Env, provider string) (*socialAttempt, error) {
	e, err := env.Store.Get(c.Ctx, bucketAttempt, c.RunID)
	if errors.Is(err, store.ErrNotFound) {
		return nil, nil
	}
	var a socialAttempt
	if err == nil {
		err = json.Unmarshal(e.Value, &a)
	}
	if err != nil {
		return nil, fmt.Errorf("social: %w", err)
	}
	if a.Provider != provider {
		return nil, nil
	}
	return &a, nil
}

// noteSocial writes into the record what came of an attempt.
func noteSocial(c *block.Call, env *block.Env, kind, provider, userID string, p *socialProblem) error {
	data := map[string]any{"provider": provider, "block": c.ID}
	if p != nil {
		data["reason"], data["detail"] = p.Reason, p.Detail
	}
	return env.Audit.Append(audit.Record{Type: kind, RunID: c.RunID, Flow: c.FlowID, UserID: userID, IP: c.EventText("request.ip"), Data: data})
}

// errorCode answers an error code of OAuth as far as it is one: what strangers
// send is shown to people who read the record.
func errorCode(text string) string {
	const most = 64
	if len(text) > most || strings.ContainsFunc(text, func(r rune) bool { return r < 0x21 || r > 0x7e || r == '"' || r == '\\' }) {
		return "invalid"
	}
	return text
}

// usesPKCE reports whether a verifier is sent.
func usesPKCE(p flow.SocialProvider) bool { return p.PKCE != flow.PKCENone }
