package idp

import (
	"crypto/sha256"
	"encoding/base64"
	"html/template"
	"net/http"
	"net/url"
)

// This file is the few pages of the provider itself: what cannot be told to a
// client, and the question before a logout.

const style = `body{font:16px/1.5 system-ui,sans-serif;margin:12vh auto;max-width:26rem;padding:0 1rem;color:#1d2330;background:#f6f7f9}
main{background:#fff;border:1px solid #dfe3ea;border-radius:10px;padding:1.5rem 2rem}
h1{font-size:1.25rem;margin:.25rem 0 .75rem}p{margin:.5rem 0}code{font-size:.85em;color:#5a6478}
button{font:inherit;padding:.55rem 1.1rem;border:0;border-radius:7px;background:#2457d6;color:#fff;cursor:pointer}
button:focus-visible{outline:3px solid #9db8ff;outline-offset:2px}
@media (prefers-color-scheme:dark){body{color:#e7eaf0;background:#14171d}main{background:#1c2129;border-color:#313846}code{color:#9aa5b8}}`

var styleHash = func() string {
	sum := sha256.Sum256([]byte(style))
	return "'sha256-" + base64.StdEncoding.EncodeToString(sum[:]) + "'"
}()

var pages = template.Must(template.New("page").Parse(`<!doctype html>
<html lang="en"><head><meta charset="utf-8"><meta name="viewport" content="width=device-width,initial-scale=1">
<meta name="robots" content="noindex"><title>{{.Title}}</title><style>{{.Style}}</style></head>
<body><main><h1>{{.Title}}</h1><p>{{.Text}}</p>
{{with .Code}}<p><code>{{.}}</code></p>{{end}}
{{with .Form}}<form method="post" action="{{.Action}}">
{{range .Fields}}<input type="hidden" name="{{.Name}}" value="{{.Value}}">{{end}}
<p><button type="submit">Sign out</button></p></form>{{end}}
</main></body></html>
`))

type page struct {
	Title, Text, Code string
	Style             template.CSS
	Form              *form
}

type form struct {
	Action string
	Fields []field
}

type field struct{ Name, Value string }

// show writes a page that loads nothing, is kept and framed by nobody, and can
// send its form to us and, by our redirect, to one client.
func show(w http.ResponseWriter, status int, p page, formTargets string) {
	h := w.Header()
	h.Set("Content-Type", "text/html; charset=utf-8")
	h.Set("Cache-Control", "no-store")
	h.Set("Pragma", "no-cache")
	h.Set("Referrer-Policy", "no-referrer")
	h.Set("X-Content-Type-Options", "nosniff")
	h.Set("X-Frame-Options", "DENY")
	h.Set("Content-Security-Policy", "default-src 'none'; style-src "+styleHash+"; form-action "+formTargets+"; base-uri 'none'; frame-ancestors 'none'")
	w.WriteHeader(status)
	p.Style = style
	_ = pages.Execute(w, p) // the browser may have gone
}

// errorPage tells the person what must not be told to an address that nobody
// vouches for.
func errorPage(w http.ResponseWriter, e *oauthError) {
	show(w, e.Status, page{
		Title: "This sign-in request cannot be answered",
		Text:  "The application that sent you here made a mistake. Go back to it and try again; if that does not help, tell its operators what stands below.",
		Code:  e.Code + ": " + e.Description,
	}, "'none'")
}

func (p *Provider) pageServerError(w http.ResponseWriter, err error) {
	p.o.Report(err)
	show(w, http.StatusInternalServerError, page{
		Title: "Something went wrong",
		Text:  "The request could not be completed, and you may still be signed in. Please try again.",
	}, "'none'")
}

func signedOutPage(w http.ResponseWriter) {
	show(w, http.StatusOK, page{Title: "You are signed out", Text: "You can close this window."}, "'none'")
}

func confirmPage(w http.ResponseWriter, action string, q logoutRequest, ticket string) {
	f := form{Action: action}
	for _, it := range []field{{"ticket", ticket}, {"client_id", q.client.ID}, {"post_logout_redirect_uri", q.uri}, {"state", q.state}} {
		if it.Value != "" {
			f.Fields = append(f.Fields, it)
		}
	}
	targets := "'self'"
	if u, err := url.Parse(q.to); err == nil && u.Host != "" {
		targets += " " + u.Scheme + "://" + u.Host // browsers apply form-action to redirects too
	} else if err == nil && u.Scheme != "" {
		targets += " " + u.Scheme + ":"
	}
	show(w, http.StatusOK, page{Title: "Do you want to sign out?", Text: "You asked to end your session here.", Form: &f}, targets)
}
