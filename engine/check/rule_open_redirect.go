package check

import (
	"strings"

	"github.com/authflow-studio/authflow/engine/expr"
)

var openRedirect = Rule{
	Code: "open_redirect", Severity: Error, Group: "security",
	Title: "An address whose site somebody from outside chooses",
	Why:   "Whoever writes the link sends people who trust this site anywhere. Write the site down, or choose it in a decision.",
	Mend:  "Write the site down, or choose it in a decision.",
	place: func(l *place) {
		if l.d == nil || l.d.ID != "redirect" {
			return
		}
		host := hostPart(l.text("url"))
		if !strings.Contains(host, "{{") {
			return
		}
		t, issues := expr.CompileTemplate(host, nil)
		if t == nil || len(issues) > 0 {
			return // reported where the address is checked
		}
		for _, r := range t.Reads() {
			if from := outside(r.Path); from != "" {
				l.found("url", "%s decides to which site %q sends the person, and it comes from %s.", r.String(), l.id, from)
				return
			}
		}
	},
}

// hostPart is the beginning of an address, up to the path: what follows cannot
// lead to another site.
func hostPart(address string) string {
	scheme, rest, ok := strings.Cut(address, "://")
	if !ok {
		return address
	}
	for depth, i := 0, 0; i < len(rest); i++ {
		switch {
		case strings.HasPrefix(rest[i:], "{{"):
			depth++
		case strings.HasPrefix(rest[i:], "}}"):
			depth--
		case depth == 0 && strings.ContainsRune("/?#", rune(rest[i])):
			return scheme + "://" + rest[:i]
		}
	}
	return address
}

// outside says who writes a value; "" for nobody from outside.
func outside(path []string) string {
	switch {
	case len(path) < 2:
		return ""
	case path[0] == "event" && (path[1] == "request" || path[1] == "transaction"):
		return "the request"
	case path[0] == "step" && len(path) > 2 && (path[2] == "fields" || path[2] == "params" || path[2] == "body"):
		return "a form or another site"
	case path[0] == "input":
		return "whoever runs this flow"
	}
	return ""
}
