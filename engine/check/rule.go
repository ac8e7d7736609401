package check

import (
	"fmt"
	"strings"

	"github.com/authflow-studio/authflow/engine/block"
	"github.com/authflow-studio/authflow/engine/flow"
)

// Rule is one thing that is checked. Each stands in a file of its own,
// rule_<code>.go, with wrong and right examples in testdata/<code> and a page in
// docs/checks.
type Rule struct {
	Code     string
	Severity Severity
	Group    string
	// Title says in a phrase what is wrong, Why what comes of it, Mend what to do.
	Title, Why, Mend string

	// place looks at one block by itself, flow at one flow as a whole, beside at what
	// stands beside the flows. A rule has one of them, unless something else of this
	// package reports it.
	place  func(*place)
	flow   func(*inspection)
	beside func(*surroundings)
}

// problem makes a finding of a rule; what it says itself goes before what the rule
// says of all.
func (r *Rule) problem(p Problem) Problem {
	p.Code = r.Code
	if p.Severity == "" {
		p.Severity = r.Severity
	}
	if p.Why == "" {
		p.Why = r.Why
	}
	return p
}

// place is a block looked at by itself. What is found there follows from the
// block, from the head of its flow and from the names that the project has, and
// from nothing else: a Checker that remembers looks again only when one of these
// has changed.
type place struct {
	p    *flow.Project
	f    *flow.Flow // its head, not its blocks
	id   string
	b    *flow.Block
	d    *block.Descriptor // nil: of no known type
	rule *Rule
	// types are those that the catalogue knows.
	types    []string
	settings settings
	ports    []block.Port
	problems []Problem
}

func (l *place) add(p Problem) {
	p.Block, p.Flow, p.File = l.id, "", ""
	l.problems = append(l.problems, l.rule.problem(p))
}

func (l *place) found(field, format string, args ...any) {
	l.add(Problem{Field: field, Message: fmt.Sprintf(format, args...)})
}

// text answers a setting that is a text.
func (l *place) text(name string) string {
	s, _ := l.b.Config[name].(string)
	return s
}

// placeRules look at one block by itself.
var placeRules = having(func(r *Rule) bool { return r.place != nil })

// flowRules look at a flow as a whole.
var flowRules = having(func(r *Rule) bool { return r.flow != nil })

// besideRules look at what stands beside the flows.
var besideRules = having(func(r *Rule) bool { return r.beside != nil })

func having(wanted func(*Rule) bool) []*Rule {
	var out []*Rule
	for i := range Rules {
		if wanted(&Rules[i]) {
			out = append(out, &Rules[i])
		}
	}
	return out
}

// RuleOf answers the rule of a code.
func RuleOf(code string) (*Rule, bool) {
	for i := range Rules {
		if Rules[i].Code == code {
			return &Rules[i], true
		}
	}
	return nil, false
}

// didYouMean is a guess at a name, with a space before it; "" for none.
func didYouMean(name string, names []string) string {
	if near := flow.Nearest(name, names); near != "" {
		return fmt.Sprintf(" Did you mean %q?", near)
	}
	return ""
}

// sentence begins a text with a capital letter and ends it with a stop.
func sentence(s string) string {
	if s == "" {
		return s
	}
	s = strings.ToUpper(s[:1]) + s[1:]
	if !strings.HasSuffix(s, ".") && !strings.HasSuffix(s, "?") {
		s += "."
	}
	return s
}
