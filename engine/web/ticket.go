package web

import (
	"bytes"
	"errors"
	"fmt"
	"html"
	"io"
	"strings"

	xhtml "golang.org/x/net/html"
)

// addTicket puts the page's one-time ticket into every form that posts, so that
// an author of a template cannot forget it (rule X7).
func addTicket(page []byte, ticket string) ([]byte, error) {
	z := xhtml.NewTokenizer(bytes.NewReader(page))
	var out bytes.Buffer
	for {
		kind := z.Next()
		if kind == xhtml.ErrorToken {
			if errors.Is(z.Err(), io.EOF) {
				out.Write(z.Raw()) // a tag that the page ends in
				return out.Bytes(), nil
			}
			return nil, fmt.Errorf("the page cannot be read as HTML: %w", z.Err())
		}
		out.Write(z.Raw())
		if kind == xhtml.StartTagToken && postsBack(z) {
			fmt.Fprintf(&out, `<input type="hidden" name="%s" value="%s">`, ticketField, html.EscapeString(ticket))
		}
	}
}

// postsBack reports whether the tag is a form whose submit comes back to the
// page: the ticket is for nobody else.
func postsBack(z *xhtml.Tokenizer) bool {
	name, more := z.TagName()
	if string(name) != "form" {
		return false
	}
	method, action := "get", ""
	for more {
		var k, v []byte
		k, v, more = z.TagAttr()
		switch string(k) {
		case "method":
			method = strings.ToLower(string(v))
		case "action":
			action = string(v)
		}
	}
	return method == "post" && (action == "" || strings.HasPrefix(action, FlowPath))
}
