package agent

import (
	"context"
	"fmt"
	"net/http"
	"net/url"
	"sort"
	"strings"

	xhtml "golang.org/x/net/html"
	"golang.org/x/net/html/atom"
)

// Form is one form of a page.
type Form struct {
	Action string // absolute
	Method string // GET or POST
	Fields []Input
}

// Input is one input or submit button of a form.
type Input struct {
	Name, Value, Type string
	Checked           bool
}

// Fill submits the page's first form that has the given fields, with a button
// when one is named (by name, or by value for buttons that share a name).
func (a *Agent) Fill(ctx context.Context, p *Page, values map[string]string, button string) (*Page, error) {
	for _, f := range p.Forms {
		if fields, ok := f.fill(values, button); ok {
			return a.Send(ctx, f.Method, f.Action, fields)
		}
	}
	return nil, fmt.Errorf("agent: the page %s has no form with %s", p.URL, wanted(values, button))
}

func wanted(values map[string]string, button string) string {
	var names []string
	for n := range values {
		names = append(names, n)
	}
	sort.Strings(names)
	s := "the fields " + strings.Join(names, ", ")
	if button != "" {
		s += " and the button " + button
	}
	return s
}

// fill answers what a browser would send; false when a field or the button is
// not in the form.
func (f Form) fill(values map[string]string, button string) ([][2]string, bool) {
	var out [][2]string
	used, pressed := map[string]bool{}, button == ""
	for _, in := range f.Fields {
		v, set := values[in.Name]
		used[in.Name] = used[in.Name] || set
		switch in.Type {
		case "submit":
			if button != "" && (in.Name == button || in.Value == button) {
				out = append(out, [2]string{in.Name, in.Value})
				pressed = true
			}
			continue
		case "checkbox", "radio":
			if set && v != in.Value || !set && !in.Checked {
				continue
			}
			v, set = in.Value, true
		}
		if !set {
			v = in.Value
		}
		out = append(out, [2]string{in.Name, v})
	}
	for name := range values {
		if !used[name] {
			return nil, false
		}
	}
	return out, pressed
}

// forms collects the forms of a document.
func forms(doc *xhtml.Node, base *url.URL) []Form {
	var out []Form
	for n := range doc.Descendants() {
		if n.DataAtom == atom.Form {
			out = append(out, readForm(n, base))
		}
	}
	return out
}

func readForm(form *xhtml.Node, base *url.URL) Form {
	f := Form{Method: http.MethodGet, Action: base.String()}
	if strings.EqualFold(attr(form, "method"), http.MethodPost) {
		f.Method = http.MethodPost
	}
	if u, err := base.Parse(attr(form, "action")); err == nil {
		f.Action = u.String()
	}
	for n := range form.Descendants() {
		name, kind := attr(n, "name"), strings.ToLower(attr(n, "type"))
		switch n.DataAtom {
		case atom.Input:
			if kind == "checkbox" || kind == "radio" {
				value := attr(n, "value")
				if value == "" {
					value = "on"
				}
				f.Fields = append(f.Fields, Input{Name: name, Value: value, Type: kind, Checked: has(n, "checked")})
				continue
			}
		case atom.Button:
			if kind == "" {
				kind = "submit"
			}
		case atom.Textarea, atom.Select:
		default:
			continue
		}
		if name != "" {
			f.Fields = append(f.Fields, Input{Name: name, Value: attr(n, "value"), Type: kind})
		}
	}
	return f
}

func has(n *xhtml.Node, key string) bool {
	for _, t := range n.Attr {
		if strings.EqualFold(t.Key, key) {
			return true
		}
	}
	return false
}
