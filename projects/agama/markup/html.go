package markup

// This file makes HTML fit for our pages: they run no scripts and take nothing
// from other sites.

import (
	"encoding/base64"
	"fmt"
	"mime"
	"path"
	"regexp"
	"slices"
	"strings"
)

// maxImage is the size up to which an image is put into its page.
const maxImage = 96 << 10

// html goes over the tags of a page.
func (p *Page) html(at, declared, body string, files Files) {
	h := &cleaner{page: p, at: at, files: files}
	var out strings.Builder
	list := pieces(body)
	document := slices.ContainsFunc(list, func(e piece) bool { return e.name == "body" && !e.close })
	inBody := !document
	for i := 0; i < len(list); i++ {
		e := &list[i]
		skip := h.piece(e, list, i)
		if skip > 0 {
			i += skip - 1
		}
		switch {
		case e.name == "body":
			inBody = !e.close
			continue
		case document && !inBody:
			h.outside(e)
			continue
		}
		if e.name == "html" || e.name == "head" {
			continue
		}
		out.WriteString(e.write())
	}
	p.Text = "{{define \"content\"}}\n" + declared + h.assigned.String() + h.styles.String() + strings.TrimSpace(out.String()) + "\n{{end}}{{template \"layout\" .}}\n"
}

type cleaner struct {
	page     *Page
	at       string
	files    Files
	styles   strings.Builder
	assigned strings.Builder // variables that are set outside of the body
	told     map[string]bool
}

func (h *cleaner) tell(line int, serious bool, do, format string, args ...any) {
	what := fmt.Sprintf(format, args...)
	if h.told == nil {
		h.told = map[string]bool{}
	}
	if !h.told[what] {
		h.told[what] = true
		h.page.Trouble = append(h.page.Trouble, Trouble{line, serious, what, do})
	}
}

var assignment = regexp.MustCompile(`\{\{\$\w+_v = [^}]*\}\}`)

// outside keeps of what stands around the body what pages need.
func (h *cleaner) outside(e *piece) {
	for _, a := range assignment.FindAllString(e.text, -1) {
		h.assigned.WriteString(a)
	}
}

// piece changes a tag, and answers how many pieces it took with it.
func (h *cleaner) piece(e *piece, list []piece, i int) int {
	if e.name == "" {
		return 0
	}
	switch e.name {
	case "script", "iframe", "object", "embed", "noscript":
		return h.removed(e, list, i)
	case "base", "meta":
		e.replace("")
	case "link":
		h.link(e)
	case "title":
		if i+1 < len(list) && list[i+1].name == "" && !e.close {
			if t := strings.TrimSpace(list[i+1].text); !strings.Contains(t, "{{") {
				h.page.Title = strings.Join(strings.Fields(t), " ")
			}
			list[i+1].text = assignmentsOf(list[i+1].text)
		}
		e.replace("")
	case "style":
		return h.style(e, list, i)
	case "img":
		h.image(e)
	case "form":
		h.form(e)
	case "input", "select", "textarea", "button":
		h.field(e)
	}
	h.handlers(e)
	return 0
}

func assignmentsOf(s string) string { return strings.Join(assignment.FindAllString(s, -1), "") }

// replace puts text in the place of a tag.
func (p *piece) replace(text string) { *p = piece{line: p.line, text: text} }

// removed takes an element out with what stands in it.
func (h *cleaner) removed(e *piece, list []piece, i int) int {
	name, line, n := e.name, e.line, 1
	closing := e.close
	src, _ := e.get("src")
	for !closing && i+n < len(list) {
		last := &list[i+n]
		n++
		if last.name == name && last.close {
			break
		}
	}
	e.replace("")
	switch {
	case closing, name == "noscript":
	case name == "script" && src != "":
		h.tell(line, false, "Do without it: no page here runs a script. What it checked, the fields' pattern and required or an Action can check.", "The script %s was left out", src)
	case name == "script":
		h.tell(line, false, "Do without it: no page here runs a script. What it checked, the fields' pattern and required or an Action can check.", "A script was left out")
	default:
		h.tell(line, false, "Do without it.", "The element %s was left out: pages take in nothing from other sites", name)
	}
	return n
}

func (h *cleaner) link(e *piece) {
	rel, _ := e.get("rel")
	href, _ := e.get("href")
	line := e.line
	defer e.replace("")
	if !strings.EqualFold(rel, "stylesheet") {
		return
	}
	css, ok := h.files.Asset(h.at, href)
	if foreign(href) || !ok {
		h.tell(line, false, "Put the rules that you need into a <style> in the page. Our own style holds for headings, forms, fields and buttons.", "The style sheet %s was left out: %s", href, whyNot(href))
		return
	}
	h.sheet(string(css), line)
}

func foreign(address string) bool {
	return strings.Contains(address, "//") || strings.HasPrefix(address, "data:") || strings.Contains(address, "{{")
}

func whyNot(address string) string {
	if foreign(address) {
		return "pages take in nothing from other sites"
	}
	return "it is not in the archive"
}

var (
	cssImport = regexp.MustCompile(`(?i)@import[^;]*;?`)
	cssURL    = regexp.MustCompile(`(?i)url\(\s*(["']?)([^)"']*)["']?\s*\)`)
)

// sheet puts a style sheet into the page.
func (h *cleaner) sheet(css string, line int) {
	if cssImport.MatchString(css) {
		h.tell(line, false, "Put its rules into the page.", "A style sheet takes in another, which was left out")
		css = cssImport.ReplaceAllString(css, "")
	}
	css = cssURL.ReplaceAllStringFunc(css, func(s string) string {
		m := cssURL.FindStringSubmatch(s)
		if data, ok := h.data(m[2]); ok {
			return "url(" + data + ")"
		}
		h.tell(line, false, "", "%s, to which a style sheet leads, was left out", m[2])
		return "none"
	})
	css = strings.NewReplacer("</", "<\\/", "{{", "{ {", "<!--", "").Replace(css)
	h.styles.WriteString("<style>" + css + "</style>\n")
}

func (h *cleaner) style(e *piece, list []piece, i int) int {
	if e.close {
		e.replace("")
		return 0
	}
	n := 1
	if i+1 < len(list) && list[i+1].name == "" {
		css := list[i+1].text
		n = 2
		if strings.Contains(css, "{{") {
			h.tell(e.line, false, "Write the values into the style.", "A style that is worked out was left out")
		} else {
			h.sheet(css, e.line)
		}
	}
	e.replace("")
	return n
}

// data answers an image of the archive as an address that holds it.
func (h *cleaner) data(name string) (string, bool) {
	if strings.HasPrefix(name, "data:image/") {
		return name, true
	}
	data, ok := h.files.Asset(h.at, name)
	kind := mime.TypeByExtension(path.Ext(name))
	if !ok || len(data) > maxImage || !strings.HasPrefix(kind, "image/") {
		return "", false
	}
	kind, _, _ = strings.Cut(kind, ";")
	return "data:" + kind + ";base64," + base64.StdEncoding.EncodeToString(data), true
}

func (h *cleaner) image(e *piece) {
	src, _ := e.get("src")
	alt, _ := e.get("alt")
	if data, ok := h.data(src); ok && !strings.HasPrefix(src, "{{") {
		e.set("src", data)
		e.drop("srcset")
		return
	}
	why := whyNot(src)
	if _, there := h.files.Asset(h.at, src); there {
		why = fmt.Sprintf("it is larger than %d KiB, or no image", maxImage>>10)
	}
	h.tell(e.line, false, "Put a small image into the page as data:, or do without.", "The image %s was left out: %s", src, why)
	e.replace(alt)
}

func (h *cleaner) form(e *piece) {
	if e.close {
		return
	}
	if to, _ := e.get("action"); foreign(to) && !strings.HasPrefix(strings.TrimSpace(to), "{{") {
		h.tell(e.line, true, "To send a person to another site, use a block Redirect.", "A form that posts to %s posts back to its own page here", to)
	}
	if m, _ := e.get("method"); !strings.EqualFold(m, "post") {
		h.tell(e.line, false, "", "A form that was sent by GET is sent by POST here")
	}
	for _, a := range []string{"enctype", "target"} {
		e.drop(a)
	}
	e.set("method", "post")
	e.set("action", "{{$.Action}}")
}

// handlers takes attributes out that run scripts.
func (h *cleaner) handlers(e *piece) {
	kept := e.attrs[:0:0]
	for _, a := range e.attrs {
		if strings.HasPrefix(a.name, "on") || strings.HasPrefix(strings.ToLower(strings.TrimSpace(a.value)), "javascript:") {
			h.tell(e.line, false, "Do without it: no page here runs a script.", "%s of <%s> was left out, a script", a.name, e.name)
			continue
		}
		if a.name == "" || a.name == "autofocus" || a.name == "formaction" || a.name == "formenctype" {
			continue
		}
		kept = append(kept, a)
	}
	e.attrs = kept
}
