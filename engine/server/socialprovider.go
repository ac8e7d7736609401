package server

import (
	"context"
	"crypto/ed25519"
	"net/http"
	"net/url"
	"slices"
	"strings"
	"sync"
	"time"

	"github.com/authflow-studio/authflow/engine/block"
	"github.com/authflow-studio/authflow/engine/flow"
	"github.com/authflow-studio/authflow/engine/world"
)

// This file is the harness's second provider: a small OpenID Provider of its own
// for each provider of the project, with its own keys, that takes the place of
// one whose secret the harness was not given. Production has none of it.

// socialPath is where the simulated providers are, by the id of the project's.
const socialPath = "/other/"

// socialProviders are the simulated providers of a harness.
type socialProviders struct {
	h   *Harness
	mux *http.ServeMux
	// secret is what clients are registered with there.
	secret string

	mu     sync.Mutex
	keys   map[string]ed25519.PrivateKey // by provider
	codes  map[string]socialGrant
	tokens map[string]socialGrant // access tokens
	orders map[string][]SocialOrder
}

// socialGrant is what somebody has agreed to there.
type socialGrant struct {
	provider, issuer, redirectURI, nonce, challenge string

	person  world.OtherPerson
	scopes  []string
	expires time.Time
}

// maxSocialGrants bounds what is remembered.
const maxSocialGrants = 1000

func newSocialProviders(h *Harness) *socialProviders {
	s := &socialProviders{h: h, mux: http.NewServeMux(), secret: randomToken(world.SystemRandom{}), keys: map[string]ed25519.PrivateKey{}, codes: map[string]socialGrant{}, tokens: map[string]socialGrant{}, orders: map[string][]SocialOrder{}}
	at := socialPath + "{provider}/"
	s.mux.HandleFunc("GET "+at+".well-known/openid-configuration", s.with(s.discovery))
	s.mux.HandleFunc("GET "+at+"authorize", s.with(s.authorize))
	s.mux.HandleFunc("POST "+at+"authorize", s.with(s.chosen))
	s.mux.HandleFunc("POST "+at+"token", s.with(s.token))
	s.mux.HandleFunc("GET "+at+"jwks", s.with(s.jwks))
	s.mux.HandleFunc("GET "+at+"userinfo", s.with(s.userinfo))
	return s
}

func (s *socialProviders) ServeHTTP(w http.ResponseWriter, r *http.Request) { s.mux.ServeHTTP(w, r) }

// otherProvider is one of them, as a request sees it.
type otherProvider struct {
	flow.SocialProvider
	id, issuer, origin, secret string
}

// with finds the provider of a request; one that is not simulated is not there.
func (s *socialProviders) with(f func(http.ResponseWriter, *http.Request, otherProvider)) http.HandlerFunc {
	return func(w http.ResponseWriter, r *http.Request) {
		w.Header().Set("Cache-Control", "no-store")
		w.Header().Set("X-Content-Type-Options", "nosniff")
		w.Header().Set("Referrer-Policy", "no-referrer")
		// No form-action: after this form people go wherever their sign-in leads.
		w.Header().Set("Content-Security-Policy", "default-src 'none'; style-src 'self'; base-uri 'none'; frame-ancestors 'none'")
		origin, ok := s.h.issuerFor(r.Host)
		project := s.h.project.Load()
		if !ok || project == nil {
			http.NotFound(w, r)
			return
		}
		id := r.PathValue("provider")
		p, ok := project.Settings.Providers[id]
		if !ok || !s.simulates(r.Context(), p) {
			http.NotFound(w, r)
			return
		}
		f(w, r, s.provider(id, p, origin))
	}
}

func (s *socialProviders) provider(id string, p flow.SocialProvider, origin string) otherProvider {
	return otherProvider{SocialProvider: p, id: id, origin: origin, issuer: origin + socialPath + id, secret: s.secret}
}

// simulates reports whether a provider is replaced: as the project says, else
// where the harness has no secret for it.
func (s *socialProviders) simulates(ctx context.Context, p flow.SocialProvider) bool {
	if p.Simulated != nil {
		return *p.Simulated
	}
	if p.ClientSecret == "" {
		return true
	}
	_, err := s.h.secret(ctx, p.ClientSecret)
	return err != nil
}

// standIn answers what a run speaks to in the place of a provider.
func (s *socialProviders) standIn(ctx context.Context, id string, p flow.SocialProvider, origin string) (block.StandIn, bool) {
	if !s.simulates(ctx, p) {
		return block.StandIn{}, false
	}
	at := s.provider(id, p, origin)
	own := p
	own.Issuer, own.AuthorizationEndpoint, own.TokenEndpoint, own.JWKSURI, own.UserinfoEndpoint, own.ClientAuth = at.issuer, "", "", "", "", ""
	return block.StandIn{Provider: own, Secret: at.secret}, true
}

// defaultPeople sign in at a provider for which world.yaml names nobody.
var defaultPeople = []world.OtherPerson{
	{Sub: "simulated-robin", Name: "Robin Example", Email: "robin@social.example", EmailVerified: true},
	{Sub: "simulated-kim", Name: "Kim Example", Email: "kim@social.example"},
}

func (s *socialProviders) people(id string) []world.OtherPerson {
	s.h.mu.Lock()
	defer s.h.mu.Unlock()
	if own := s.h.seed.Providers[id].People; len(own) > 0 {
		return own
	}
	return defaultPeople
}

func (s *socialProviders) person(id, sub string) (world.OtherPerson, bool) {
	all := s.people(id)
	i := slices.IndexFunc(all, func(p world.OtherPerson) bool { return p.Sub == sub })
	if i < 0 {
		return world.OtherPerson{}, false
	}
	return all[i], true
}

// keep remembers a grant under a new secret.
func (s *socialProviders) keep(where map[string]socialGrant, g socialGrant) string {
	secret := randomToken(s.h.World.Random)
	s.mu.Lock()
	defer s.mu.Unlock()
	if len(where) >= maxSocialGrants {
		clear(where)
	}
	where[secret] = g
	return secret
}

// beside makes outgoing calls: to the simulated providers without a connection,
// and so without a permission of the project; to everybody else through the
// guard (rule A8).
type beside struct {
	h     *Harness
	guard world.HTTP
}

// Do makes a call.
func (b beside) Do(ctx context.Context, r world.Request) (world.Response, error) {
	u, err := url.Parse(r.URL)
	if err != nil || b.h.social == nil {
		return b.guard.Do(ctx, r)
	}
	issuer, own := b.h.issuerFor(u.Host)
	if !own || !strings.HasPrefix(r.URL, issuer+socialPath) {
		return b.guard.Do(ctx, r)
	}
	req, err := http.NewRequestWithContext(ctx, r.Method, r.URL, strings.NewReader(r.Body))
	if err != nil {
		return world.Response{}, &world.EgressError{URL: u.Redacted(), Why: err.Error()}
	}
	for name, v := range r.Header {
		req.Header.Set(name, v)
	}
	return answerInProcess(b.h.social, req)
}
