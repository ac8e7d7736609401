package script

// This file reads what an Action says of itself in the comment that begins its
// file: what it is called, what can be configured, by which ports it may leave.
// Nothing of it is run, so that the drawing board can read it at every key.

import (
	"fmt"
	"regexp"
	"slices"
	"strconv"
	"strings"
)

// Header is what an Action says of itself.
type Header struct {
	Title   string         `json:"title,omitempty"`
	Summary string         `json:"summary,omitempty"`
	Config  []HeaderConfig `json:"config,omitempty"`
	Ports   []HeaderPort   `json:"ports,omitempty"`
	Outputs []HeaderOutput `json:"outputs,omitempty"`
}

// HeaderConfig is one entry of api.config.
type HeaderConfig struct {
	Name     string   `json:"name"`
	Type     string   `json:"type"` // text, number, boolean, list or choice
	Options  []string `json:"options,omitempty"`
	Default  any      `json:"default,omitempty"`
	Required bool     `json:"required,omitempty"`
	Help     string   `json:"help,omitempty"`
}

// HeaderPort is one outcome besides next.
type HeaderPort struct {
	Name string `json:"name"`
	Help string `json:"help,omitempty"`
}

// HeaderOutput is one value that the Action sets.
type HeaderOutput struct {
	Name string `json:"name"`
	Type string `json:"type"`
	Help string `json:"help,omitempty"`
}

// CodeHeader says that a tag of the header cannot be read.
const CodeHeader Code = "bad_header"

var (
	leading   = regexp.MustCompile(`^\s*/\*\*((?s:.*?))\*/`)
	tagForm   = regexp.MustCompile(`^@(\w+)\s*(?:\{([^}]*)\})?\s*(.*)$`)
	nameForm  = regexp.MustCompile(`^(\[?)([A-Za-z_][A-Za-z0-9_]*)(?:\s*=\s*([^\]]*))?(\]?)\s*(?:[-–—:]\s*)?(.*)$`)
	portForm  = regexp.MustCompile(`^[a-z][a-z0-9_]*$`)
	configs   = []string{"text", "string", "number", "boolean", "list", "string[]"}
	outTypes  = []string{"string", "number", "integer", "boolean", "object", "array", "any"}
	plainName = map[string]string{"string": "text", "string[]": "list"}
)

// ReadHeader reads the header of a source, and answers what of it could not be
// read.
func ReadHeader(source string) (Header, []Issue) {
	var h Header
	var issues []Issue
	found := leading.FindStringSubmatchIndex(source)
	if found == nil {
		return h, nil
	}
	line := 1 + strings.Count(source[:found[2]], "\n")
	for i, text := range strings.Split(source[found[2]:found[3]], "\n") {
		text = strings.TrimSpace(strings.TrimPrefix(strings.TrimSpace(text), "*"))
		if err := h.line(text); err != nil {
			issues = append(issues, Issue{Line: line + i, Column: 1, Message: err.Error(), Code: CodeHeader, Severity: severityError})
		}
	}
	return h, issues
}

func (h *Header) line(text string) error {
	tag := tagForm.FindStringSubmatch(text)
	if tag == nil {
		if text != "" && len(h.Config)+len(h.Ports)+len(h.Outputs) == 0 {
			h.Summary = strings.TrimSpace(h.Summary + " " + text)
		}
		return nil
	}
	kind, typ, rest := tag[1], strings.TrimSpace(tag[2]), strings.TrimSpace(tag[3])
	switch kind {
	case "title":
		h.Title = rest
	case "config":
		return h.config(typ, rest)
	case "port":
		return h.port(rest)
	case "output":
		return h.output(typ, rest)
	}
	return nil // other tags of JSDoc are none of ours
}

func (h *Header) config(typ, rest string) error {
	n := nameForm.FindStringSubmatch(rest)
	if n == nil || (n[1] == "[") != (n[4] == "]") {
		return fmt.Errorf("@config needs a type and a name, such as: @config {text} [domain=example.com] - whose mail is welcome")
	}
	c := HeaderConfig{Name: n[2], Type: typ, Required: n[1] == "", Help: n[5]}
	switch {
	case strings.Contains(typ, "|"):
		c.Type = "choice"
		for _, o := range strings.Split(typ, "|") {
			c.Options = append(c.Options, strings.Trim(strings.TrimSpace(o), `"'`))
		}
	case !slices.Contains(configs, typ):
		return fmt.Errorf("@config %s: the type %q is none of text, number, boolean, list, or a choice such as allow|deny", c.Name, typ)
	case plainName[typ] != "":
		c.Type = plainName[typ]
	}
	if slices.ContainsFunc(h.Config, func(o HeaderConfig) bool { return o.Name == c.Name }) {
		return fmt.Errorf("@config %s stands twice", c.Name)
	}
	if n[3] != "" {
		v, err := c.value(strings.TrimSpace(n[3]))
		if err != nil {
			return err
		}
		c.Default = v
	}
	h.Config = append(h.Config, c)
	return nil
}

func (c HeaderConfig) value(text string) (any, error) {
	switch c.Type {
	case "number":
		n, err := strconv.ParseFloat(text, 64)
		if err != nil {
			return nil, fmt.Errorf("@config %s: %q is no number", c.Name, text)
		}
		return n, nil
	case "boolean":
		if text != "true" && text != "false" {
			return nil, fmt.Errorf("@config %s: %q is neither true nor false", c.Name, text)
		}
		return text == "true", nil
	case "list":
		list := []any{}
		for _, e := range strings.Split(text, ",") {
			if e = strings.TrimSpace(e); e != "" {
				list = append(list, e)
			}
		}
		return list, nil
	case "choice":
		if !slices.Contains(c.Options, text) {
			return nil, fmt.Errorf("@config %s: %q is none of %s", c.Name, text, strings.Join(c.Options, ", "))
		}
	}
	return text, nil
}

func (h *Header) port(rest string) error {
	name, help := nameAndHelp(rest)
	switch {
	case !portForm.MatchString(name):
		return fmt.Errorf("@port needs a name of lower-case letters, digits and _, such as: @port blocked - not welcome")
	case name == "next" || name == "error":
		return fmt.Errorf("@port %s: every Action has this port already", name)
	case slices.ContainsFunc(h.Ports, func(p HeaderPort) bool { return p.Name == name }):
		return fmt.Errorf("@port %s stands twice", name)
	}
	h.Ports = append(h.Ports, HeaderPort{name, help})
	return nil
}

func (h *Header) output(typ, rest string) error {
	name, help := nameAndHelp(rest)
	if typ == "" {
		typ = "any"
	}
	if name == "" || !slices.Contains(outTypes, typ) {
		return fmt.Errorf("@output needs a type (%s) and a name, such as: @output {string} kind - corporate or personal", strings.Join(outTypes, ", "))
	}
	h.Outputs = append(h.Outputs, HeaderOutput{name, typ, help})
	return nil
}

func nameAndHelp(rest string) (name, help string) {
	n := nameForm.FindStringSubmatch(rest)
	if n == nil || n[1] != "" {
		return "", ""
	}
	return n[2], n[5]
}

// Configured answers api.config: what the block says, completed by the
// defaults, in the types that the header names.
func (h Header) Configured(given map[string]any) (map[string]any, error) {
	out := map[string]any{}
	for k, v := range given {
		out[k] = v
	}
	for _, c := range h.Config {
		v, there := out[c.Name]
		if text, isText := v.(string); isText && text != "" {
			typed, err := c.value(text)
			if err != nil {
				return nil, err
			}
			out[c.Name] = typed
			continue
		}
		if there && v != nil && v != "" {
			continue
		}
		delete(out, c.Name)
		if c.Default != nil {
			out[c.Name] = c.Default
		} else if c.Required {
			return nil, fmt.Errorf("the setting %s is missing", c.Name)
		}
	}
	return out, nil
}
