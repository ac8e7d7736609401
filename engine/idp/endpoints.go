package idp

import (
	"net/http"
	"strings"
)

// This file is the map of endpoints: what stands where, and who may ask.

// Endpoints below the issuer's path.
const (
	pathAuthorize  = "/oauth2/authorize"
	pathToken      = "/oauth2/token"
	pathUserinfo   = "/oauth2/userinfo"
	pathJWKS       = "/oauth2/jwks"
	pathIntrospect = "/oauth2/introspect"
	pathRevoke     = "/oauth2/revoke"
	pathPAR        = "/oauth2/par"
	pathEndSession = "/oauth2/end_session"
	pathSignedOut  = "/oauth2/signed_out"
	pathFormPost   = "/oauth2/form_post"
	pathPeople     = "/oauth2/people"
	pathDiscovery  = "/.well-known/openid-configuration"
	pathMetadata   = "/.well-known/oauth-authorization-server"
)

// Names of endpoints, for faults and recorded requests.
const (
	nameAuthorize  = "authorize"
	nameToken      = "token"
	nameUserinfo   = "userinfo"
	nameJWKS       = "jwks"
	nameDiscovery  = "discovery"
	nameIntrospect = "introspect"
	nameRevoke     = "revoke"
	namePAR        = "par"
	nameEndSession = "end_session"
)

// Endpoints answers the names of all endpoints that can be made to fail.
func Endpoints() []string {
	return []string{nameAuthorize, nameToken, nameUserinfo, nameJWKS, nameDiscovery, nameIntrospect, nameRevoke, namePAR, nameEndSession}
}

// Handler answers all endpoints; start begins the runs that sign people in. Who
// asks under one of the aliases meets that issuer in every answer.
func (p *Provider) Handler(start Starter) http.Handler {
	first := p.endpoints(start)
	if p.o.Aliases == nil {
		return first
	}
	return http.HandlerFunc(func(w http.ResponseWriter, r *http.Request) {
		issuer := p.issuerOf(r.Host)
		if issuer == p.o.Issuer {
			first.ServeHTTP(w, r)
			return
		}
		h, there := p.routes.Load(issuer)
		if !there {
			h, _ = p.routes.LoadOrStore(issuer, p.at(issuer).endpoints(start))
		}
		h.(http.Handler).ServeHTTP(w, r)
	})
}

func (p *Provider) endpoints(start Starter) http.Handler {
	mux := http.NewServeMux()
	with := func(f func(http.ResponseWriter, *http.Request, Starter)) http.HandlerFunc {
		return func(w http.ResponseWriter, r *http.Request) { f(w, r, start) }
	}
	api := func(name, path, methods string, h http.HandlerFunc) {
		mux.Handle(path, p.allowOrigins(methods, only(methods, p.observed(name, h))))
	}
	page := func(path, methods string, h http.HandlerFunc) { mux.Handle(p.path+path, only(methods, h)) }
	page(pathAuthorize, "GET, POST", p.observed(nameAuthorize, with(p.authorize)))
	page(pathEndSession, "GET, POST", p.observed(nameEndSession, with(p.endSession)))
	page(pathSignedOut, "GET", p.signedOutPage)
	page(pathFormPost, "GET", p.formPost)
	if p.o.Testing {
		page(pathPeople, "GET, POST", with(p.people))
	}
	page(pathIntrospect, "POST", p.observed(nameIntrospect, p.introspect)) // never asked by a web page
	api(nameToken, p.path+pathToken, "POST", p.token)
	api(nameUserinfo, p.path+pathUserinfo, "GET, POST", p.userinfo)
	api(nameRevoke, p.path+pathRevoke, "POST", p.revoke)
	api(namePAR, p.path+pathPAR, "POST", p.push)
	api(nameJWKS, p.path+pathJWKS, "GET, HEAD", p.jwks)
	api(nameDiscovery, p.path+pathDiscovery, "GET, HEAD", with(p.discovery))
	api(nameDiscovery, pathMetadata+p.path, "GET, HEAD", with(p.discovery)) // RFC 8414: the path comes last
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
