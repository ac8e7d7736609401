package agama

// This file turns conditions into blocks.

import (
	"fmt"
	"slices"
	"strings"

	"github.com/authflow-studio/authflow/projects/agama/dsl"
)

func (b *builder) condition(c dsl.Cond) test {
	var t test
	for _, group := range c.Any {
		var list []comparison
		for _, one := range group {
			made := comparison{b.compared(one.Left), b.compared(one.Right), one.Not}
			b.tellOfVerdict(one, made)
			list = append(list, made)
		}
		t.any = append(t.any, list)
	}
	return t
}

// tellOfVerdict says when the answer of a password check is compared with a word
// of the source's own.
func (b *builder) tellOfVerdict(one dsl.Test, c comparison) {
	if _, left := c.left.(verdict); !left {
		c.left, c.right = c.right, c.left
	}
	_, isVerdict := c.left.(verdict)
	l, _ := c.right.(lit)
	if word, ok := l.v.(string); ok && isVerdict {
		b.tell(Check, one.Pos, "If the word means something else, such as a locked account, lead the block's outcomes yourself.", "The answer of the code that checked the password is compared with %q. Here that is taken for \"the password was right\".", word)
	}
}

func (b *builder) compared(e dsl.Expr) value {
	v := b.value(e)
	switch s := v.(type) {
	case service:
		return lit{"an object"}
	case secret:
		b.gap(e.At(), "Let a block compare it: password_check for a password of an account, channel_otp_verify for a code that was sent, credential_set for a new password.",
			"%s is compared here, and what is typed into a field of type password is seen by no condition", s.field)
		return lit{}
	case setting:
		b.gap(e.At(), fmt.Sprintf("Compare it in an Action, which reads it with api.secrets.get(%q).", s.name), "A secret of the configuration is compared here")
		return lit{}
	}
	return v
}

func (b *builder) when(s *dsl.When) {
	t := b.condition(s.Cond)
	yes, no := b.fork(t, s.Pos, b.conditionText(s.Cond, "When "))
	before := b.vars
	b.g.exits, b.vars = yes, before.clone()
	if len(yes) > 0 {
		b.statements(s.Then)
	} else {
		b.tell(Note, s.Pos, "", "The block of this When can never be reached, and was left out.")
	}
	thenExits, thenVars := b.g.exits, b.vars
	b.g.exits, b.vars = no, before.clone()
	if len(no) > 0 {
		b.statements(s.Else)
	}
	b.join(t, thenExits, thenVars, b.g.exits, b.vars)
	b.holdAll(s.Pos)
}

// fork leads on by a condition; where it is known which way a run goes, no
// block asks.
func (b *builder) fork(t test, at dsl.Pos, text string) (yes, no []exit) {
	yes, no, open := b.g.split(t)
	if len(open) == 0 && b.g.begun {
		return yes, no
	}
	b.g.exits = open
	n := b.g.add("decision", text, at)
	n.label = short(text, 48)
	n.config["rows"] = []any{map[string]any{"port": "yes", "when": condition{t}}}
	f, g := n.in, n.in
	if len(t.any) == 1 {
		for _, c := range t.any[0] {
			f = f.learn(c, true)
		}
	}
	for _, group := range t.any {
		if len(group) == 1 {
			g = g.learn(group[0], false)
		}
	}
	return append(yes, exit{n, "yes", f}), append(no, exit{n, "default", g})
}

// join lets two ways go on together.
func (b *builder) join(t test, yes []exit, yesVars env, no []exit, noVars env) {
	b.g.exits = append(slices.Clone(yes), no...)
	switch {
	case len(yes) == 0:
		b.vars = noVars
	case len(no) == 0:
		b.vars = yesVars
	default:
		out := env{}
		for _, vars := range []env{yesVars, noVars} {
			for name := range vars {
				if _, done := out[name]; !done {
					out[name] = merged(t, yesVars[name], noVars[name])
				}
			}
		}
		b.vars = out
	}
}

// conditionText is a condition as the source writes it.
func (b *builder) conditionText(c dsl.Cond, after string) string {
	s := b.lineOf(c.Line)
	if i := strings.Index(s, after); i >= 0 {
		s = s[i+len(after):]
	}
	if i := strings.Index(s, "//"); i >= 0 {
		s = s[:i]
	}
	return strings.TrimSpace(s)
}

func short(s string, most int) string {
	if r := []rune(s); len(r) > most {
		return strings.TrimSpace(string(r[:most-1])) + "…"
	}
	return s
}

func (b *builder) match(s *dsl.Match) {
	v := b.compared(s.Value)
	n := b.g.add("decision", "match "+lastPart(exprText(s.Value)), s.Pos)
	n.label = short("Match "+exprText(s.Value), 48)
	var rows []any
	type way struct {
		t     test
		exits []exit
		vars  env
	}
	var ways []way
	before := b.vars
	ports := map[string]bool{}
	for _, o := range s.Options {
		is := b.value(o.Value)
		t := test{[][]comparison{{{left: v, right: is}}}}
		port := portName(exprText(o.Value), ports)
		rows = append(rows, map[string]any{"port": port, "when": condition{t}})
		b.g.exits, b.vars = []exit{{n, port, n.in.learn(t.any[0][0], true)}}, before.clone()
		b.statements(o.Body)
		ways = append(ways, way{t, b.g.exits, b.vars})
	}
	n.config["rows"] = rows
	b.g.exits, b.vars = []exit{{n, "default", n.in}}, before.clone()
	b.statements(s.Else)
	for _, w := range slices.Backward(ways) {
		b.join(w.t, w.exits, w.vars, b.g.exits, b.vars)
	}
	b.holdAll(s.Pos)
}

func portName(text string, taken map[string]bool) string {
	name := snake(text)
	if name == "default" || name == "error" {
		name += "_value"
	}
	for n := 2; taken[name]; n++ {
		name = fmt.Sprintf("%s_%d", snake(text), n)
	}
	taken[name] = true
	return name
}
