package idp

import (
	"context"
	"encoding/base64"
	"slices"
	"strconv"
	"strings"
)

// This file validates authorization requests.

// authRequest is a validated request; as JSON it is the origin of a run.
type authRequest struct {
	// Issuer is the address under which the request came.
	Issuer      string   `json:"issuer,omitempty"`
	ClientID    string   `json:"client_id"`
	RedirectURI string   `json:"redirect_uri"`
	State       string   `json:"state,omitempty"`
	Scopes      []string `json:"scopes,omitempty"`
	Nonce       string   `json:"nonce,omitempty"`
	Challenge   string   `json:"code_challenge,omitempty"`
	Prompt      []string `json:"prompt,omitempty"`
	MaxAge      *int64   `json:"max_age,omitempty"` // seconds
	LoginHint   string   `json:"login_hint,omitempty"`
	UILocales   []string `json:"ui_locales,omitempty"`
	ACRValues   []string `json:"acr_values,omitempty"`
	// HintSubject is who id_token_hint or claims names.
	HintSubject string `json:"hint_subject,omitempty"`
	// ResponseMode is form_post, or empty for query.
	ResponseMode string      `json:"response_mode,omitempty"`
	Resources    []string    `json:"resources,omitempty"`
	Asked        askedClaims `json:"asked,omitzero"`
	// Before is what a session had that is only made stronger.
	Before *before `json:"before,omitempty"`
	// Pushed requests came by the back channel.
	Pushed bool `json:"pushed,omitempty"`
}

// before is what a step-up leaves as it was: the claims that the sign-in put into
// the tokens of its person.
type before struct {
	UserID string `json:"user_id"`
	Claims Claims `json:"claims"`
}

func (b *before) and(userID string, c Claims) Claims {
	if b == nil || b.UserID != userID {
		return c
	}
	return Claims{IDToken: merged(b.Claims.IDToken, c.IDToken), AccessToken: merged(b.Claims.AccessToken, c.AccessToken)}
}

// addressee answers the client and where it may be told of errors. Without both
// nothing is ever sent anywhere: the person sees a page.
func (p *Provider) addressee(ctx context.Context, in params) (authRequest, Client, *oauthError) {
	if in.repeated("client_id") || in.repeated("redirect_uri") || in.repeated("state") {
		return authRequest{}, Client{}, refuse("invalid_request", "client_id, redirect_uri and state may be given once only")
	}
	client, known := p.o.Clients.Client(ctx, in.get("client_id"))
	if !known {
		return authRequest{}, Client{}, refuse("invalid_client", "this client is not registered")
	}
	q := authRequest{Issuer: p.o.Issuer, ClientID: client.ID, RedirectURI: in.get("redirect_uri"), State: in.get("state")}
	if in.get("response_mode") == modeFormPost {
		q.ResponseMode = modeFormPost
	}
	if q.RedirectURI == "" {
		return q, client, refuse("invalid_request", "redirect_uri is missing")
	}
	if !client.redirectAllowed(q.RedirectURI) {
		return q, client, refuse("invalid_request", "this redirect_uri is not registered for the client")
	}
	return q, client, nil
}

// validate fills q from the parameters; its errors go to the client.
func (p *Provider) validate(ctx context.Context, q *authRequest, client Client, in params) *oauthError {
	q.Nonce, q.LoginHint = in.get("nonce"), in.get("login_hint")
	q.UILocales, q.ACRValues = strings.Fields(in.get("ui_locales")), strings.Fields(in.get("acr_values"))
	for _, check := range []func() *oauthError{
		func() *oauthError { return checkForm(in) },
		func() *oauthError { return q.takeScopes(client, in) },
		func() *oauthError { return q.takePKCE(client, in) },
		func() *oauthError { return q.takePrompt(in) },
		func() *oauthError { return p.takeHint(ctx, q, in) },
		func() *oauthError { return q.takeClaims(client, in) },
		func() (e *oauthError) { q.Resources, e = in.resources(client.Resources); return e },
	} {
		if e := check(); e != nil {
			return e
		}
	}
	if !client.hasGrant(GrantCode) {
		return refuse("unauthorized_client", "the client is not registered for the code flow")
	}
	return nil
}

// checkForm refuses what is not supported, each with its own code.
func checkForm(in params) *oauthError {
	if name := in.anyRepeated(); name != "" {
		return refuse("invalid_request", name+" may be given once only")
	}
	for _, name := range []string{"request", "request_uri", "registration"} {
		if in.get(name) != "" {
			return refuse(name+"_not_supported", name+" is not supported")
		}
	}
	switch in.get("response_type") {
	case "code":
	case "":
		return refuse("invalid_request", "response_type is missing")
	default:
		return refuse("unsupported_response_type", "response_type must be code")
	}
	if mode := in.get("response_mode"); !slices.Contains(responseModes, mode) && mode != "" {
		return refuse("invalid_request", "response_mode must be query or form_post")
	}
	return nil
}

const modeFormPost = "form_post"

var responseModes = []string{"query", modeFormPost}

func (q *authRequest) takeScopes(client Client, in params) *oauthError {
	q.Scopes = client.grantable(strings.Fields(in.get("scope")))
	if len(q.Scopes) == 0 || slices.Equal(q.Scopes, []string{scopeOffline}) {
		return refuse("invalid_scope", "none of the scopes asked for can be granted; openid is the first to ask for")
	}
	return nil
}

// takePKCE wants S256 of every client: plain, and no method at all, which means
// plain, would let a thief of the request redeem the code. A client that is
// registered to do so may send a nonce instead.
func (q *authRequest) takePKCE(client Client, in params) *oauthError {
	q.Challenge = in.get("code_challenge")
	switch {
	case q.Challenge == "" && client.PKCE == PKCEByNonce && in.get("code_challenge_method") == "":
		if in.get("nonce") == "" || !slices.Contains(q.Scopes, "openid") { // a nonce comes back in an ID token only
			return refuse("invalid_request", "neither code_challenge nor nonce was sent with the scope openid: one of them must bind the code")
		}
		return nil
	case q.Challenge == "":
		return refuse("invalid_request", "code_challenge is missing: PKCE is required")
	case in.get("code_challenge_method") != "S256":
		return refuse("invalid_request", "code_challenge_method must be S256")
	}
	if sum, err := base64.RawURLEncoding.Strict().DecodeString(q.Challenge); err != nil || len(sum) != 32 {
		return refuse("invalid_request", "code_challenge is no base64url of a SHA-256")
	}
	return nil
}

func (q *authRequest) takePrompt(in params) *oauthError {
	q.Prompt = strings.Fields(in.get("prompt"))
	if slices.Contains(q.Prompt, "none") && len(q.Prompt) > 1 {
		return refuse("invalid_request", "prompt none stands alone")
	}
	given := in.get("max_age")
	if given == "" {
		return nil
	}
	age, err := strconv.ParseInt(given, 10, 64)
	if err != nil || age < 0 || given[0] == '+' {
		return refuse("invalid_request", "max_age must be a number of seconds")
	}
	q.MaxAge = &age
	return nil
}

func (p *Provider) takeHint(ctx context.Context, q *authRequest, in params) *oauthError {
	hint := in.get("id_token_hint")
	if hint == "" {
		return nil
	}
	token, err := p.readHint(ctx, hint)
	if err != nil {
		return refuse("invalid_request", "id_token_hint is no ID token of this provider")
	}
	q.HintSubject = token.subject
	return nil
}

// event is what a run may know of the request: event.client, event.transaction
// (rule A2). What was not given is absent.
func (q authRequest) event(client Client) map[string]any {
	scopes := make([]any, len(q.Scopes))
	for i, s := range q.Scopes {
		scopes[i] = s
	}
	tx := map[string]any{"scopes": scopes, "redirect_uri": q.RedirectURI}
	for name, value := range map[string]string{
		"nonce": q.Nonce, "login_hint": q.LoginHint, "prompt": strings.Join(q.Prompt, " "),
		"acr_values": strings.Join(q.ACRValues, " "), "ui_locales": strings.Join(q.UILocales, " "),
	} {
		if value != "" {
			tx[name] = value
		}
	}
	if q.MaxAge != nil {
		tx["max_age"] = *q.MaxAge
	}
	return map[string]any{
		"client":      map[string]any{"id": client.ID, "name": client.Name},
		"transaction": tx,
	}
}
