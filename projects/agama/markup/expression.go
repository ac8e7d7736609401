package markup

// This file turns expressions of FreeMarker into those of Go's templates.

import (
	"fmt"
	"slices"
	"strconv"
	"strings"
	"unicode"
	"unicode/utf8"
)

// names says what a name in an expression is.
type names struct {
	local map[string]string // of loops, assignments and macros: name → $variable
	uses  map[string]bool   // what the page must be given
}

// expr is a converted expression.
type expr struct {
	text string
	// chain is the parts of a path, each longer by one; only of those can be asked
	// whether they are there.
	chain []string
	// constant is a text that is known.
	constant *string
	// value and instead are the parts of a value with a default.
	value, instead string
}

// safe is an expression that is nothing where a part of a path is missing.
func (e expr) safe() string {
	if len(e.chain) < 2 {
		return e.text
	}
	return "(and " + strings.Join(e.chain, " ") + ")"
}

const maxDepth = 40

type parser struct {
	s     string
	i     int
	depth int
	n     names
}

type unsupported struct{ what string }

func (u unsupported) Error() string { return u.what }

// convert turns one expression.
func convert(s string, n names) (e expr, err error) {
	p := &parser{s: s, n: n}
	defer func() {
		if r := recover(); r != nil {
			u, ok := r.(unsupported)
			if !ok {
				panic(r)
			}
			err = u
		}
	}()
	e = p.or()
	p.space()
	if p.i < len(p.s) {
		p.give("%q", p.s[p.i:])
	}
	return e, nil
}

func (p *parser) give(format string, args ...any) {
	panic(unsupported{fmt.Sprintf(format, args...)})
}

func (p *parser) space() {
	for p.i < len(p.s) && strings.IndexByte(" \t\r\n", p.s[p.i]) >= 0 {
		p.i++
	}
}

// take goes over a sign if it comes.
func (p *parser) take(signs ...string) string {
	p.space()
	for _, s := range signs {
		if !strings.HasPrefix(p.s[p.i:], s) {
			continue
		}
		if letterAt(s, 0) && letterAt(p.s, p.i+len(s)) {
			continue
		}
		p.i += len(s)
		return s
	}
	return ""
}

func letterAt(s string, i int) bool {
	if i >= len(s) {
		return false
	}
	r, _ := utf8.DecodeRuneInString(s[i:])
	return unicode.IsLetter(r) || r == '_' || unicode.IsDigit(r)
}

func (p *parser) primary() expr {
	p.space()
	if p.i >= len(p.s) {
		p.give("an empty expression")
	}
	switch c := p.s[p.i]; {
	case c == '"' || c == '\'':
		return p.quoted(c)
	case c == '(':
		p.i++
		e := p.or()
		if p.take(")") == "" {
			p.give("a bracket that does not close")
		}
		return expr{text: e.text, chain: e.chain, value: e.value, instead: e.instead}
	case c >= '0' && c <= '9':
		from := p.i
		for p.i < len(p.s) && (p.s[p.i] >= '0' && p.s[p.i] <= '9' || p.s[p.i] == '.' && p.i+1 < len(p.s) && p.s[p.i+1] >= '0' && p.s[p.i+1] <= '9') {
			p.i++
		}
		return expr{text: p.s[from:p.i]}
	case letterAt(p.s, p.i):
		return p.named()
	}
	p.give("%q", p.s[p.i:])
	return expr{}
}

func (p *parser) quoted(c byte) expr {
	var b strings.Builder
	for p.i++; p.i < len(p.s) && p.s[p.i] != c; p.i++ {
		if p.s[p.i] == '\\' && p.i+1 < len(p.s) {
			p.i++
		}
		b.WriteByte(p.s[p.i])
	}
	p.i++
	s := b.String()
	if strings.Contains(s, "${") {
		p.give("a value inside a text")
	}
	if !utf8.ValidString(s) {
		p.give("bytes that are no characters")
	}
	return expr{text: strconv.Quote(s), constant: &s}
}

func (p *parser) name() string {
	from := p.i
	for p.i < len(p.s) {
		r, size := utf8.DecodeRuneInString(p.s[p.i:])
		if !unicode.IsLetter(r) && !unicode.IsDigit(r) && r != '_' {
			break
		}
		p.i += size
	}
	return p.s[from:p.i]
}

func (p *parser) named() expr {
	name := p.name()
	switch name {
	case "true", "false":
		return expr{text: name}
	case "labels":
		return p.label()
	case "msgs":
		return p.message()
	case "webCtx":
		return p.context()
	}
	if v, ok := p.n.local[name]; ok {
		return expr{text: v, chain: []string{v}}
	}
	p.n.uses[name] = true
	switch name {
	case "title":
		return expr{text: "$.Title", chain: []string{"$.Title"}}
	case "intro":
		return expr{text: "$.Intro", chain: []string{"$.Intro"}}
	}
	first := "$.Model." + name
	if !ascii(name) {
		first = "(index $.Model " + strconv.Quote(name) + ")"
	}
	return expr{text: first, chain: []string{first}}
}

func ascii(s string) bool {
	return !strings.ContainsFunc(s, func(r rune) bool { return r > unicode.MaxASCII })
}

// label is labels("key"); arguments have no place here.
func (p *parser) label() expr {
	if p.take("(") == "" {
		p.give("labels without a key")
	}
	key := p.or()
	if key.constant == nil {
		p.give("a label whose key is computed")
	}
	if p.take(")") == "" {
		p.give("a label with values in it (%s)", *key.constant)
	}
	return expr{text: "(label " + key.text + ")"}
}

// message is msgs["key"] or msgs.key.
func (p *parser) message() expr {
	if p.take("[") != "" {
		key := p.or()
		if key.constant == nil || p.take("]") == "" {
			p.give("a message whose key is computed")
		}
		return expr{text: "(label " + key.text + ")"}
	}
	if p.take(".") == "" {
		p.give("msgs without a key")
	}
	return expr{text: "(label " + strconv.Quote(p.name()) + ")"}
}

// contexts are what pages may ask of webCtx.
var contexts = map[string]string{"contextPath": `""`, "locale": "$.Locale", "restartUrl": `"/fl/restart"`, "restartURL": `"/fl/restart"`}

func (p *parser) context() expr {
	if p.take(".") == "" {
		p.give("webCtx as a whole")
	}
	name := p.name()
	text, ok := contexts[name]
	if !ok {
		p.give("webCtx.%s", name)
	}
	return expr{text: text}
}

// builtins that change nothing here: all that is put in is escaped anyway.
var harmless = []string{"html", "esc", "xhtml", "string", "c", "xml", "js_string", "url", "trim", "no_esc"}

func (p *parser) postfix(e expr) expr {
	for {
		switch {
		case p.take("??") != "":
			e = expr{text: e.safe()}
		case strings.HasPrefix(p.s[p.i:], "!") && !strings.HasPrefix(p.s[p.i:], "!="):
			p.i++
			e = p.fallback(e)
		case p.take("?") != "":
			e = p.builtin(e)
		case p.take("[") != "":
			e = p.indexed(e)
		case strings.HasPrefix(p.s[p.i:], ".") && !strings.HasPrefix(p.s[p.i:], ".."):
			p.i++
			e = e.below(p.name(), p)
		case strings.HasPrefix(p.s[p.i:], "("):
			p.give("a call of a method")
		default:
			return e
		}
	}
}

func (e expr) below(name string, p *parser) expr {
	if name == "" {
		p.give("a dot without a name")
	}
	if len(e.chain) == 0 || !ascii(name) {
		return expr{text: "(index " + e.text + " " + strconv.Quote(name) + ")"}
	}
	t := e.text + "." + name
	return expr{text: t, chain: append(slices.Clone(e.chain), t)}
}

func (p *parser) indexed(e expr) expr {
	key := p.or()
	if p.take("]") == "" {
		p.give("a bracket that does not close")
	}
	return expr{text: "(index " + e.safe() + " " + key.safe() + ")"}
}

// fallback is what stands after an exclamation mark.
func (p *parser) fallback(e expr) expr {
	if p.i >= len(p.s) || strings.IndexByte(" \t\r\n)],?.:&|=!+<>", p.s[p.i]) >= 0 {
		return expr{text: e.safe()}
	}
	instead := p.postfix(p.primary()).safe()
	text := "(or " + e.safe() + " " + instead + ")"
	if instead == "true" {
		// Only what is missing is taken for true; what is false stays so.
		text = "(or (eq (print " + e.safe() + `) "<nil>") ` + e.safe() + ")"
	}
	return expr{text: text, value: e.safe(), instead: instead}
}

func (p *parser) builtin(e expr) expr {
	name := p.name()
	switch {
	case slices.Contains(harmless, name):
		p.noArguments(name)
		return expr{text: e.text, chain: e.chain}
	case name == "has_content" || name == "exists":
		return expr{text: e.safe()}
	case name == "size" || name == "length":
		return expr{text: "(len " + e.text + ")"}
	}
	p.give("?%s", name)
	return e
}

func (p *parser) noArguments(name string) {
	if strings.HasPrefix(p.s[p.i:], "(") && name != "string" {
		p.give("?%s with a value", name)
	}
	if strings.HasPrefix(p.s[p.i:], "(") {
		p.give("?string with a form")
	}
	if strings.HasPrefix(p.s[p.i:], ".") && name == "string" {
		p.give("?string with a form")
	}
}
