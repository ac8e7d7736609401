package idp

import (
	"context"
	"errors"
	"net/url"
	"slices"
	"time"

	"github.com/authflow-studio/authflow/engine/session"
	"github.com/authflow-studio/authflow/engine/store"
)

// This file lets one provider be known under several addresses: whoever asks
// under one meets that issuer everywhere, and tokens of one are good under all.

// at answers the provider as it is under one of its addresses; "" and addresses
// that are no longer ours are the first.
func (p *Provider) at(issuer string) *Provider {
	if issuer == "" || issuer == p.o.Issuer || !p.ours(issuer) {
		return p
	}
	other := *p
	other.o.Issuer = issuer
	first := p.o.Issuer
	other.o.Aliases = func() []string { return append(p.aliases(), first) }
	return &other
}

func (p *Provider) aliases() []string {
	if p.o.Aliases == nil {
		return nil
	}
	return slices.Clone(p.o.Aliases())
}

// ours reports whether an issuer is this provider.
func (p *Provider) ours(issuer string) bool {
	return issuer == p.o.Issuer || slices.Contains(p.aliases(), issuer)
}

// issuerOf answers the issuer that stands under a host, the first one for a host
// that is not known.
func (p *Provider) issuerOf(host string) string {
	for _, issuer := range p.aliases() {
		if u, err := url.Parse(issuer); err == nil && u.Host == host {
			return issuer
		}
	}
	return p.o.Issuer
}

const bucketIssuers = "client_issuer" // sid/client id → issuer

// noteIssuer remembers under which address a client signed somebody in: a logout
// is told by that name, long after the request.
func (p *Provider) noteIssuer(w store.Writer, s session.Session, clientID string) {
	if p.o.Aliases != nil {
		w.Overwrite(bucketIssuers, s.ID+"/"+clientID, []byte(p.o.Issuer), s.Expires.Add(time.Hour))
	}
}

func (p *Provider) issuerFor(ctx context.Context, r store.Reader, sid, clientID string) (string, error) {
	if p.o.Aliases == nil {
		return "", nil
	}
	e, err := r.Get(ctx, bucketIssuers, sid+"/"+clientID)
	if errors.Is(err, store.ErrNotFound) {
		return "", nil
	}
	return string(e.Value), err
}
