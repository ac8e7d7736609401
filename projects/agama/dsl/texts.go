package dsl

import (
	"strconv"
	"strings"
	"unicode/utf8"
)

// escapes are what a backslash and a letter stand for in a text.
var escapes = map[byte]string{'n': "\n", 't': "\t", 'r': "\r", 'b': "\b", 'f': "\f", 'v': "\v", '0': "\x00", '\\': `\`, '\'': "'", '/': "/"}

// unescape reads the inside of a text.
func unescape(s string, at Pos) (string, *Error) {
	if !utf8.ValidString(s) {
		return "", wrong(at, "save the file as UTF-8", "the text holds bytes that are no characters")
	}
	if !strings.Contains(s, `\`) {
		return s, nil
	}
	var b strings.Builder
	for i := 0; i < len(s); i++ {
		if s[i] != '\\' {
			b.WriteByte(s[i])
			continue
		}
		if i+1 == len(s) {
			return "", wrong(at, `a quote inside a text is written \u0022, a backslash \\`, "a backslash stands before the end of the text")
		}
		i++
		if plain, ok := escapes[s[i]]; ok {
			b.WriteString(plain)
			continue
		}
		if s[i] != 'u' {
			// What has no meaning of its own stands for itself.
			b.WriteByte(s[i])
			continue
		}
		if i+5 > len(s) {
			return "", wrong(at, `write four hexadecimal digits, as in \u0022`, `\u is not followed by four digits`)
		}
		code, err := strconv.ParseUint(s[i+1:i+5], 16, 16)
		if err != nil {
			return "", wrong(at, `write four hexadecimal digits, as in \u0022`, `\u%s names no character`, s[i+1:i+5])
		}
		b.WriteRune(rune(code))
		i += 4
	}
	return b.String(), nil
}
