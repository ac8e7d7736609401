package server

import (
	"context"
	"encoding/json"
	"errors"
	"fmt"
	"net/http"
	"net/url"
	"time"

	"github.com/go-json-experiment/json/jsontext"

	"github.com/authflow-studio/authflow/engine/block"
	"github.com/authflow-studio/authflow/engine/flow"
	"github.com/authflow-studio/authflow/engine/idp"
	"github.com/authflow-studio/authflow/engine/run"
	"github.com/authflow-studio/authflow/engine/session"
	"github.com/authflow-studio/authflow/engine/store"
	"github.com/authflow-studio/authflow/engine/web"
	"github.com/authflow-studio/authflow/engine/world"
)

// This file is where the provider and the flows meet: the provider asks for
// runs, and is told how they ended.

func (c *core) providerOptions() idp.Options {
	return idp.Options{Issuer: c.Issuer, Store: c.Store, Clock: c.World.Clock, Random: c.World.Random, Clients: c,
		SessionSecret: c.cookies.Session, ClearSession: c.cookies.ClearSession, SetSession: c.cookies.SetSession, ClientIP: c.ClientIP, Policy: c.policy, Aliases: c.Aliases, People: c.People, Refresher: c, Text: c.text, StyleSheet: web.StylePath, Testing: c.Testing,
		HTTP:   world.NewEgress(c.logoutHosts, c.logoutLoopback),
		Report: func(err error) { c.Log.Error("the provider answered a server error", "error", err) }}
}

// policy is what the project sets of the provider's limits.
func (c *core) policy() idp.Policy {
	p := c.project.Load()
	if p == nil {
		return idp.Policy{}
	}
	s, most := p.Settings.Provider, p.Settings.Sessions
	out := idp.Policy{CodeLife: time.Duration(s.CodeLifetime), RefreshGrace: time.Duration(s.RefreshGrace),
		KeyLife: time.Duration(s.KeyLife), KeyOverlap: time.Duration(s.KeyOverlap), MaxSessions: most.Max}
	if most.WhenFull == flow.RefuseNew {
		out.OverMax = session.RefuseNew
	}
	return out
}

// HasFlow reports whether the project has a flow for a trigger.
func (c *core) HasFlow(trigger string) bool {
	p := c.project.Load()
	if p == nil {
		return false
	}
	_, ok := p.FlowByTrigger(trigger)
	return ok
}

// Start begins a run for the provider.
func (c *core) Start(w http.ResponseWriter, r *http.Request, s idp.StartRequest) {
	c.web.Start(w, r, web.Launch{Trigger: s.Trigger, Event: s.Event, Origin: jsontext.Value(s.Origin)})
}

// finish tells the provider how a run ended.
func (c *core) finish(ctx context.Context, w store.Writer, s *run.State, issued *block.Issued) (string, error) {
	o := idp.Outcome{Success: s.End.Success, Trigger: s.Trigger, UserID: s.End.UserID, Claims: idp.Claims{IDToken: s.Claims["id_token"], AccessToken: s.Claims["access_token"]}}
	if issued != nil {
		o.Session = issued.Session
	}
	if !o.Success {
		o.Error, o.Description = "access_denied", "the sign-in was refused"
		if s.Failure != nil {
			o.Error, o.Description = "server_error", "the sign-in could not be completed"
		}
	}
	return c.idp.Finish(ctx, w, json.RawMessage(s.Origin), o)
}

// refreshGrant is the provider's grant as the blocks of a flow see it.
type refreshGrant struct{ g *idp.RefreshGrant }

// Validate checks the token.
func (r refreshGrant) Validate(ctx context.Context, w store.Writer) (block.RefreshCheck, error) {
	c, err := r.g.Validate(ctx, w)
	return block.RefreshCheck{Valid: c.Valid, Reused: c.Reused, UserID: c.UserID}, err
}

// Issue makes the new tokens.
func (r refreshGrant) Issue(ctx context.Context, w store.Writer, idToken, accessToken map[string]any) error {
	return r.g.Issue(ctx, w, idp.Claims{IDToken: idToken, AccessToken: accessToken})
}

// errRefused says that the flow gave no tokens.
var errRefused = errors.New("the token_refresh flow refused")

// Refresh runs the flow of the trigger token_refresh. There is nobody to ask: a
// flow that shows a page is ended and gives nothing.
func (c *core) Refresh(ctx context.Context, g *idp.RefreshGrant) error {
	p := c.project.Load()
	if p == nil {
		return idp.ErrNoFlow
	}
	slug, ok := p.FlowByTrigger("token_refresh")
	if !ok {
		return idp.ErrNoFlow
	}
	event := g.Event()
	event["request"] = map[string]any{"ip": "", "user_agent": "", "method": http.MethodPost, "host": "", "network": "", "asn": 0.0, "geo": map[string]any{"country": "", "city": "", "lat": 0.0, "lon": 0.0},
		"device": map[string]any{"known": false, "id": "", "checked": false}}
	stop, err := c.engine.Start(ctx, run.StartSpec{Project: p, Flow: slug, Event: event, Refresh: refreshGrant{g}})
	switch {
	case err != nil:
		return err
	case stop.State.Status == run.Waiting:
		return errors.Join(fmt.Errorf("%w: it asked a person", errRefused), c.engine.Abort(ctx, stop.State.ID))
	case !stop.State.End.Success:
		return fmt.Errorf("%w: %s", errRefused, stop.State.End.Reason)
	}
	return nil
}

// text answers a label for the provider's own pages; "" lets it take its own.
func (c *core) text(r *http.Request, key string) string {
	p := c.project.Load()
	if p == nil {
		p = &flow.Project{}
	}
	if key == "idp.brand" {
		return p.Settings.Name
	}
	if text := block.Lookup(p, web.Locales(r), key); text != key {
		return text
	}
	return ""
}

// logoutHosts are the hosts that registered an address for back-channel logouts.
func (c *core) logoutHosts() []string { return c.logoutTargets(false) }

// logoutLoopback are those on this machine, which only the harness tells.
func (c *core) logoutLoopback() []string {
	if !c.Testing {
		return nil
	}
	return c.logoutTargets(true)
}

func (c *core) logoutTargets(withPort bool) []string {
	p := c.project.Load()
	if p == nil {
		return nil
	}
	var out []string
	for _, cl := range p.Clients {
		u, err := url.Parse(cl.BackchannelLogoutURI)
		if err != nil || u.Host == "" {
			continue
		}
		if withPort {
			out = append(out, u.Host)
		} else {
			out = append(out, u.Hostname())
		}
	}
	return out
}

// client makes the provider's client of one in clients.yaml.
func (c *core) client(ctx context.Context, cl flow.Client) (idp.Client, error) {
	out := idp.Client{ID: cl.ID, Name: cl.Name, RedirectURIs: cl.RedirectURIs, PostLogoutRedirectURIs: cl.PostLogoutRedirectURIs,
		TokenEndpointAuthMethod: cl.AuthMethod, AnyLoopbackRedirect: cl.AnyLoopbackRedirect, IDTokenAlg: cl.IDTokenAlg, AllowedOrigins: cl.AllowedOrigins, Scopes: cl.Scopes,
		BackchannelLogoutURI: cl.BackchannelLogoutURI, BackchannelLogoutSessionRequired: cl.BackchannelLogoutSessionRequired, RequirePAR: cl.RequirePAR,
		PKCE: cl.PKCE, AccessTokenFormat: cl.AccessTokenFormat, GrantTypes: cl.GrantTypes, RefreshTokens: cl.RefreshTokens, Resources: cl.Resources,
		RefreshIdle: time.Duration(cl.RefreshIdle), RefreshLife: time.Duration(cl.RefreshLifetime), RefreshGrace: time.Duration(cl.RefreshGrace)}
	if len(cl.JWKS) > 0 {
		text, err := json.Marshal(cl.JWKS)
		if err != nil {
			return out, fmt.Errorf("the jwks of the client %q: %w", cl.ID, err)
		}
		out.JWKS = text
	}
	if cl.SecretName == "" {
		return out, nil
	}
	var err error
	if out.Secret, err = c.Secrets(ctx, cl.SecretName); err != nil {
		return out, fmt.Errorf("the secret of the client %q: %w", cl.ID, err)
	}
	return out, nil
}
