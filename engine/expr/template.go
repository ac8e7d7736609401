package expr

// This file holds texts with {{ … }} parts.

import (
	"encoding/json"
	"math"
	"strconv"
	"strings"
)

// Template is a compiled text. It is safe for concurrent use.
type Template struct {
	parts []part
	reads []Ref
	alone bool // the whole text is one expression: the value keeps its type
}

// part is literal text or, if program is set, an expression.
type part struct {
	text    string
	program *Program
}

const (
	maxTemplate = 256 << 10 // bytes of a template
	maxParts    = 500       // expressions in it
)

// CompileTemplate compiles a text in which {{ … }} holds an expression. A text
// that is exactly one such part gives the value itself; everything else gives
// text. \{{ stands for {{ itself. Places of issues and reads are those of the
// whole text.
func CompileTemplate(text string, s *Schema) (*Template, []Issue) {
	if len(text) > maxTemplate {
		return nil, []Issue{{1, 1, "the text is too long", CodeTooLarge, ""}}
	}
	pieces, issues := splitTemplate(text)
	t := &Template{}
	expressions := 0
	for _, p := range pieces {
		if !p.expression {
			t.parts = append(t.parts, part{text: p.text})
			continue
		}
		if expressions++; expressions > maxParts {
			return nil, []Issue{{1, 1, "the text holds too many expressions", CodeTooLarge, ""}}
		}
		program, found := Compile(p.text, nil, s)
		for _, issue := range found {
			issue.Line, issue.Column = p.place(issue.Line, issue.Column)
			issues = append(issues, issue)
		}
		if program == nil {
			continue
		}
		for _, ref := range program.Reads() {
			ref.Line, ref.Column = p.place(ref.Line, ref.Column)
			t.reads = append(t.reads, ref)
		}
		t.parts = append(t.parts, part{program: program})
	}
	if len(issues) > 0 {
		return nil, issues
	}
	t.alone = len(t.parts) == 1 && t.parts[0].program != nil
	return t, nil
}

// Reads lists what the template may read, in order of its text. The slice
// belongs to the template.
func (t *Template) Reads() []Ref { return t.reads }

// Constant tells whether the text holds no expression.
func (t *Template) Constant() bool {
	for _, p := range t.parts {
		if p.program != nil {
			return false
		}
	}
	return true
}

// Eval fills the template in. See CompileTemplate for the type of the result.
func (t *Template) Eval(vars map[string]any) (any, error) {
	if t.alone {
		return t.parts[0].program.Eval(vars)
	}
	return t.EvalString(vars)
}

// EvalString fills the template in as text: nothing (null) becomes no text,
// lists and objects become JSON. It does not escape for any other language;
// who puts the text into HTML or a URL does that.
func (t *Template) EvalString(vars map[string]any) (string, error) {
	var b strings.Builder
	for _, p := range t.parts {
		if p.program == nil {
			b.WriteString(p.text)
			continue
		}
		value, err := p.program.Eval(vars)
		if err != nil {
			return "", err
		}
		if err := write(&b, value); err != nil {
			return "", &EvalError{CodeValue, err.Error(), p.program.source}
		}
		if b.Len() > maxText {
			return "", &EvalError{CodeTooCostly, "the text grows too long", p.program.source}
		}
	}
	return b.String(), nil
}

func write(b *strings.Builder, value any) error {
	switch v := value.(type) {
	case nil:
	case string:
		b.WriteString(v)
	case bool:
		b.WriteString(strconv.FormatBool(v))
	case int64:
		b.WriteString(strconv.FormatInt(v, 10))
	case float64:
		b.WriteString(number(v))
	default:
		var line strings.Builder
		encoder := json.NewEncoder(&line)
		encoder.SetEscapeHTML(false)
		if err := encoder.Encode(v); err != nil {
			return err
		}
		b.WriteString(strings.TrimSuffix(line.String(), "\n"))
	}
	return nil
}

// number writes 3.0 as 3 and large numbers without an exponent, as people do.
func number(v float64) string {
	if math.Abs(v) < 1e21 {
		return strconv.FormatFloat(v, 'f', -1, 64)
	}
	return strconv.FormatFloat(v, 'g', -1, 64)
}
