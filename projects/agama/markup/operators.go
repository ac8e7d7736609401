package markup

// This file reads the operators of FreeMarker's expressions.

import "strings"

func (p *parser) or() expr {
	if p.depth++; p.depth > maxDepth {
		p.give("an expression nested so deep")
	}
	defer func() { p.depth-- }()
	e := p.and()
	for p.take("||") != "" {
		e = expr{text: "(or " + e.safe() + " " + p.and().safe() + ")"}
	}
	return e
}

func (p *parser) and() expr {
	e := p.compare()
	for p.take("&&", "&amp;&amp;") != "" {
		e = expr{text: "(and " + e.safe() + " " + p.compare().safe() + ")"}
	}
	return e
}

func (p *parser) compare() expr {
	e := p.sum()
	switch sign := p.take("==", "!=", "=", "gte", "gt", "lte", "lt", "<=", ">=", "<", ">"); sign {
	case "":
		return e
	case "==", "=":
		return equal(e, p.sum())
	case "!=":
		return expr{text: "(not " + equal(e, p.sum()).text + ")"}
	default:
		p.give("the comparison %s", sign)
	}
	return e
}

// equal compares as text, so that values of any kind can be compared; with true
// and false it asks for the value alone.
func equal(a, b expr) expr {
	switch {
	case b.text == "true":
		return expr{text: "(and " + a.safe() + " true)"}
	case b.text == "false":
		return expr{text: "(not " + a.safe() + ")"}
	}
	return expr{text: "(eq (print " + a.safe() + ") (print " + b.safe() + "))"}
}

func (p *parser) sum() expr {
	e := p.unary()
	for {
		p.space()
		if p.i < len(p.s) && strings.IndexByte("-*/%", p.s[p.i]) >= 0 {
			p.give("arithmetic")
		}
		if p.take("+") == "" {
			return e
		}
		e = expr{text: "(print (or " + e.safe() + ` "") (or ` + p.unary().safe() + ` ""))`}
	}
}

func (p *parser) unary() expr {
	p.space()
	if p.i < len(p.s) && p.s[p.i] == '!' && !strings.HasPrefix(p.s[p.i:], "!=") {
		p.i++
		if p.depth++; p.depth > maxDepth {
			p.give("an expression nested so deep")
		}
		defer func() { p.depth-- }()
		return expr{text: "(not " + p.unary().safe() + ")"}
	}
	return p.postfix(p.primary())
}
