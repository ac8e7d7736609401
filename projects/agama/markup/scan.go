package markup

// This file cuts a template into text, values and directives.

import (
	"strings"
)

type part struct {
	line int
	// text is what is written as it is; value an expression to be shown.
	text, value string
	isValue     bool
	// directive is the name of a tag, with what follows it.
	directive, args string
	user            bool // <@name …>
	closing         bool
	alone           bool // <@name …/>
}

// cut reads a template. Square says that directives stand in square brackets.
func cut(source string) (parts []part) {
	open, end := byte('<'), byte('>')
	if first := strings.IndexAny(source, "[<"); first >= 0 && square(source) {
		open, end = '[', ']'
	}
	var text strings.Builder
	line, from := 1, 1
	flush := func() {
		if text.Len() > 0 {
			parts = append(parts, part{line: from, text: text.String()})
			text.Reset()
		}
		from = line
	}
	for i := 0; i < len(source); {
		rest := source[i:]
		var p part
		size := 0
		switch {
		case strings.HasPrefix(rest, string(open)+"#--"):
			if n := strings.Index(rest, "--"+string(end)); n >= 0 {
				size = n + 3
			} else {
				size = len(rest)
			}
		case strings.HasPrefix(rest, "${") || strings.HasPrefix(rest, "#{"):
			if n := closed(rest[2:], '}'); n >= 0 {
				p, size = part{isValue: true, value: rest[2 : 2+n]}, n+3
			}
		case len(rest) > 2 && rest[0] == open && (rest[1] == '#' || rest[1] == '@' || rest[1] == '/' && (rest[2] == '#' || rest[2] == '@')):
			if n := closed(rest[1:], end); n >= 0 {
				p, size = tag(rest[1:1+n]), n+2
			}
		}
		if size == 0 {
			text.WriteByte(source[i])
			if source[i] == '\n' {
				line++
			}
			i++
			continue
		}
		flush()
		if p.isValue || p.directive != "" {
			p.line = line
			parts = append(parts, p)
		}
		line += strings.Count(rest[:size], "\n")
		from = line
		i += size
	}
	flush()
	return parts
}

// square finds out which brackets a template writes its directives in.
func square(source string) bool {
	first := func(forms ...string) int {
		best := len(source) + 1
		for _, f := range forms {
			if i := strings.Index(source, f); i >= 0 && i < best {
				best = i
			}
		}
		return best
	}
	return first("[#", "[@") < first("<#", "<@")
}

// closed finds the end of a tag or a value, over texts and brackets in it.
func closed(s string, end byte) int {
	depth := 0
	for i := 0; i < len(s); i++ {
		switch c := s[i]; {
		case c == '"' || c == '\'':
			for i++; i < len(s) && s[i] != c; i++ {
				if s[i] == '\\' {
					i++
				}
			}
		case c == end && depth == 0:
			return i
		case c == '(' || c == '[' || c == '{':
			depth++
		case (c == ')' || c == ']' || c == '}') && depth > 0:
			depth--
		}
	}
	return -1
}

func tag(s string) part {
	p := part{}
	if s[0] == '/' {
		p.closing, s = true, s[1:]
	}
	p.user, s = s[0] == '@', s[1:]
	if strings.HasSuffix(s, "/") {
		p.alone, s = true, s[:len(s)-1]
	}
	s = strings.TrimSpace(s)
	n := strings.IndexAny(s, " \t\r\n")
	if n < 0 {
		n = len(s)
	}
	p.directive, p.args = s[:n], strings.TrimSpace(s[n:])
	if p.directive == "" {
		p.directive = "?"
	}
	return p
}
