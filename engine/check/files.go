package check

import (
	"context"
	"fmt"
	"regexp"

	"github.com/authflow-studio/authflow/engine/block"
	"github.com/authflow-studio/authflow/engine/flow"
	"github.com/authflow-studio/authflow/engine/script"
	"github.com/authflow-studio/authflow/engine/web"
)

// files checks what stands beside the flows: Actions, pages, clients (K2).
func (c *Checker) files(ctx context.Context, p *flow.Project) []Problem {
	var out []Problem
	for _, name := range sortedKeys(p.Actions) {
		if script.Readable(name) {
			out = append(out, c.action(ctx, script.NewUnit(name, p.Actions))...)
		}
	}
	for _, name := range sortedKeys(p.Pages) {
		out = append(out, checkPage(p, name)...)
	}
	if _, ok := p.FlowByTrigger("login"); !ok {
		out = append(out, Problem{Code: "no_login_flow", Severity: Warning, Message: "The project has no login flow that is enabled.", Why: "The authorization endpoint has nothing to run: clients cannot sign anybody in."})
	}
	for _, cl := range p.Clients {
		out = append(out, checkClient(cl)...)
	}
	return out
}

var labelCall = regexp.MustCompile(`\{\{[^}]*\blabel\s+"([^"]+)"`)

func checkPage(p *flow.Project, name string) []Problem {
	file := flow.PagesDir + "/" + name
	if err := web.CheckTemplate(name, p.Pages[name]); err != nil {
		return []Problem{{Code: "page_syntax", Severity: Error, File: file, Line: templateLine(err.Error()), Message: sentence(err.Error()), Why: "A page that cannot be rendered answers with an error."}}
	}
	var out []Problem
	for _, m := range labelCall.FindAllStringSubmatch(p.Pages[name], -1) {
		if !block.HasLabel(p, m[1]) {
			out = append(out, Problem{Code: "label_missing", Severity: Warning, File: file, Message: fmt.Sprintf("There is no text for the label %q.", m[1]), Why: "People see the key instead. Add it to labels/" + p.Settings.WithDefaults().DefaultLocale + ".json."})
		}
	}
	return out
}

var lineInTemplate = regexp.MustCompile(`template: [^:]+:(\d+)`)

func templateLine(message string) int {
	n := 0
	if m := lineInTemplate.FindStringSubmatch(message); m != nil {
		_, _ = fmt.Sscan(m[1], &n)
	}
	return n
}

func checkClient(c flow.Client) []Problem {
	var out []Problem
	bad := func(code, format string, args ...any) {
		out = append(out, Problem{Code: code, Severity: Error, File: flow.ClientsFile, Message: fmt.Sprintf(format, args...), Why: "The provider cannot serve this client."})
	}
	if len(c.RedirectURIs) == 0 && !c.AnyLoopbackRedirect {
		bad("client_redirect", "The client %q has no redirect_uris.", c.ID)
	}
	if c.AuthMethod != "" && c.AuthMethod != "none" && c.SecretName == "" {
		bad("client_secret", "The client %q authenticates with %s and names no secret_name.", c.ID, c.AuthMethod)
	}
	return out
}
