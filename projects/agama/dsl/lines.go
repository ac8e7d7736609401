package dsl

// This file cuts a text into lines of words. A list or map that goes over
// several lines makes one line of them.

import (
	"strings"
	"unicode"
	"unicode/utf8"
)

type kind int

const (
	word kind = iota
	number
	text
	sign
)

// token is one word, number, text or sign.
type token struct {
	Pos
	kind  kind
	text  string
	glued bool // nothing stands between it and the token before it
}

// line is what stands between two line ends, with how far it is indented.
type line struct {
	indent int
	tokens []token
}

func (l line) at() Pos { return l.tokens[0].Pos }

// is reports whether the line begins with a word.
func (l line) is(w string) bool { return l.tokens[0].kind == word && l.tokens[0].text == w }

const signs = ".[]{},:=|#$-"

// cut answers the lines that hold something. What cannot be read is reported,
// and the rest of its line is left out.
func cut(source string) ([]line, []*Error) {
	var lines []line
	var errs []*Error
	depth := 0
	for n, s := range strings.Split(strings.TrimPrefix(source, "\uFEFF"), "\n") {
		s = strings.TrimSuffix(s, "\r")
		indent := len(s) - len(strings.TrimLeft(s, " \t"))
		tokens, err := words(s, n+1)
		if err != nil {
			errs = append(errs, err)
		}
		if len(tokens) == 0 {
			continue
		}
		if depth > 0 {
			last := &lines[len(lines)-1]
			last.tokens = append(last.tokens, tokens...)
		} else {
			lines = append(lines, line{indent, tokens})
		}
		depth = max(0, depth+open(tokens))
	}
	return lines, errs
}

// open counts how many brackets a line leaves open.
func open(tokens []token) int {
	n := 0
	for _, t := range tokens {
		if t.kind != sign {
			continue
		}
		switch t.text {
		case "[", "{":
			n++
		case "]", "}":
			n--
		}
	}
	return n
}

func words(s string, n int) ([]token, *Error) {
	var out []token
	glued := false
	column, counted := 1, 0
	for i := 0; i < len(s); {
		c := s[i]
		if c == ' ' || c == '\t' {
			i, glued = i+1, false
			continue
		}
		if strings.HasPrefix(s[i:], "//") {
			break
		}
		column, counted = column+utf8.RuneCountInString(s[counted:i]), i
		at := Pos{n, column}
		t, size, err := wordAt(s[i:], at)
		if err != nil {
			return out, err
		}
		t.glued = glued
		out = append(out, t)
		i, glued = i+size, true
	}
	return out, nil
}

func wordAt(s string, at Pos) (token, int, *Error) {
	c := s[0]
	switch {
	case c == '"':
		end := strings.IndexByte(s[1:], '"')
		if end < 0 {
			return token{}, 0, wrong(at, `end it with " on the same line; a quote inside is written \u0022`, "the text that begins here does not end")
		}
		value, err := unescape(s[1:1+end], at)
		return token{Pos: at, kind: text, text: value}, end + 2, err
	case letter(c):
		n := 1
		for n < len(s) && (letter(s[n]) || digit(s[n]) || s[n] == '_') {
			n++
		}
		return token{Pos: at, kind: word, text: s[:n]}, n, nil
	case digit(c):
		n := digits(s)
		if n+1 < len(s) && s[n] == '.' && digit(s[n+1]) {
			n += 1 + digits(s[n+1:])
		}
		return token{Pos: at, kind: number, text: s[:n]}, n, nil
	case strings.IndexByte(signs, c) >= 0:
		return token{Pos: at, kind: sign, text: s[:1]}, 1, nil
	}
	r, _ := utf8.DecodeRuneInString(s)
	if unicode.IsLetter(r) || r == '_' {
		return token{}, 0, wrong(at, "begin it with a letter from a to z, and use letters, digits and _ after it", "%q cannot begin a name", string(r))
	}
	return token{}, 0, wrong(at, "take it out", "the character %q has no meaning in Agama", string(r))
}

func letter(c byte) bool { return c|0x20 >= 'a' && c|0x20 <= 'z' }
func digit(c byte) bool  { return c >= '0' && c <= '9' }

func digits(s string) int {
	n := 0
	for n < len(s) && digit(s[n]) {
		n++
	}
	return n
}
