package server

import (
	_ "embed" // the page
	"html/template"
	"net/http"
	"net/url"
	"slices"
	"strings"
	"time"

	"github.com/authflow-studio/authflow/engine/flow"
	"github.com/authflow-studio/authflow/engine/web"
	"github.com/authflow-studio/authflow/engine/world"
)

// This file is the page of a simulated provider, on which somebody is picked.

//go:embed socialprovider.html
var socialPage string

var socialTemplate = template.Must(template.New("socialprovider").Parse(socialPage))

// socialCodeLife is how long a code is good.
const socialCodeLife = time.Minute

type hiddenField struct{ Name, Value string }

type socialPageData struct {
	Title, Action, Problem string

	Hidden []hiddenField
	People []world.OtherPerson
}

// socialParams are taken along from the request to the choice.
var socialParams = []string{"response_type", "client_id", "redirect_uri", "scope", "state", "nonce", "code_challenge", "code_challenge_method", "prompt"}

func (s *socialProviders) show(w http.ResponseWriter, status int, data socialPageData) {
	w.Header().Set("Content-Type", "text/html; charset=utf-8")
	w.WriteHeader(status)
	if err := socialTemplate.Execute(w, data); err != nil {
		s.h.Log.Error("the simulated provider's page cannot be rendered", "error", err)
	}
}

// authorize shows who can sign in there.
func (s *socialProviders) authorize(w http.ResponseWriter, r *http.Request, p otherProvider) {
	q := r.URL.Query()
	if !s.acceptable(w, r, p, q) {
		return
	}
	data := socialPageData{Title: p.Name(p.id), Action: p.issuer + "/authorize", People: s.people(p.id)}
	for _, name := range socialParams {
		if v := q.Get(name); v != "" {
			data.Hidden = append(data.Hidden, hiddenField{name, v})
		}
	}
	s.show(w, http.StatusOK, data)
}

// acceptable judges a request. Who asks with a wrong client or redirect is told
// on a page; everything else goes back to who asked.
func (s *socialProviders) acceptable(w http.ResponseWriter, r *http.Request, p otherProvider, q url.Values) bool {
	callback := p.origin + web.CallbackPath
	switch uri := q.Get("redirect_uri"); {
	case q.Get("client_id") != p.ClientID:
		s.show(w, http.StatusBadRequest, socialPageData{Title: p.Name(p.id), Problem: "The client id is not the one of authflow.json."})
		return false
	case uri != callback && uri != callback+"/"+p.id:
		s.show(w, http.StatusBadRequest, socialPageData{Title: p.Name(p.id), Problem: "The redirect address is not " + callback + "/" + p.id + "."})
		return false
	}
	problem := ""
	switch {
	case q.Get("response_type") != "code":
		problem = "unsupported_response_type"
	case !slices.Contains(strings.Fields(q.Get("scope")), "openid"):
		problem = "invalid_scope"
	case p.PKCE != flow.PKCENone && (q.Get("code_challenge") == "" || q.Get("code_challenge_method") != "S256"):
		problem = "invalid_request"
	case q.Get("prompt") == "none":
		problem = "login_required"
	}
	if problem != "" {
		s.goBack(w, p, q, url.Values{"error": {problem}})
		return false
	}
	return true
}

// chosen takes who was picked, or that nobody was.
func (s *socialProviders) chosen(w http.ResponseWriter, r *http.Request, p otherProvider) {
	r.Body = http.MaxBytesReader(w, r.Body, 64<<10)
	if err := r.ParseForm(); err != nil {
		http.Error(w, "this is no form", http.StatusBadRequest)
		return
	}
	if !s.acceptable(w, r, p, r.PostForm) {
		return
	}
	person, ok := s.person(p.id, r.PostForm.Get("_person"))
	if !ok || r.PostForm.Get("_cancel") != "" {
		s.goBack(w, p, r.PostForm, url.Values{"error": {"access_denied"}, "error_description": {"the person cancelled"}})
		return
	}
	q := r.PostForm
	code := s.keep(s.codes, socialGrant{provider: p.id, issuer: p.issuer, redirectURI: q.Get("redirect_uri"), nonce: q.Get("nonce"), challenge: q.Get("code_challenge"),
		person: person, scopes: strings.Fields(q.Get("scope")), expires: s.h.Clock.Now().Add(socialCodeLife)})
	s.goBack(w, p, q, url.Values{"code": {code}})
}

// goBack sends the person back, with the issuer (RFC 9207).
func (s *socialProviders) goBack(w http.ResponseWriter, p otherProvider, q, answer url.Values) {
	answer.Set("iss", p.issuer)
	switch s.ordered(p.id, inAnswer) {
	case AnswerWithoutIssuer:
		answer.Del("iss")
	case AnswerOfAnother:
		answer.Set("iss", "https://another.example")
	}
	if state := q.Get("state"); state != "" {
		answer.Set("state", state)
	}
	w.Header().Set("Location", q.Get("redirect_uri")+"?"+answer.Encode())
	w.WriteHeader(http.StatusSeeOther)
}
