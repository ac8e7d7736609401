package web

import (
	"slices"
	"strings"

	"github.com/authflow-studio/authflow/engine/flow"
	"github.com/authflow-studio/authflow/engine/run"
)

// formTargets are where a redirect after a submit of this run may lead: browsers
// apply form-action to redirects, too. The client's address is one, and those of
// blocks that send the person away.
func formTargets(p *flow.Project, s *run.State) []string {
	var out []string
	add := func(target string) {
		if target != "" && !slices.Contains(out, target) {
			out = append(out, target)
		}
	}
	tx, _ := s.Event["transaction"].(map[string]any)
	uri, _ := tx["redirect_uri"].(string)
	if o, ok := origin(uri); ok {
		add(o)
	}
	for _, f := range p.Flows {
		for _, b := range f.Blocks {
			switch b.Type {
			case "redirect":
				address, _ := b.Config["url"].(string)
				add(staticOrigin(address))
			case "social_oidc_redirect":
				id, _ := b.Config["provider"].(string)
				add(staticOrigin(p.Settings.Providers[id].AuthorizationEndpoint))
			}
		}
	}
	slices.Sort(out)
	return out
}

// staticOrigin answers the origin of a template's address where it is written
// out, else every https address.
func staticOrigin(template string) string {
	fixed, _, computed := strings.Cut(template, "{{")
	o, ok := origin(fixed)
	rest := strings.TrimPrefix(fixed, o)
	// A host is known when something comes after it.
	if ok && strings.Contains(o, "://") && (!computed || strings.HasPrefix(rest, "/") || strings.HasPrefix(rest, "?")) {
		return o
	}
	return "https:"
}
