// Package idp is the OpenID Provider: what a client sees of a sign-in.
//
// It owns: the endpoints, authorization codes, the forms of tokens, signing keys,
// pushed requests, and telling clients of ended sessions.
// It delegates: signing people in, to whoever the Starter starts; sessions and
// users, to their rooms; which clients there are, to Clients.
// The law: nothing is sent to an address that a client did not register; a code
// works once, for its client, with its verifier; what a client is told comes
// from what was committed, and a login's code is committed with the login.
package idp

import (
	"context"
	"errors"
	"fmt"
	"net/http"
	"net/url"
	"strings"
	"sync"
	"sync/atomic"
	"time"

	"github.com/authflow-studio/authflow/engine/audit"
	"github.com/authflow-studio/authflow/engine/directory"
	"github.com/authflow-studio/authflow/engine/session"
	"github.com/authflow-studio/authflow/engine/store"
	"github.com/authflow-studio/authflow/engine/world"
)

// Options are what a Provider is made of.
type Options struct {
	// Issuer is the address under which clients know the provider, byte for
	// byte; it may have a path and ends without a slash.
	Issuer string
	// Aliases are further addresses of the same provider, each an issuer of its
	// own to who asks under it; they have the path of Issuer. It may be nil.
	Aliases func() []string
	Store   store.Store
	Clock   world.Clock
	Random  world.Random
	Clients Clients
	// SessionSecret reads the session's secret from a request, empty for none;
	// ClearSession takes its cookie away. Both belong to who sets that cookie.
	SessionSecret func(*http.Request) string
	ClearSession  func(http.ResponseWriter)
	// SetSession gives the browser a session that began without a run, which only
	// tests order; without it there are none.
	SetSession func(w http.ResponseWriter, secret string)
	// ClientIP answers where such a session was begun from; it may be nil.
	ClientIP func(*http.Request) string
	// People answers who stands first in the picker of people; it may be nil.
	People func() []string
	// CodeLife (60 s at most), AccessTokenLife and IDTokenLife (an hour) have
	// defaults.
	CodeLife, AccessTokenLife, IDTokenLife time.Duration
	// RefreshIdle (14 days) and RefreshLife (90 days) have defaults. RefreshGrace
	// is how long a used refresh token is still taken: not at all by default.
	RefreshIdle, RefreshLife, RefreshGrace time.Duration
	// Refresher runs the flow of a refresh; it may be nil.
	Refresher Refresher
	// HTTP tells clients of ended sessions; without it there is no back-channel
	// logout.
	HTTP world.HTTP
	// KeyLife lets signing keys be rotated when they are that old; zero leaves
	// that to RotateKeys.
	KeyLife time.Duration
	// Policy answers what is true of the project just now, before the fields
	// above; it may be nil.
	Policy func() Policy
	// Text answers a text of the provider's own pages in the person's language,
	// empty for the built-in one; it may be nil. texts.go lists the keys.
	Text func(r *http.Request, key string) string
	// StyleSheet is the address of those pages' style: /fl/style.css by default.
	StyleSheet string
	// Testing lets people's own tests order faults and claims, and read requests.
	Testing bool
	// Report is told what a client only learns of as a server error.
	Report func(error)
}

// Policy are limits that a project may set; zero values leave what Options say.
type Policy struct {
	CodeLife, RefreshGrace, KeyLife time.Duration
	// KeyOverlap is how long a key stays published after it last signed: 30 days
	// unless given.
	KeyOverlap time.Duration
	// MaxSessions bounds the sessions that begin without a run, OverMax says how.
	MaxSessions int
	OverMax     session.OverMax
}

const (
	maxCodeLife      = 60 * time.Second
	defaultTokenLife = time.Hour

	defaultRefreshIdle = 14 * 24 * time.Hour
	defaultRefreshLife = 90 * 24 * time.Hour
	defaultStyleSheet  = "/fl/style.css"
)

// Provider is one OpenID Provider.
type Provider struct {
	o    Options
	keys *keyring
	path string // of the issuer, before all endpoints

	*shared
}

// shared is what a provider is under each of its addresses.
type shared struct {
	faults  faults
	records recorder
	nexts   nextUsers
	picker  atomic.Bool   // people may be picked instead of signing in
	routes  sync.Map      // issuer → http.Handler
	wake    chan struct{} // holds a word when clients wait to be told
}

// New makes a provider and its signing keys, if the store has none yet.
func New(o Options) (*Provider, error) {
	u, err := url.Parse(o.Issuer)
	if err != nil || (u.Scheme != "https" && u.Scheme != "http") || u.Host == "" || u.User != nil ||
		strings.ContainsAny(o.Issuer, "?#") || strings.HasSuffix(o.Issuer, "/") {
		return nil, fmt.Errorf("idp: %q cannot be an issuer: it is an http or https address without query, fragment and closing slash", o.Issuer)
	}
	if o.Store == nil || o.Clock == nil || o.Random == nil || o.Clients == nil || o.SessionSecret == nil || o.ClearSession == nil {
		return nil, errors.New("idp: Store, Clock, Random, Clients, SessionSecret and ClearSession are needed")
	}
	p := &Provider{o: o.withDefaults(), path: u.EscapedPath(), keys: newKeyring(o), shared: &shared{wake: make(chan struct{}, 1)}}
	return p, p.keys.prepare()
}

func (o Options) withDefaults() Options {
	o.AccessTokenLife, o.IDTokenLife = orLonger(o.AccessTokenLife, defaultTokenLife), orLonger(o.IDTokenLife, defaultTokenLife)
	o.RefreshIdle, o.RefreshLife = orLonger(o.RefreshIdle, defaultRefreshIdle), orLonger(o.RefreshLife, defaultRefreshLife)
	if o.Report == nil {
		o.Report = func(error) {}
	}
	if o.Text == nil {
		o.Text = func(*http.Request, string) string { return "" }
	}
	if o.ClientIP == nil {
		o.ClientIP = func(*http.Request) string { return "" }
	}
	if o.StyleSheet == "" {
		o.StyleSheet = defaultStyleSheet
	}
	return o
}

// policy answers what holds just now.
func (o Options) policy() Policy {
	var now Policy
	if o.Policy != nil {
		now = o.Policy()
	}
	now.CodeLife = min(orLonger(now.CodeLife, orLonger(o.CodeLife, maxCodeLife)), maxCodeLife)
	now.RefreshGrace, now.KeyLife = orLonger(now.RefreshGrace, o.RefreshGrace), orLonger(now.KeyLife, o.KeyLife)
	now.KeyOverlap = orLonger(now.KeyOverlap, retiredFor)
	return now
}

// unit is one unit of work with the rooms that write through it.
type unit struct {
	store.Writer
	sessions *session.Sessions
	people   *directory.Directory
	log      *audit.Log
}

// unitOver looks through a unit of work of somebody else, who commits it.
func (p *Provider) unitOver(w store.Writer) unit {
	return unit{Writer: w, sessions: session.New(w, p.o.Clock, p.o.Random), log: audit.New(w, p.o.Clock),
		people: directory.New(w, p.o.Clock, p.o.Random, nil)} // no passwords here, so no hasher
}

// ownUnit is a unit of work of this room.
type ownUnit struct {
	unit
	tx *store.Tx
}

// Commit applies it.
func (u ownUnit) Commit(ctx context.Context) error { return u.tx.Commit(ctx) }

func (p *Provider) begin() ownUnit {
	tx := store.Begin(p.o.Store)
	return ownUnit{p.unitOver(tx), tx}
}
