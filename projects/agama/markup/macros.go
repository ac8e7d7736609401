package markup

// This file finds macros, and puts them where they are called.

import (
	"fmt"
	"maps"
	"slices"
	"strings"
)

// define notes the macros of a template, and of those that it imports.
func (c *converter) define(path string, parts []part, prefix string) {
	c.taken++
	if c.depth++; c.depth > maxInlined || c.taken > maxTaken {
		c.depth--
		return
	}
	defer func() { c.depth-- }()
	for i := 0; i < len(parts); i++ {
		p := parts[i]
		switch {
		case p.directive == "macro" && !p.closing:
			end := matching(parts, i)
			names := strings.Fields(p.args)
			if len(names) > 0 {
				c.macros[prefix+names[0]] = macro{path: path, params: paramsOf(strings.TrimSpace(strings.TrimPrefix(p.args, names[0]))), body: parts[i+1 : end]}
			}
			i = end
		case p.directive == "import":
			if m := importForm.FindStringSubmatch(p.args); m != nil {
				if at, text, ok := c.files.Template(path, m[1]); ok {
					c.define(at, cut(text), m[2]+".")
				}
			}
		case p.directive == "include":
			if m := includeForm.FindStringSubmatch(p.args); m != nil {
				if at, text, ok := c.files.Template(path, m[1]); ok {
					c.define(at, cut(text), prefix)
				}
			}
		}
	}
}

func paramsOf(s string) []param {
	var out []param
	for {
		m := paramForm.FindStringSubmatch(s)
		if m == nil {
			return out
		}
		p := param{m[1], m[2]}
		if p.name == "" {
			p.name, p.value = p.value, ""
		}
		out = append(out, p)
		s = s[len(m[0]):]
	}
}

// call puts a macro where it is called.
func (c *converter) call(path string, p part, inner []part, s scope) string {
	nested := func() string { return c.part(path, inner, s) }
	m, ok := c.macros[p.directive]
	if !ok && !strings.Contains(p.directive, ".") {
		for _, name := range slices.Sorted(maps.Keys(c.macros)) {
			if strings.HasSuffix(name, "."+p.directive) {
				m, ok = c.macros[name], true
				break
			}
		}
	}
	c.taken++
	if !ok || c.depth >= maxInlined || c.taken > maxTaken {
		c.tell(p.line, false, "Write what it shows into the page, or let the page stand in our layout, which has a frame of its own.", "The macro @%s is not in the archive; what stands in it was kept", p.directive)
		return nested()
	}
	c.depth++
	defer func() { c.depth-- }()
	in := scope{map[string]string{}, func() string {
		c.depth--
		defer func() { c.depth++ }()
		return nested()
	}}
	given := map[string]string{}
	positional := 0
	for _, a := range paramsOf(p.args) {
		if a.value == "" && positional < len(m.params) {
			given[m.params[positional].name] = a.name
			positional++
			continue
		}
		given[a.name] = a.value
	}
	var out strings.Builder
	for _, a := range m.params {
		value := a.value
		if v, ok := given[a.name]; ok {
			value = v
		}
		if value == "" {
			value = `""`
		}
		e, ok := c.expr(p.line, value, s)
		if !ok {
			e.text = `""`
		}
		c.count++
		v := c.variable(fmt.Sprintf("%s_%d", a.name, c.count))
		out.WriteString("{{" + v + " = " + e.safe() + "}}")
		in.local[a.name] = v
	}
	return out.String() + c.part(m.path, m.body, in)
}
