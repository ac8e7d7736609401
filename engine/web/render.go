package web

import (
	"bytes"
	"embed"
	"fmt"
	"html/template"
	"net/http"
	"strings"
	"sync"

	"github.com/authflow-studio/authflow/engine/block"
	"github.com/authflow-studio/authflow/engine/flow"
	"github.com/authflow-studio/authflow/engine/run"
)

//go:embed pages style.css passkey.js
var builtin embed.FS

// renderer keeps parsed templates by project version and path.
type renderer struct {
	mu     sync.Mutex
	parsed map[string]*template.Template
}

// maxParsed bounds the cache; in the harness each edit makes a new version.
const maxParsed = 256

// pageData is what a template sees. docs/pages.md is its reference.
type pageData struct {
	Title, Intro, Error string
	Fields              []fieldData
	Buttons             []buttonData
	Submit              string
	// Model holds the values of the block.
	Model map[string]any
	// Event is what is known of the person and the request.
	Event   map[string]any
	Action  string
	Ticket  string
	Project string
	Locale  string
	Return  string
	// Resume and Restart say which ways on a message page offers.
	Resume  string
	Restart bool
}

type fieldData struct {
	Name, Type, InputType, Label, Value, Pattern, Error, Autocomplete, InputMode string
	Required, Checked                                                            bool
}

type buttonData struct{ Name, Label string }

// template answers a parsed template of a project, or the built-in one of that
// path.
func (c *renderer) template(p *flow.Project, path string, locales []string) (*template.Template, error) {
	key := p.Digest + "|" + path
	c.mu.Lock()
	t := c.parsed[key]
	c.mu.Unlock()
	if t == nil {
		var err error
		if t, err = parseTemplate(p, path); err != nil {
			return nil, err
		}
		c.mu.Lock()
		if c.parsed == nil || len(c.parsed) >= maxParsed {
			c.parsed = map[string]*template.Template{}
		}
		c.parsed[key] = t
		c.mu.Unlock()
	}
	t, err := t.Clone()
	if err != nil {
		return nil, err
	}
	return t.Funcs(template.FuncMap{"label": func(key string) string { return block.Lookup(p, locales, key) }}), nil
}

func parseTemplate(p *flow.Project, path string) (*template.Template, error) {
	layout, err := builtin.ReadFile("pages/layout.html")
	if err != nil {
		return nil, err
	}
	t, err := template.New("layout").Funcs(template.FuncMap{"label": func(string) string { return "" }}).Parse(string(layout))
	if err != nil {
		return nil, err
	}
	source, ok := p.Pages[path]
	if !ok {
		text, err := builtin.ReadFile("pages/" + path)
		if err != nil {
			return nil, fmt.Errorf("there is no page %q: neither pages/%s in the project nor a built-in one", path, path)
		}
		source = string(text)
	}
	if t, err = t.New("page").Parse(source); err != nil {
		return nil, templateError(path, err)
	}
	return t, nil
}

// templateError says where a page is wrong: "pages/a.html: line 3: …".
func templateError(path string, err error) error {
	words := strings.TrimPrefix(err.Error(), "html/template:")
	words = strings.TrimPrefix(words, "template: ")
	if at, ok := strings.CutPrefix(words, "page:"); ok {
		words = "line " + at
	}
	return fmt.Errorf("pages/%s: %s", path, words)
}

// CheckTemplate reports what is wrong with a page template.
func CheckTemplate(path, source string) error {
	p := &flow.Project{Pages: map[string]string{path: source}}
	t, err := parseTemplate(p, path)
	if err != nil {
		return err
	}
	// html/template finds wrong contexts only when it escapes, at first use.
	err = t.Execute(&bytes.Buffer{}, pageData{Model: map[string]any{}, Event: map[string]any{}})
	if err != nil && strings.Contains(err.Error(), "html/template:") {
		return templateError(path, err)
	}
	return nil
}

// HasTemplate reports whether a page can be rendered.
func HasTemplate(p *flow.Project, path string) bool {
	if _, ok := p.Pages[path]; ok {
		return true
	}
	f, err := builtin.Open("pages/" + path)
	if err != nil {
		return false
	}
	return f.Close() == nil
}

// render shows the page that a run waits at.
func (h *Handler) render(w http.ResponseWriter, r *http.Request, status int, s *run.State, ticket string) {
	p, err := h.Engine.ProjectOf(r.Context(), s)
	if err != nil {
		h.refuse(w, r, err)
		return
	}
	locales := localesOf(s, r)
	d := newPageData(p, locales, s)
	d.Action, d.Ticket = pageURL(s.Page), ticket
	if err := h.reveal(r.Context(), s, &d); err != nil {
		h.refuse(w, r, err)
		return
	}
	if wantsJSON(r) {
		secure(w.Header())
		writeJSON(w, status, nativePage(s, d))
		return
	}
	t, err := h.renderer.template(p, s.Page.Template, locales)
	if err != nil {
		h.refuse(w, r, err)
		return
	}
	var out bytes.Buffer
	if err := t.Execute(&out, d); err != nil {
		h.refuse(w, r, fmt.Errorf("pages/%s: %w", s.Page.Template, err))
		return
	}
	body, err := addTicket(out.Bytes(), ticket)
	if err != nil {
		h.refuse(w, r, err)
		return
	}
	htmlHeaders(w.Header(), p.Settings.FrameAncestors, formTargets(p, s))
	h.allowScript(w.Header(), r, s)
	w.WriteHeader(status)
	_, _ = w.Write(body)
}

// Locales orders the languages of a request without a run.
func Locales(r *http.Request) []string { return localesOf(nil, r) }

// localesOf orders the languages of a person: ui_locales, Accept-Language (rule
// N10).
func localesOf(s *run.State, r *http.Request) []string {
	var out []string
	if s != nil {
		tx, _ := s.Event["transaction"].(map[string]any)
		ui, _ := tx["ui_locales"].(string)
		out = strings.Fields(ui)
	}
	for _, part := range strings.Split(r.Header.Get("Accept-Language"), ",") {
		tag, _, _ := strings.Cut(strings.TrimSpace(part), ";")
		if tag != "" && tag != "*" {
			out = append(out, tag)
		}
		if base, _, ok := strings.Cut(tag, "-"); ok {
			out = append(out, base)
		}
	}
	return out
}
