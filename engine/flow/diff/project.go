package diff

import (
	"fmt"
	"slices"
	"strings"

	"github.com/authflow-studio/authflow/engine/flow"
)

// This file compares what of a project is no flow.

func files(part Part, word string, a, b map[string]string) []Change {
	var out []Change
	for _, name := range names(a, b) {
		was, had := a[name]
		is, has := b[name]
		c := Change{Kind: Changed, Part: part, Path: name, Before: was, After: is, Text: fmt.Sprintf("The %s %s has changed: %s.", word, name, lines(was, is))}
		switch {
		case was == is && had == has:
			continue
		case !had:
			c.Kind, c.Before, c.Text = Added, nil, fmt.Sprintf("The %s %s is new.", word, name)
		case !has:
			c.Kind, c.After, c.Text = Removed, nil, fmt.Sprintf("The %s %s is gone.", word, name)
		}
		out = append(out, c)
	}
	return out
}

// lines counts the lines that are in one text and not in the other.
func lines(a, b string) string {
	count := map[string]int{}
	for _, l := range strings.Split(a, "\n") {
		count[l]--
	}
	for _, l := range strings.Split(b, "\n") {
		count[l]++
	}
	more, less := 0, 0
	for _, n := range count {
		more, less = more+max(n, 0), less+max(-n, 0)
	}
	return fmt.Sprintf("+%d −%d lines", more, less)
}

func labels(a, b *flow.Project) []Change {
	var out []Change
	for _, locale := range names(a.Labels, b.Labels) {
		for _, c := range files(PartLabel, "label", a.Labels[locale], b.Labels[locale]) {
			c.Path = locale + "/" + c.Path
			c.Text = strings.Replace(c.Text, "The label", "The label "+locale, 1)
			out = append(out, c)
		}
	}
	return out
}

func clients(a, b *flow.Project) []Change {
	byID := func(p *flow.Project) map[string]any {
		out := map[string]any{}
		for _, c := range p.Clients {
			out[c.ID] = plain(c)
		}
		return out
	}
	return values(Change{Part: PartClient}, "clients", "", byID(a), byID(b))
}

// settings compares those of a project; secrets and hosts are told by name.
func settings(a, b flow.Settings) []Change {
	var out []Change
	secret := func(s flow.Settings) map[string]string {
		m := map[string]string{}
		for _, x := range s.Secrets {
			m[x.Name] = x.Purpose
		}
		return m
	}
	out = append(out, named(PartSecret, "secret", secret(a), secret(b))...)
	host := func(s flow.Settings) map[string]string {
		m := map[string]string{}
		for _, x := range s.EgressHosts {
			m[x] = ""
		}
		return m
	}
	out = append(out, named(PartHost, "host that may be called", host(a), host(b))...)
	out = append(out, suppressions(a.Checks.Suppress, b.Checks.Suppress)...)
	a.Checks.Suppress, b.Checks.Suppress = nil, nil
	a.Secrets, b.Secrets, a.EgressHosts, b.EgressHosts, a.Harness, b.Harness = nil, nil, nil, nil, nil, nil
	return append(out, values(Change{Part: PartSetting}, "settings", "", plain(a), plain(b))...)
}

// suppressions tells which findings of the checks are let be from now on, and
// which no longer.
func suppressions(a, b []flow.Suppression) []Change {
	var out []Change
	tell := func(kind Kind, x flow.Suppression, words string) {
		place := strings.Trim(x.Flow+"."+x.Block, ".")
		if place == "" {
			place = "anywhere"
		}
		c := Change{Kind: kind, Part: PartSetting, Path: "checks.suppress", Text: fmt.Sprintf(words, x.Code, place, x.Reason)}
		if kind == Added {
			c.After = plain(x)
		} else {
			c.Before = plain(x)
		}
		out = append(out, c)
	}
	for _, x := range b {
		if !slices.Contains(a, x) {
			tell(Added, x, "The finding %s (%s) is suppressed: %s.")
		}
	}
	for _, x := range a {
		if !slices.Contains(b, x) {
			tell(Removed, x, "The finding %s (%s) is suppressed no longer; it was: %s.")
		}
	}
	return out
}

func named(part Part, word string, a, b map[string]string) []Change {
	out := files(part, word, a, b)
	for i := range out {
		out[i].Before, out[i].After = nil, nil
		if out[i].Kind == Changed {
			out[i].Text = fmt.Sprintf("The %s %s has another purpose.", word, out[i].Path)
		}
	}
	return out
}
