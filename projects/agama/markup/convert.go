package markup

// This file turns a whole template.

import (
	"fmt"
	"maps"
	"regexp"
	"slices"
	"strings"
)

// maxInlined bounds templates that take one another in.
const (
	maxInlined = 8
	maxTaken   = 500 // how often one page takes another in
	maxOut     = 512 << 10
)

// Convert turns the template at a path.
func Convert(path, source string, files Files) Page {
	c := &converter{files: files, uses: map[string]bool{}, macros: map[string]macro{}}
	c.define(path, cut(source), "")
	body := c.part(path, cut(source), scope{local: map[string]string{}})
	out := Page{Trouble: c.trouble}
	if len(body) > maxOut {
		c.tell(1, true, "Write the page anew.", "The page becomes larger than a page may be, and was left out")
		body, out.Trouble = "", c.trouble
	}
	out.html(path, c.declared.String(), body, files)
	for name := range c.uses {
		out.Uses = append(out.Uses, name)
	}
	slices.Sort(out.Uses)
	return out
}

type macro struct {
	path   string
	params []param
	body   []part
}

// param is a parameter with its value; one without a value stands in name alone.
type param struct{ name, value string }

// scope is what names mean at a place, and what <#nested> stands for.
type scope struct {
	local  map[string]string
	nested func() string
}

func (s scope) with(name, variable string) scope {
	local := maps.Clone(s.local)
	local[name] = variable
	return scope{local, s.nested}
}

type converter struct {
	files    Files
	uses     map[string]bool
	macros   map[string]macro
	declared strings.Builder // variables, set to nothing before anything is shown
	known    map[string]bool
	count    int
	depth    int
	taken    int
	size     int
	trouble  []Trouble
}

func (c *converter) tell(line int, serious bool, do, format string, args ...any) {
	t := Trouble{line, serious, fmt.Sprintf(format, args...), do}
	if c.depth > 0 {
		t.Line = 0
	}
	if !slices.Contains(c.trouble, t) {
		c.trouble = append(c.trouble, t)
	}
}

// mark leaves a visible trace of what could not be carried over.
func mark(what string) string {
	what = strings.NewReplacer("{{", "{ {", "}}", "} }", "<", "&lt;", ">", "&gt;", "--", "- -", "\n", " ").Replace(what)
	return `<span class="import-todo" style="outline: 2px dashed #b45309">[not imported: ` + what + `]</span>`
}

var (
	importForm  = regexp.MustCompile(`^["']([^"']+)["']\s+as\s+(\w+)$`)
	includeForm = regexp.MustCompile(`^["']([^"']+)["']`)
	listForm    = regexp.MustCompile(`(?s)^(.+)\s+as\s+(\w+)(?:\s*,\s*(\w+))?$`)
	assignForm  = regexp.MustCompile(`(?s)^["']?(\w+)["']?\s*=\s*(.+)$`)
	paramForm   = regexp.MustCompile(`(?s)^\s*,?\s*(?:(\w+)\s*=\s*)?("[^"]*"|'[^']*'|\([^)]*\)|[^\s,=]+)`)
)

// matching answers where the tag that opens at i is closed, or the end.
func matching(parts []part, i int) int {
	name, user, depth := parts[i].directive, parts[i].user, 0
	for j := i; j < len(parts); j++ {
		p := parts[j]
		if p.user != user || !p.closing && p.directive != name || p.closing && p.directive != name && !(user && p.directive == "?") || p.alone {
			continue
		}
		if p.closing {
			depth--
		} else {
			depth++
		}
		if depth == 0 {
			return j
		}
	}
	return len(parts)
}

// part turns a run of parts.
func (c *converter) part(path string, parts []part, s scope) string {
	var out strings.Builder
	for i := 0; i < len(parts) && c.size <= maxOut; i++ {
		p := parts[i]
		before := out.Len()
		switch {
		case p.isValue:
			out.WriteString(c.shown(p, s))
		case p.directive == "":
			out.WriteString(strings.ReplaceAll(p.text, "{{", `{{"{{"}}`))
		case p.user:
			end := i
			if !p.alone && !p.closing {
				end = matching(parts, i)
			}
			if !p.closing {
				out.WriteString(c.call(path, p, parts[min(i+1, len(parts)):max(min(i+1, len(parts)), end)], s))
			}
			i = end
		default:
			i = c.directive(path, parts, i, s, &out)
		}
		c.size += out.Len() - before
	}
	return out.String()
}

func (c *converter) expr(line int, text string, s scope) (expr, bool) {
	e, err := convert(strings.TrimSpace(text), names{s.local, c.uses})
	if err != nil {
		c.tell(line, true, "Write it in the page, or let an Action work the value out and give it to the page's model.", "%s is not carried over: %v has no counterpart here", strings.TrimSpace(text), err)
	}
	return e, err == nil
}

func (c *converter) shown(p part, s scope) string {
	e, ok := c.expr(p.line, p.value, s)
	if !ok {
		return mark("${" + p.value + "}")
	}
	if e.instead != "" {
		return `{{if eq (print ` + e.value + `) "<nil>"}}{{` + e.instead + "}}{{else}}{{" + e.value + "}}{{end}}"
	}
	return "{{" + e.text + "}}"
}

// silent are directives that change nothing of what is shown here.
var silent = []string{"ftl", "setting", "compress", "noparse", "noescape", "escape", "outputformat", "autoesc", "noautoesc", "t", "lt", "rt", "nt", "flush", "import", "macro", "sep", "items", "attempt"}

func (c *converter) directive(path string, parts []part, i int, s scope, out *strings.Builder) int {
	p := parts[i]
	switch p.directive {
	case "if", "list":
		if p.closing {
			return i
		}
		end := matching(parts, i)
		inner := parts[i+1 : max(i+1, end)]
		if p.directive == "if" {
			out.WriteString(c.when(path, p, inner, s))
		} else {
			out.WriteString(c.list(path, p, inner, s))
		}
		return end
	case "macro", "function":
		if p.closing {
			return i
		}
		if p.directive == "function" {
			c.tell(p.line, true, "Write what it works out into the page.", "The function %s is not carried over", p.args)
		}
		return matching(parts, i)
	case "nested":
		if s.nested != nil {
			out.WriteString(s.nested())
		}
		return i
	case "include":
		out.WriteString(c.include(path, p, s))
		return i
	case "assign", "local", "global":
		if !p.closing {
			out.WriteString(c.assign(p, s))
		}
		return i
	case "recover":
		return matching(parts, i)
	}
	if !p.closing && !slices.Contains(silent, p.directive) {
		c.tell(p.line, true, "Write it in the page.", "The directive #%s is not carried over", p.directive)
		out.WriteString(mark("#" + p.directive + " " + p.args))
	}
	return i
}

// when turns #if with its branches.
func (c *converter) when(path string, p part, inner []part, s scope) string {
	var out strings.Builder
	word, cond := "if", p
	from, depth := 0, 0
	write := func(to int) {
		if cond.directive == "else" {
			out.WriteString("{{else}}")
		} else {
			e, ok := c.expr(cond.line, cond.args, s)
			text := e.safe()
			if !ok {
				text = "false" // what is not understood is not shown
			}
			out.WriteString("{{" + word + " " + text + "}}")
		}
		out.WriteString(c.part(path, inner[from:to], s))
	}
	for i, q := range inner {
		if q.directive == "if" && !q.user {
			if q.closing {
				depth--
			} else {
				depth++
			}
		}
		if depth == 0 && !q.user && !q.closing && (q.directive == "else" || q.directive == "elseif") {
			write(i)
			word, cond, from = "else if", q, i+1
		}
	}
	write(len(inner))
	return out.String() + "{{end}}"
}

func (c *converter) list(path string, p part, inner []part, s scope) string {
	m := listForm.FindStringSubmatch(p.args)
	if m == nil || strings.Contains(m[1], "..") {
		c.tell(p.line, true, "Write it as {{range …}} in the page.", "The list %s is not carried over", p.args)
		return mark("#list " + p.args)
	}
	e, ok := c.expr(p.line, m[1], s)
	if !ok {
		return mark("#list " + p.args)
	}
	c.count++
	item := fmt.Sprintf("$%s%d", m[2], c.count)
	in := s.with(m[2], item)
	head := "{{range " + item + " := " + e.safe() + "}}"
	if m[3] != "" {
		value := fmt.Sprintf("$%s%d", m[3], c.count)
		in = in.with(m[3], value)
		head = "{{range " + item + ", " + value + " := " + e.safe() + "}}"
	}
	return head + c.part(path, inner, in) + "{{end}}"
}

func (c *converter) include(path string, p part, s scope) string {
	m := includeForm.FindStringSubmatch(p.args)
	if m == nil {
		c.tell(p.line, true, "Write what it shows into the page.", "A part whose name is computed is not carried over (%s)", p.args)
		return mark("#include " + p.args)
	}
	at, text, ok := c.files.Template(path, m[1])
	c.taken++
	if !ok || c.depth >= maxInlined || c.taken > maxTaken {
		c.tell(p.line, true, "Write what it shows into the page.", "The part %s is not in the archive", m[1])
		return mark("#include " + m[1])
	}
	c.depth++
	defer func() { c.depth-- }()
	return c.part(at, cut(text), s)
}

// assign sets a variable of the template. It is declared before everything else,
// so that it is there wherever it is read.
func (c *converter) assign(p part, s scope) string {
	m := assignForm.FindStringSubmatch(p.args)
	if m == nil {
		c.tell(p.line, true, "Write it in the page.", "#%s %s is not carried over", p.directive, p.args)
		return mark("#" + p.directive + " " + p.args)
	}
	e, ok := c.expr(p.line, m[2], s)
	if !ok {
		return mark("#" + p.directive + " " + p.args)
	}
	v := c.variable(m[1])
	s.local[m[1]] = v
	return "{{" + v + " = " + e.safe() + "}}"
}

// variable declares a variable of its own.
func (c *converter) variable(name string) string {
	v := "$" + name + "_v"
	if c.known == nil {
		c.known = map[string]bool{}
	}
	if !c.known[v] {
		c.known[v] = true
		c.declared.WriteString("{{" + v + ` := (index $.Model "")}}`)
	}
	return v
}
