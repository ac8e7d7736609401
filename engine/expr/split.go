package expr

// This file finds the {{ … }} parts of a text.

import "strings"

// piece is a stretch of a template: literal text, or the source of an
// expression with the place where it begins.
type piece struct {
	text         string
	expression   bool
	offset       int // in bytes, of the expression's source
	line, column int // from 1, of the expression's source
}

// place translates a place within the expression into one of the whole text.
func (p piece) place(line, column int) (int, int) {
	if line == 1 {
		return p.line, p.column + column - 1
	}
	return p.line + line - 1, column
}

const opening, closing, escaped = "{{", "}}", `\{{`

// splitTemplate cuts a text into pieces. Literal pieces have their escapes
// resolved.
func splitTemplate(text string) ([]piece, []Issue) {
	var out []piece
	var literal strings.Builder
	flush := func() {
		if literal.Len() > 0 {
			out = append(out, piece{text: literal.String()})
			literal.Reset()
		}
	}
	for i := 0; i < len(text); {
		switch {
		case strings.HasPrefix(text[i:], escaped):
			literal.WriteString(opening)
			i += len(escaped)
		case strings.HasPrefix(text[i:], opening):
			flush()
			start := i + len(opening)
			length, ok := expressionLength(text[start:])
			line, column := placeOf(text, start)
			if !ok {
				return out, []Issue{{line, column - len(opening), "{{ is never closed by }}; write \\{{ for the characters themselves", CodeSyntax, ""}}
			}
			out = append(out, piece{text[start : start+length], true, start, line, column})
			i = start + length + len(closing)
		default:
			literal.WriteByte(text[i])
			i++
		}
	}
	flush()
	return out, nil
}

// expressionLength finds the closing braces, looking past braces of maps, texts
// and comments within the expression.
func expressionLength(s string) (int, bool) {
	depth := 0
	for i := 0; i < len(s); {
		switch c := s[i]; {
		case depth == 0 && strings.HasPrefix(s[i:], closing):
			return i, true
		case c == '"' || c == '\'':
			n := textLength(s[i:], i > 0 && (s[i-1] == 'r' || s[i-1] == 'R') || rawBytes(s, i))
			if n == 0 {
				return 0, false
			}
			i += n
			continue
		case strings.HasPrefix(s[i:], "//"):
			n := strings.IndexByte(s[i:], '\n')
			if n < 0 {
				n = max(strings.Index(s[i:], closing), 0) // a comment on the last line ends with the part
				if n == 0 {
					return 0, false
				}
				return i + n, true
			}
			i += n
			continue
		case c == '{':
			depth++
		case c == '}':
			depth--
		}
		i++
	}
	return 0, false
}

// rawBytes recognises the prefixes br and rb, in either case.
func rawBytes(s string, quote int) bool {
	return quote > 1 && strings.ContainsAny(s[quote-2:quote-1], "rR") && strings.ContainsAny(s[quote-1:quote], "bB")
}

// textLength is the length of the literal that s begins with, or 0 if it does not end.
func textLength(s string, raw bool) int {
	quote := s[:1]
	if triple := strings.Repeat(quote, 3); strings.HasPrefix(s, triple) {
		quote = triple
	}
	for i := len(quote); i < len(s); i++ {
		if s[i] == '\\' && !raw {
			i++
		} else if strings.HasPrefix(s[i:], quote) {
			return i + len(quote)
		}
	}
	return 0
}

// placeOf translates an offset into a line and a column.
func placeOf(text string, offset int) (line, column int) {
	before := text[:offset]
	line = 1 + strings.Count(before, "\n")
	lineStart := strings.LastIndexByte(before, '\n') + 1
	return line, 1 + len([]rune(before[lineStart:]))
}
