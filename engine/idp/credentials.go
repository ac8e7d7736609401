package idp

import (
	"context"
	"slices"
	"strings"

	"github.com/authflow-studio/authflow/engine/audit"
)

// This file is the client credentials grant: a client acts for itself, nobody is
// signed in.

func (p *Provider) credentials(ctx context.Context, client Client, in params) (tokenResponse, error) {
	scopes, refused := client.ownScopes(strings.Fields(in.get("scope")))
	if refused != nil {
		return tokenResponse{}, refused
	}
	resources, refused := in.resources(client.Resources)
	if refused != nil {
		return tokenResponse{}, refused
	}
	g := grant{ID: p.randomText(16), ClientID: client.ID, Scopes: scopes, Resources: resources}
	u := p.begin()
	t, err := p.mint(ctx, u.unit, client, g)
	if err != nil {
		return tokenResponse{}, err
	}
	if err := u.log.Append(audit.Record{Type: "client.granted", ClientID: client.ID, Data: map[string]any{"scopes": scopes, "grant": g.ID}}); err != nil {
		return tokenResponse{}, err
	}
	return p.respond(t, scopes, ""), u.Commit(ctx)
}

// ownScopes are those registered for the client that tell of nobody.
func (c Client) ownScopes(asked []string) ([]string, *oauthError) {
	own := slices.DeleteFunc(slices.Clone(c.Scopes), func(s string) bool { return slices.Contains(standardScopes, s) })
	if len(asked) == 0 {
		return own, nil
	}
	for _, s := range asked {
		if !slices.Contains(own, s) {
			return nil, refuse("invalid_scope", "a scope asked for is not registered for the client, or belongs to people")
		}
	}
	return slices.Compact(asked), nil
}
