package agama

// This file turns what a person sees into blocks: pages, ways to another site,
// other flows.

import (
	"path"
	"slices"

	"github.com/authflow-studio/authflow/projects/agama/dsl"
)

func (b *builder) render(s *dsl.Render) {
	p := b.page(path.Join(b.u.tree.Basepath, s.Template), b.u.file, s.Pos)
	n := b.g.add("page", pageID(p.path), s.Pos)
	n.page = p
	n.label = short(p.title(), 48)
	n.secrets = p.secrets()
	n.config["template"] = p.path
	if t := p.titleText(); t != "" {
		n.config["title"] = t
	}
	b.model(n, s)
	b.g.open(n, "submitted")
	if s.Target != nil {
		b.set(s.Target, output{n, []string{"fields"}})
	}
	if s.Callback {
		b.tell(Todo, s.Pos, "Send the person away with a block Redirect, or write an Action with api.redirect.to; both wait at /fl/callback.", "This page goes on at the callback address in the source (the third parameter of RRF). Here it goes on when it is submitted itself.")
	}
	if s.Polled {
		b.tell(Todo, s.Pos, "Give the page a button to go on, and put the question that was polled into an Action after it.", "The status checker of this page was left out: a page here waits for the person alone.")
	}
}

func pageID(p string) string {
	base := path.Base(p)
	return base[:len(base)-len(path.Ext(base))]
}

// model gives a page the values that its template, or one in its place, uses.
func (b *builder) model(n *node, s *dsl.Render) {
	if s.Data == nil {
		return
	}
	data := b.variable(s.Data)
	model := map[string]any{}
	names := b.usedBy(n.page)
	if o, ok := data.(object); ok && o.rest == nil {
		names = slices.DeleteFunc(names, func(k string) bool { _, there := o.of[k]; return !there })
	}
	for _, name := range names {
		v := part(data, name)
		switch v.(type) {
		case secret, setting:
			b.tell(Todo, s.Pos, "Show something else: pages never show a secret.", "The page %s was given %q, a secret.", n.page.path, name)
			continue
		case service:
			continue
		}
		switch name {
		case "title":
			n.config["title"] = filled{v}
		case "intro":
			n.config["intro"] = filled{v}
		default:
			b.whole(s.Pos, v)
			model[name] = filled{v}
		}
	}
	if len(model) > 0 {
		n.config["model"] = model
	}
}

func (b *builder) redirect(s *dsl.Redirect) {
	n := b.g.add("redirect", "leave", s.Pos)
	n.label = "Leave and come back"
	url := b.value(s.URL)
	n.config["url"] = filled{url}
	if from := outsider(url); from != "" {
		b.tell(Todo, s.Pos, "Write the site down in the block, or choose it in a decision.", "To which site RFAC sends the person comes from %s. The check calls that an error (open_redirect), and nothing is exported with it.", from)
	}
	b.g.open(n, "returned")
	if s.Target != nil {
		b.set(s.Target, output{n, []string{"params"}})
	}
	b.tell(Check, s.Pos, "Register https://YOUR-SITE/fl/callback at the other site, and see that it gives the parameter state back. For an OpenID Provider use social_oidc_redirect and social_oidc_callback instead: they verify what comes back and say who the person is.",
		"RFAC became the block %q of %s. It adds a parameter state to the address and takes only a callback that brings it back; what comes back proves nothing by itself.", n.id, b.u.slug)
}

func (b *builder) trigger(s *dsl.Trigger) {
	name := lastPart(s.Flow)
	if s.Computed != nil {
		name = exprText(s.Computed)
	}
	n := b.g.add("run_flow", name, s.Pos)
	n.label = short(name, 48)
	if s.Computed != nil {
		n.config["flow"] = filled{slugFor{b.variable(s.Computed), b.slugOf}}
		b.tell(Check, s.Pos, "Look whether every name that it may have is one of the flows of this project.", "The flow that %q runs is computed; names of Agama are led to the flows of this project, any other is an error.", n.id)
	} else {
		n.callee = b.callee(s, b.u.file)
		n.config["flow"] = n.callee.slug
	}
	b.inputs(n, s)
	b.overrides(n, s)
	is := func(port string, success, aborted bool) {
		b.g.open(n, port, comparison{left: output{n, []string{"success"}}, right: lit{success}}, comparison{left: output{n, []string{"aborted"}}, right: lit{aborted}}, comparison{left: caught{n}, right: lit{}})
	}
	is("success", true, false)
	is("failure", false, false)
	is("aborted", false, true)
	if s.Target != nil {
		b.set(s.Target, trigger{n})
	}
	if s.Err == "" {
		return
	}
	b.vars[s.Err] = caught{n}
	if b.uses.read[s.Err] == 0 {
		b.tell(Check, s.Pos, "Lead the block's error port on if a failure is to be passed over.", "The error of this flow is caught in the source and never looked at. Here an error in it ends the run as denied.")
		return
	}
	b.g.open(n, "error", comparison{left: caught{n}, right: lit{}, not: true})
}

// inputs names what the flow is given: by its header, in order.
func (b *builder) inputs(n *node, s *dsl.Trigger) {
	callee := n.callee
	if callee == nil && len(s.Args) > 0 {
		callee = b.anyWith(len(s.Args))
	}
	given := map[string]any{}
	for i, arg := range s.Args {
		v := b.value(arg)
		if callee == nil || i >= len(callee.tree.Inputs) {
			b.tell(Check, s.Pos, "Look what the flow is to be given.", "%s is given more than the flow has inputs; what is too much was left out.", n.id)
			break
		}
		name := callee.inputs[callee.tree.Inputs[i]]
		switch v := v.(type) {
		case secret:
			b.tell(Todo, s.Pos, "Put the password check before this block, or into the flow with a page of its own.", "The flow is given the password field %q; a password is never passed on.", v.field)
		case setting:
			b.tell(Todo, s.Pos, "Let an Action of the flow read it with api.secrets.get.", "The flow is given the secret %s; secrets are never passed on.", v.name)
		case service:
		default:
			b.whole(s.Pos, v)
			given[name] = filled{v}
		}
	}
	if len(given) > 0 {
		n.config["inputs"] = given
	}
}

func (b *builder) overrides(n *node, s *dsl.Trigger) {
	var rows []any
	for _, o := range s.Overrides {
		with := b.page(overriding(b.u.tree.Basepath, o), b.u.file, o.Pos)
		rows = append(rows, map[string]any{"page": pageName(o.Template), "with": with.path})
	}
	if len(rows) > 0 {
		n.config["override_pages"] = rows
	}
}

// overriding answers the template that takes the place of another.
func overriding(base string, o dsl.Override) string {
	if o.With == "" {
		return path.Join(base, path.Base(o.Template))
	}
	return path.Join(base, o.With)
}

// outsider says who writes an address; "" when it is the flow or its Actions.
func outsider(v value) string {
	switch v := v.(type) {
	case output:
		switch v.n.typ {
		case "page":
			return "a form"
		case "redirect":
			return "another site"
		}
	case raw:
		return "whoever runs the flow"
	case member:
		return outsider(v.of)
	case either:
		if from := outsider(v.yes); from != "" {
			return from
		}
		return outsider(v.no)
	}
	return ""
}
