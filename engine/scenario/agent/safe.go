package agent

import (
	"bytes"
	"context"
	"encoding/base64"
	"fmt"
	"html"
	"io"
	"net/http"
	"net/url"
	"slices"
	"strings"

	xhtml "golang.org/x/net/html"
	"golang.org/x/net/html/atom"
)

// This file makes a flow's page safe to be shown inside the studio: a page
// template is content that somebody else may have written. The frame it is
// shown in runs no scripts either; this is the second wall.

// dropped elements can run code or load something by themselves.
var dropped = []atom.Atom{atom.Script, atom.Iframe, atom.Frame, atom.Frameset, atom.Object, atom.Embed, atom.Applet, atom.Base, atom.Audio, atom.Video, atom.Svg, atom.Math, atom.Template}

// addressed says in which attribute an element names where it leads.
var addressed = map[atom.Atom]string{atom.A: "href", atom.Form: "action", atom.Button: "formaction", atom.Input: "formaction", atom.Area: "href"}

// maxInline bounds what is put into a page in place of a link to it.
const maxInline = 2 << 20

// safe rewrites a page: scripts and what may load things are taken out, style
// sheets and images of the harness are put in.
func (a *Agent) safe(ctx context.Context, p *Page, u *url.URL, r io.Reader) error {
	// The frame runs no scripts, so a browser reads what stands in noscript.
	doc, err := xhtml.ParseWithOptions(r, xhtml.ParseOptionEnableScripting(false))
	if err != nil {
		return fmt.Errorf("agent: the page %s cannot be read: %w", u.Path, err)
	}
	s := &sanitizer{a: a, ctx: ctx, base: u}
	s.node(doc)
	var out bytes.Buffer
	if err := xhtml.Render(&out, doc); err != nil {
		return fmt.Errorf("agent: the page %s cannot be written: %w", u.Path, err)
	}
	p.Title, p.HTML, p.Forms, p.Passkey = strings.TrimSpace(s.title), out.String(), forms(doc, u), s.passkey
	return nil
}

type sanitizer struct {
	a     *Agent
	ctx   context.Context
	base  *url.URL
	title string
	// passkey is what was asked of an authenticator, in a script that is data.
	passkey string
}

func (s *sanitizer) node(n *xhtml.Node) {
	for c := n.FirstChild; c != nil; {
		next := c.NextSibling
		switch {
		case c.Type == xhtml.CommentNode, c.Type == xhtml.ElementNode && s.drop(c):
			n.RemoveChild(c)
		case c.Type == xhtml.ElementNode:
			s.element(c)
			s.node(c)
		}
		c = next
	}
}

func (s *sanitizer) drop(n *xhtml.Node) bool {
	if n.DataAtom == atom.Script && has(n, "data-passkey-options") && n.FirstChild != nil {
		s.passkey = n.FirstChild.Data
	}
	if slices.Contains(dropped, n.DataAtom) || n.Namespace != "" {
		return true
	}
	if n.DataAtom == atom.Meta {
		return attr(n, "http-equiv") != ""
	}
	return n.DataAtom == atom.Link && !strings.EqualFold(attr(n, "rel"), "stylesheet")
}

func (s *sanitizer) element(n *xhtml.Node) {
	switch n.DataAtom {
	case atom.Noscript:
		// Read as what it is here, and never as text by somebody with scripts.
		n.DataAtom, n.Data = atom.Div, "div"
	case atom.Title:
		if n.FirstChild != nil {
			s.title = n.FirstChild.Data
		}
	case atom.Link:
		css, _ := s.fetch(attr(n, "href"), "text/css")
		*n = xhtml.Node{Type: xhtml.ElementNode, DataAtom: atom.Style, Data: "style", Parent: n.Parent, PrevSibling: n.PrevSibling, NextSibling: n.NextSibling}
		n.AppendChild(&xhtml.Node{Type: xhtml.RawNode, Data: strings.ReplaceAll(string(css), "</", `<\/`)})
		return
	case atom.Img:
		data, kind := s.fetch(attr(n, "src"), "image/")
		n.Attr = slices.DeleteFunc(n.Attr, func(t xhtml.Attribute) bool { return t.Key == "srcset" || t.Key == "src" })
		if data != nil {
			n.Attr = append(n.Attr, xhtml.Attribute{Key: "src", Val: "data:" + kind + ";base64," + base64.StdEncoding.EncodeToString(data)})
		}
	}
	n.Attr = slices.DeleteFunc(n.Attr, func(t xhtml.Attribute) bool {
		key := strings.ToLower(t.Key)
		if strings.HasPrefix(key, "on") || key == "ping" || key == "target" || key == "srcdoc" || key == "autofocus" {
			return true
		}
		return key == addressed[n.DataAtom] && key != "" && !harmless(t.Val)
	})
}

// harmless addresses lead to a page.
func harmless(address string) bool {
	u, err := url.Parse(strings.TrimSpace(address))
	return err == nil && (u.Scheme == "" || u.Scheme == "http" || u.Scheme == "https" || u.Scheme == "mailto" || u.Scheme == "tel")
}

// fetch answers a resource of the harness; a data address is its own content.
func (s *sanitizer) fetch(ref, kind string) ([]byte, string) {
	u, err := s.base.Parse(ref)
	if ref == "" || err != nil {
		return nil, ""
	}
	if u.Scheme == "data" && kind == "image/" {
		head, body, _ := strings.Cut(u.Opaque, ",")
		if data, err := base64.StdEncoding.DecodeString(body); err == nil && strings.HasPrefix(head, "image/") && strings.HasSuffix(head, ";base64") {
			return data, strings.TrimSuffix(head, ";base64")
		}
		return nil, ""
	}
	if !slices.Contains(s.a.origins, u.Scheme+"://"+u.Host) {
		return nil, ""
	}
	res := s.a.once(s.ctx, http.MethodGet, u, "")
	defer res.Body.Close()
	got, _, _ := strings.Cut(res.Header.Get("Content-Type"), ";")
	data, err := io.ReadAll(io.LimitReader(res.Body, maxInline))
	if err != nil || res.StatusCode != http.StatusOK || !strings.HasPrefix(got, kind) {
		return nil, ""
	}
	return data, got
}

func attr(n *xhtml.Node, key string) string {
	for _, t := range n.Attr {
		if strings.EqualFold(t.Key, key) {
			return t.Val
		}
	}
	return ""
}

func plain(text string) string {
	return "<!doctype html><pre>" + html.EscapeString(text) + "</pre>"
}
