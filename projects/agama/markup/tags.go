package markup

// This file cuts HTML into tags and what stands between them.

import "strings"

// piece is a tag, or text.
type piece struct {
	line  int
	text  string // as it is written
	name  string // of a tag, in lower case; "" for text
	close bool
	attrs []attr
}

type attr struct {
	name, value string
	bare        bool // without a value
}

func (p *piece) get(name string) (string, bool) {
	for _, a := range p.attrs {
		if a.name == name {
			return a.value, true
		}
	}
	return "", false
}

func (p *piece) set(name, value string) {
	for i := range p.attrs {
		if p.attrs[i].name == name {
			p.attrs[i].value, p.attrs[i].bare = value, false
			return
		}
	}
	p.attrs = append(p.attrs, attr{name: name, value: value})
}

func (p *piece) drop(name string) {
	kept := p.attrs[:0:0]
	for _, a := range p.attrs {
		if a.name != name {
			kept = append(kept, a)
		}
	}
	p.attrs = kept
}

// write answers the tag as it is now.
func (p *piece) write() string {
	if p.name == "" {
		return p.text
	}
	if p.close {
		return "</" + p.name + ">"
	}
	var b strings.Builder
	b.WriteString("<" + p.name)
	for _, a := range p.attrs {
		b.WriteString(" " + a.name)
		switch {
		case a.bare:
		case strings.HasPrefix(a.name, "{{"):
		default:
			b.WriteString(`="` + quoteSafe(a.value) + `"`)
		}
	}
	b.WriteString(">")
	return b.String()
}

// quoteSafe writes a value for double quotes; quotes inside of {{ … }} are none
// of HTML's.
func quoteSafe(s string) string {
	var b strings.Builder
	for s != "" {
		i := strings.Index(s, "{{")
		if i < 0 {
			i = len(s)
		}
		b.WriteString(strings.ReplaceAll(s[:i], `"`, "&quot;"))
		s = s[i:]
		if end := action(s); end > 0 {
			b.WriteString(s[:end])
			s = s[end:]
		}
	}
	return b.String()
}

// action is the length of a {{ … }} at the beginning of s; 0 when there is none.
func action(s string) int {
	if !strings.HasPrefix(s, "{{") {
		return 0
	}
	for i := 2; i < len(s); i++ {
		switch s[i] {
		case '"':
			for i++; i < len(s) && s[i] != '"'; i++ {
				if s[i] == '\\' {
					i++
				}
			}
		case '}':
			if strings.HasPrefix(s[i:], "}}") {
				return i + 2
			}
		}
	}
	return len(s)
}

// raws are elements whose inside is no HTML.
var raws = []string{"script", "style", "textarea", "title"}

// pieces cuts a page.
func pieces(s string) []piece {
	var out []piece
	line, from := 1, 0
	text := func(to int) {
		if to > from {
			out = append(out, piece{line: line, text: s[from:to]})
			line += strings.Count(s[from:to], "\n")
		}
		from = to
	}
	for i := 0; i < len(s); {
		switch {
		case strings.HasPrefix(s[i:], "{{"):
			i += action(s[i:])
		case strings.HasPrefix(s[i:], "<!--"):
			end := strings.Index(s[i:], "-->")
			if end < 0 {
				end = len(s) - i - 3
			}
			text(i)
			line += strings.Count(s[i:i+end+3], "\n")
			i += end + 3
			from = i // comments are for those who wrote the page
		case s[i] == '<' && i+1 < len(s) && (isLetter(s[i+1]) || s[i+1] == '/' && i+2 < len(s) && isLetter(s[i+2])):
			p, size := tagAt(s[i:])
			text(i)
			p.line = line
			line += strings.Count(s[i:i+size], "\n")
			out = append(out, p)
			i += size
			from = i
			if end, raw := rawEnd(p, s[i:]); raw {
				i += end
			}
		default:
			i++
		}
	}
	text(len(s))
	return out
}

// rawEnd is where the inside of an element ends that holds no HTML.
func rawEnd(p piece, s string) (int, bool) {
	for _, r := range raws {
		if p.name != r || p.close {
			continue
		}
		if end := strings.Index(strings.ToLower(s), "</"+r); end >= 0 {
			return end, true
		}
		return len(s), true
	}
	return 0, false
}

func isLetter(c byte) bool { return c|0x20 >= 'a' && c|0x20 <= 'z' }

func tagAt(s string) (piece, int) {
	p := piece{}
	i := 1
	if s[i] == '/' {
		p.close = true
		i++
	}
	from := i
	for i < len(s) && (isLetter(s[i]) || s[i] >= '0' && s[i] <= '9' || s[i] == '-') {
		i++
	}
	p.name = strings.ToLower(s[from:i])
	for i < len(s) && s[i] != '>' {
		if n := action(s[i:]); n > 0 {
			p.attrs = append(p.attrs, attr{name: s[i : i+n], bare: true})
			i += n
			continue
		}
		if strings.IndexByte(" \t\r\n/", s[i]) >= 0 {
			i++
			continue
		}
		a, n := attribute(s[i:])
		p.attrs = append(p.attrs, a)
		i += n
	}
	if i < len(s) {
		i++
	}
	p.text = s[:i]
	return p, i
}

func attribute(s string) (attr, int) {
	i := 0
	for i < len(s) && strings.IndexByte(" \t\r\n/>=", s[i]) < 0 && !strings.HasPrefix(s[i:], "{{") {
		i++
	}
	if i == 0 {
		return attr{name: "", bare: true}, 1
	}
	a := attr{name: strings.ToLower(s[:i]), bare: true}
	j := i
	for j < len(s) && strings.IndexByte(" \t\r\n", s[j]) >= 0 {
		j++
	}
	if j >= len(s) || s[j] != '=' {
		return a, i
	}
	a.bare = false
	for j++; j < len(s) && strings.IndexByte(" \t\r\n", s[j]) >= 0; {
		j++
	}
	if j >= len(s) {
		return a, j
	}
	if q := s[j]; q == '"' || q == '\'' {
		from := j + 1
		for j = from; j < len(s) && s[j] != q; {
			if n := action(s[j:]); n > 0 {
				j += n
				continue
			}
			j++
		}
		a.value = s[from:min(j, len(s))]
		return a, min(j+1, len(s))
	}
	from := j
	for j < len(s) && strings.IndexByte(" \t\r\n>", s[j]) < 0 {
		if n := action(s[j:]); n > 0 {
			j += n
			continue
		}
		j++
	}
	a.value = s[from:min(j, len(s))]
	return a, min(j, len(s))
}
