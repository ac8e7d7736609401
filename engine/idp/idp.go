// Package idp is the OpenID Provider: what a client sees of a sign-in.
//
// It owns: the endpoints (authorize, token, userinfo, end_session, discovery,
// JWKS), authorization codes, the forms of tokens, signing keys.
// It delegates: signing people in, to whoever the Starter starts; sessions and
// users, to their rooms; which clients there are, to Clients.
// The law: nothing is sent to an address that a client did not register; a code
// works once, for its client, with its verifier; what a client is told comes
// from what was committed, and a login's code is committed with the login.
package idp

import (
	"errors"
	"fmt"
	"net/http"
	"net/url"
	"strings"
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
	Issuer  string
	Store   store.Store
	Clock   world.Clock
	Random  world.Random
	Clients Clients
	// SessionSecret reads the session's secret from a request, empty for none;
	// ClearSession takes its cookie away. Both belong to who sets that cookie.
	SessionSecret func(*http.Request) string
	ClearSession  func(http.ResponseWriter)
	// CodeLife (60 s at most), AccessTokenLife and IDTokenLife (an hour) have
	// defaults.
	CodeLife, AccessTokenLife, IDTokenLife time.Duration
	// Report is told what a client only learns of as a server error.
	Report func(error)
}

const (
	maxCodeLife      = 60 * time.Second
	defaultTokenLife = time.Hour
)

// Provider is one OpenID Provider.
type Provider struct {
	o    Options
	keys *keyring
	path string // of the issuer, before all endpoints
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
	if o.CodeLife <= 0 || o.CodeLife > maxCodeLife {
		o.CodeLife = maxCodeLife
	}
	if o.AccessTokenLife <= 0 {
		o.AccessTokenLife = defaultTokenLife
	}
	if o.IDTokenLife <= 0 {
		o.IDTokenLife = defaultTokenLife
	}
	if o.Report == nil {
		o.Report = func(error) {}
	}
	p := &Provider{o: o, path: u.EscapedPath(), keys: newKeyring(o.Store, o.Clock, o.Random)}
	return p, p.keys.prepare()
}

// Endpoints below the issuer's path.
const (
	pathAuthorize  = "/oauth2/authorize"
	pathToken      = "/oauth2/token"
	pathUserinfo   = "/oauth2/userinfo"
	pathJWKS       = "/oauth2/jwks"
	pathEndSession = "/oauth2/end_session"
	pathDiscovery  = "/.well-known/openid-configuration"
	pathMetadata   = "/.well-known/oauth-authorization-server"
)

// Handler answers all endpoints; start begins the runs that sign people in.
func (p *Provider) Handler(start Starter) http.Handler {
	mux := http.NewServeMux()
	api := func(path, methods string, h http.HandlerFunc) {
		mux.Handle(path, p.allowOrigins(methods, only(methods, h)))
	}
	page := func(path string, h http.HandlerFunc) {
		mux.Handle(p.path+path, only("GET, POST", h))
	}
	page(pathAuthorize, func(w http.ResponseWriter, r *http.Request) { p.authorize(w, r, start) })
	page(pathEndSession, p.endSession)
	api(p.path+pathToken, "POST", p.token)
	api(p.path+pathUserinfo, "GET, POST", p.userinfo)
	api(p.path+pathJWKS, "GET, HEAD", p.jwks)
	api(p.path+pathDiscovery, "GET, HEAD", p.discovery)
	api(pathMetadata+p.path, "GET, HEAD", p.discovery) // RFC 8414: the path comes last
	return mux
}

// only refuses other methods. HEAD is not GET where a GET may begin a run.
func only(methods string, h http.HandlerFunc) http.HandlerFunc {
	return func(w http.ResponseWriter, r *http.Request) {
		for m := range strings.SplitSeq(methods, ", ") {
			if m == r.Method {
				h(w, r)
				return
			}
		}
		w.Header().Set("Allow", methods)
		http.Error(w, http.StatusText(http.StatusMethodNotAllowed), http.StatusMethodNotAllowed)
	}
}

// unit is one unit of work with the rooms that write through it.
type unit struct {
	*store.Tx
	sessions *session.Sessions
	people   *directory.Directory
	log      *audit.Log
}

func (p *Provider) over(w store.Writer) (*session.Sessions, *audit.Log) {
	return session.New(w, p.o.Clock, p.o.Random), audit.New(w, p.o.Clock)
}

func (p *Provider) begin() unit {
	tx := store.Begin(p.o.Store)
	u := unit{Tx: tx, people: directory.New(tx, p.o.Clock, p.o.Random, nil)} // no passwords here, so no hasher
	u.sessions, u.log = p.over(tx)
	return u
}
