package idp

import (
	"bytes"
	"crypto/sha256"
	"encoding/base64"
	"html/template"
	"net/http"
	"net/url"
	"slices"
	"strings"
)

// This file is the few pages of the provider itself: what cannot be told to a
// client, the question before a logout, the form that carries an answer. They
// look like the pages of a sign-in.

// submit posts the form of an answer; it is the one script there is, and the
// policy names it by its hash.
const submit = `document.forms[0].submit()`

var submitHash = func() string {
	sum := sha256.Sum256([]byte(submit))
	return "'sha256-" + base64.StdEncoding.EncodeToString(sum[:]) + "'"
}()

var pages = template.Must(template.New("page").Parse(`{{define "top"}}<!doctype html>
<html lang="{{.Lang}}">
<head>
<meta charset="utf-8">
<meta name="viewport" content="width=device-width, initial-scale=1">
<meta name="color-scheme" content="light dark">
<meta name="robots" content="noindex">
<title>{{.Title}}{{with .Brand}} · {{.}}{{end}}</title>
<link rel="stylesheet" href="{{.Style}}">
</head>
<body>
<main class="card">
{{with .Brand}}<p class="brand"><span class="mark" aria-hidden="true"></span>{{.}}</p>{{end}}
<h1>{{.Title}}</h1>
<p class="intro">{{.Intro}}</p>{{end}}{{define "bottom"}}</main>
</body>
</html>
{{end}}{{template "top" .}}
{{with .Code}}<p class="error" role="alert">{{.}}</p>{{end}}
{{with .Form}}<form method="post" action="{{.Action}}">
{{range .Fields}}<input type="hidden" name="{{.Name}}" value="{{.Value}}">
{{end}}<button type="submit" class="primary">{{.Button}}</button>
</form>
{{with .Script}}<script>{{.}}</script>{{end}}{{end}}
{{template "bottom" .}}`))

type page struct {
	Lang, Brand, Style string
	Title, Intro, Code string
	Form               *form
}

type form struct {
	// Action is a registered address or our own; of an app's own scheme too,
	// which a template would not let through unasked.
	Action template.URL
	Button string
	Fields []field
	Script template.JS
}

type field struct{ Name, Value string }

// show writes a page that loads nothing but its style, is kept and framed by
// nobody, and can send its form to the targets named.
func (p *Provider) show(w http.ResponseWriter, r *http.Request, status int, about string, d page, formTargets string) {
	d.Lang, d.Brand, d.Style = p.text(r, "idp.lang"), p.text(r, "idp.brand"), p.o.StyleSheet
	d.Title, d.Intro = p.text(r, "idp."+about+".title"), p.text(r, "idp."+about+".intro")
	script := ""
	if d.Form != nil {
		d.Form.Button = p.text(r, "idp."+about+".button")
		if d.Form.Script != "" {
			script = "script-src " + submitHash + "; "
		}
	}
	var body bytes.Buffer
	if err := pages.Execute(&body, d); err != nil {
		p.o.Report(err)
		http.Error(w, http.StatusText(http.StatusInternalServerError), http.StatusInternalServerError)
		return
	}
	writePage(w, status, body.Bytes(), script, formTargets)
}

// writePage answers a page with what guards all of them.
func writePage(w http.ResponseWriter, status int, body []byte, script, formTargets string) {
	h := w.Header()
	h.Set("Content-Type", "text/html; charset=utf-8")
	h.Set("Cache-Control", "no-store")
	h.Set("Pragma", "no-cache")
	h.Set("Referrer-Policy", "no-referrer")
	h.Set("X-Content-Type-Options", "nosniff")
	h.Set("X-Frame-Options", "DENY")
	h.Set("Content-Security-Policy", "default-src 'none'; style-src 'self'; "+script+"form-action "+formTargets+"; base-uri 'none'; frame-ancestors 'none'")
	w.WriteHeader(status)
	_, _ = w.Write(body) // the browser may have gone
}

// errorPage tells the person what must not be told to an address that nobody
// vouches for.
func (p *Provider) errorPage(w http.ResponseWriter, r *http.Request, e *oauthError) {
	noteOutcome(w, e.Code)
	p.show(w, r, e.Status, "error", page{Code: e.Code + ": " + e.Description}, "'none'")
}

func (p *Provider) pageServerError(w http.ResponseWriter, r *http.Request, err error) {
	p.o.Report(err)
	noteOutcome(w, "server_error")
	p.show(w, r, http.StatusInternalServerError, "server_error", page{}, "'none'")
}

func (p *Provider) signedOutText(w http.ResponseWriter, r *http.Request) {
	p.show(w, r, http.StatusOK, "signed_out", page{}, "'none'")
}

func (p *Provider) confirmPage(w http.ResponseWriter, r *http.Request, q logoutRequest, ticket string) {
	f := form{Action: template.URL(p.o.Issuer + pathEndSession)}
	for _, it := range []field{{"ticket", ticket}, {"client_id", q.client.ID}, {"post_logout_redirect_uri", q.uri}, {"state", q.state}} {
		if it.Value != "" {
			f.Fields = append(f.Fields, it)
		}
	}
	// Browsers apply form-action to the redirect after it too.
	p.show(w, r, http.StatusOK, "logout", page{Form: &f}, strings.TrimSpace("'self' "+formTarget(q.to)))
}

// formPage posts an answer to the client (OAuth 2.0 Form Post Response Mode);
// without scripts the person does.
func (p *Provider) formPage(w http.ResponseWriter, r *http.Request, it parked) {
	f := form{Action: template.URL(it.URI), Script: submit}
	for name := range it.Answer {
		f.Fields = append(f.Fields, field{name, it.Answer.Get(name)})
	}
	slices.SortFunc(f.Fields, func(a, b field) int { return strings.Compare(a.Name, b.Name) })
	p.show(w, r, http.StatusOK, "continue", page{Form: &f}, formTarget(it.URI))
}

// formTarget names in a policy where a form may lead.
func formTarget(uri string) string {
	u, err := url.Parse(uri)
	switch {
	case err != nil || u.Scheme == "":
		return ""
	case u.Host == "":
		return u.Scheme + ":"
	}
	return u.Scheme + "://" + u.Host
}
