// Package browser is the studio in the person's own browser: the same methods
// and events as in the window, over loopback HTTP.
//
// It owns: POST /api/call/METHOD, server-sent events, the static front end, the
// guards.
// It delegates: what a method does to app/studio.
// The law: only this machine, only with the token of this start, only from the
// studio's own page. Anybody else is refused before a method is looked up.
package browser

import (
	"context"
	"crypto/rand"
	"crypto/subtle"
	"encoding/hex"
	"encoding/json"
	"errors"
	"io"
	"io/fs"
	"mime"
	"net"
	"net/http"
	"strings"

	"github.com/authflow-studio/authflow/app/studio"
)

// Policy is the content security policy of the studio's own pages. Frames hold
// documents of the studio alone, and none of them runs scripts.
const Policy = "default-src 'self'; script-src 'self'; style-src 'self' 'unsafe-inline'; img-src 'self' data:; font-src 'self' data:; connect-src 'self'; frame-src 'self'; object-src 'none'; base-uri 'none'; form-action 'self'; frame-ancestors 'self'"

// maxCall bounds the argument of a method.
const maxCall = 16 << 20

const cookieName = "authflow_studio"

// Caller runs methods.
type Caller interface {
	Call(ctx context.Context, name string, arg json.RawMessage) (any, error)
}

// Server serves the studio to a browser.
type Server struct {
	Caller Caller
	Events *Events
	Assets fs.FS
	Token  string
	host   string
}

// New makes a server for the address it is reached at (host:port). The token is
// new at every start.
func New(c Caller, events *Events, assets fs.FS, host string) *Server {
	raw := make([]byte, 24)
	_, _ = rand.Read(raw)
	return &Server{Caller: c, Events: events, Assets: assets, Token: hex.EncodeToString(raw), host: host}
}

// URL is what the person opens; it carries the token once.
func (s *Server) URL() string { return "http://" + s.host + "/?token=" + s.Token }

// ServeHTTP guards, then answers.
func (s *Server) ServeHTTP(w http.ResponseWriter, r *http.Request) {
	h := w.Header()
	h.Set("Content-Security-Policy", Policy)
	h.Set("X-Content-Type-Options", "nosniff")
	h.Set("Referrer-Policy", "no-referrer")
	h.Set("Cross-Origin-Resource-Policy", "same-origin")
	switch {
	case r.Host != s.host:
		// A name that was rebound to this machine still sends its own Host.
		refuse(w, http.StatusMisdirectedRequest, "wrong_host", "This address is answered as "+s.host+" only.")
	case !sameOrigin(r, s.host):
		refuse(w, http.StatusForbidden, "wrong_origin", "Only the studio's own page may call the studio.")
	case r.URL.Query().Has("token") && r.URL.Path == "/":
		s.enter(w, r)
	case !s.known(r):
		refuse(w, http.StatusUnauthorized, "no_token", "Open the studio with the address that it printed when it started.")
	case strings.HasPrefix(r.URL.Path, "/api/call/"):
		s.call(w, r)
	case r.URL.Path == "/api/events":
		s.Events.serve(w, r)
	default:
		s.asset(w, r)
	}
}

func sameOrigin(r *http.Request, host string) bool {
	o := r.Header.Get("Origin")
	return o == "" || o == "http://"+host
}

func (s *Server) valid(token string) bool {
	return subtle.ConstantTimeCompare([]byte(token), []byte(s.Token)) == 1
}

// enter takes the token out of the address and into a cookie.
func (s *Server) enter(w http.ResponseWriter, r *http.Request) {
	if !s.valid(r.URL.Query().Get("token")) {
		refuse(w, http.StatusUnauthorized, "no_token", "This token is not of this start of the studio.")
		return
	}
	http.SetCookie(w, &http.Cookie{Name: s.cookie(), Value: s.Token, Path: "/", HttpOnly: true, SameSite: http.SameSiteStrictMode})
	w.Header().Set("Cache-Control", "no-store")
	http.Redirect(w, r, "/", http.StatusSeeOther)
}

// cookie is named after the port: the ports of a host share their cookies.
func (s *Server) cookie() string {
	_, port, _ := net.SplitHostPort(s.host)
	return cookieName + "_" + port
}

func (s *Server) known(r *http.Request) bool {
	ck, err := r.Cookie(s.cookie())
	return err == nil && s.valid(ck.Value)
}

func (s *Server) call(w http.ResponseWriter, r *http.Request) {
	if r.Method != http.MethodPost {
		w.Header().Set("Allow", http.MethodPost)
		refuse(w, http.StatusMethodNotAllowed, "method", "Methods are called with POST.")
		return
	}
	if kind, _, _ := mime.ParseMediaType(r.Header.Get("Content-Type")); kind != "application/json" {
		refuse(w, http.StatusUnsupportedMediaType, "content_type", "Methods take JSON.")
		return
	}
	arg, err := io.ReadAll(http.MaxBytesReader(w, r.Body, maxCall))
	if err != nil {
		refuse(w, http.StatusRequestEntityTooLarge, "too_large", "The argument is larger than 16 MiB.")
		return
	}
	result, err := s.Caller.Call(r.Context(), strings.TrimPrefix(r.URL.Path, "/api/call/"), arg)
	w.Header().Set("Cache-Control", "no-store")
	if err != nil {
		var known *studio.Error
		if !errors.As(err, &known) {
			known = &studio.Error{Code: "failed", Message: err.Error()}
		}
		write(w, http.StatusUnprocessableEntity, map[string]any{"error": known})
		return
	}
	write(w, http.StatusOK, map[string]any{"result": result})
}

func write(w http.ResponseWriter, status int, v any) {
	text, err := json.Marshal(v)
	if err != nil {
		status, text = http.StatusInternalServerError, []byte(`{"error":{"code":"internal","message":"The answer cannot be written."}}`)
	}
	w.Header().Set("Content-Type", "application/json")
	w.WriteHeader(status)
	_, _ = w.Write(text)
}

func refuse(w http.ResponseWriter, status int, code, message string) {
	write(w, status, map[string]any{"error": studio.Error{Code: code, Message: message}})
}

// asset answers the front end. A build of the program without one says so.
func (s *Server) asset(w http.ResponseWriter, r *http.Request) {
	if _, err := fs.Stat(s.Assets, "index.html"); err != nil {
		w.Header().Set("Content-Type", "text/plain; charset=utf-8")
		w.WriteHeader(http.StatusNotFound)
		_, _ = io.WriteString(w, "This build of authflow holds no front end. Build it with: make build\n")
		return
	}
	if strings.HasPrefix(r.URL.Path, "/assets/") {
		w.Header().Set("Cache-Control", "public, max-age=31536000, immutable") // names hold a hash
	} else {
		w.Header().Set("Cache-Control", "no-cache")
	}
	http.FileServerFS(s.Assets).ServeHTTP(w, r)
}
