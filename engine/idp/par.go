package idp

import (
	"context"
	"encoding/json"
	"errors"
	"fmt"
	"net/http"
	"net/url"
	"slices"
	"strings"
	"time"

	"github.com/authflow-studio/authflow/engine/store"
)

// This file keeps authorization requests that do not travel in an address: those
// that clients push (RFC 9126), and those to which a person comes back after
// another run.

const (
	pushedPrefix = "urn:ietf:params:oauth:request_uri:"
	bucketPushed = "pushed_request" // hash of the handle → request
	pushedLife   = 90 * time.Second
	// comeBackLife is for people: they may read their mail before.
	comeBackLife = 15 * time.Minute
)

// pushed is a request as it is stored. One that a client pushed is good once.
type pushed struct {
	Request authRequest `json:"request"`
	Once    bool        `json:"once,omitempty"`
}

func isPushed(in params) bool {
	return !in.repeated("request_uri") && strings.HasPrefix(in.get("request_uri"), pushedPrefix)
}

func (p *Provider) keep(w store.Writer, it pushed, life time.Duration) (string, error) {
	raw, err := json.Marshal(it)
	if err != nil {
		return "", fmt.Errorf("idp: a request cannot be written: %w", err)
	}
	handle := p.randomText(secretBytes)
	w.Create(bucketPushed, sha256Hex(handle), raw, p.o.Clock.Now().Add(life))
	return pushedPrefix + handle, nil
}

// push takes a request from a client that proves itself.
func (p *Provider) push(w http.ResponseWriter, r *http.Request) {
	client, in, e := p.direct(w, r)
	var q authRequest
	switch {
	case e != nil:
	case in.get("request_uri") != "":
		e = refuse("invalid_request", "a pushed request names no request_uri")
	default:
		in.values.Set("client_id", client.ID)
		if q, _, e = p.addressee(r.Context(), in); e == nil {
			e = p.validate(r.Context(), &q, client, in)
		}
	}
	if e != nil {
		writeError(w, e)
		return
	}
	q.Pushed = true
	u := p.begin()
	uri, err := p.keep(u, pushed{q, true}, pushedLife)
	if err == nil {
		err = u.Commit(r.Context())
	}
	if err != nil {
		p.serverError(w, err)
		return
	}
	writeJSON(w, http.StatusCreated, map[string]any{"request_uri": uri, "expires_in": int(pushedLife.Seconds())})
}

// takePushed answers the request that a handle stands for; nothing else in the
// address counts but client_id.
func (p *Provider) takePushed(ctx context.Context, in params) (authRequest, Client, *oauthError) {
	unknown := refuse("invalid_request_uri", "request_uri is not known, was used before or has expired")
	u := p.begin()
	id := sha256Hex(strings.TrimPrefix(in.get("request_uri"), pushedPrefix))
	e, err := u.Get(ctx, bucketPushed, id)
	if errors.Is(err, store.ErrNotFound) {
		return authRequest{}, Client{}, unknown
	}
	var it pushed
	if err == nil {
		err = json.Unmarshal(e.Value, &it)
	}
	client, known := p.o.Clients.Client(ctx, it.Request.ClientID)
	if err == nil && (!known || in.repeated("client_id") || client.ID != in.get("client_id") || !client.redirectAllowed(it.Request.RedirectURI)) {
		return authRequest{}, Client{}, refuse("invalid_request", "request_uri was not issued to this client, or its address is no longer registered")
	}
	if err == nil && it.Once {
		u.Delete(bucketPushed, id)
		err = u.Commit(ctx)
	}
	if store.IsConflict(err) {
		return authRequest{}, Client{}, unknown
	}
	if err != nil {
		p.o.Report(err)
		return authRequest{}, Client{}, &oauthError{http.StatusInternalServerError, "server_error", "the request could not be read"}
	}
	return it.Request, client, nil
}

// comeBack answers where a person goes on to the client after a run that signed
// nobody in: to the same request, without the wish to register.
func (p *Provider) comeBack(w store.Writer, q authRequest) (string, error) {
	q.Before = nil
	q.Prompt = slices.DeleteFunc(slices.Clone(q.Prompt), func(s string) bool { return s == "create" })
	uri, err := p.keep(w, pushed{Request: q}, comeBackLife)
	if err != nil {
		return "", err
	}
	return p.o.Issuer + pathAuthorize + "?" + url.Values{"client_id": {q.ClientID}, "request_uri": {uri}}.Encode(), nil
}
