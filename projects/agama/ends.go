package agama

// This file turns Finish into the blocks that end a flow. Signing somebody in
// needs a proof that our own blocks have seen; what the source says of the
// person is not enough.

import (
	"fmt"
	"maps"
	"slices"
	"strings"

	"github.com/authflow-studio/authflow/engine/flow"
	"github.com/authflow-studio/authflow/projects/agama/dsl"
)

// end is how a flow ends, before it is known who was proven there.
type end struct {
	success bool
	user    value // whom the source signs in; nil: nobody
	data    value
	err     value
}

// finish ends the flow with a value.
func (b *builder) finish(at dsl.Pos, v value) {
	switch v := v.(type) {
	case lit:
		switch l := v.v.(type) {
		case bool:
			b.end(at, end{success: l})
		case string:
			b.end(at, end{success: true, user: v})
		default:
			b.gap(at, "Finish with true, false, a name or a map.", "Finish is given nothing, which is a crash in Agama")
			b.end(at, end{err: lit{"finished with nothing"}})
		}
	case object:
		b.finishObject(at, v)
	case trigger:
		b.branch(at, atom(part(v, "success"), true, false), func() {
			b.end(at, end{success: true, user: userOf(v.n), data: part(v, "data")})
		}, func() { b.end(at, end{err: part(v, "error")}) })
	case either:
		b.branch(at, v.when, func() { b.finish(at, v.yes) }, func() { b.finish(at, v.no) })
	case later:
		b.finish(at, v.value())
	case verdict:
		b.branch(at, atom(output{v.n, []string{"verified"}}, true, false), func() { b.end(at, end{success: true, user: v}) }, func() { b.end(at, end{}) })
	case output, member, raw:
		b.finishUnknown(at, v)
	default:
		b.gap(at, "Finish with true, false, a name or a map.", "Finish is given something that cannot end a flow")
		b.end(at, end{err: lit{"finished with something else"}})
	}
}

// userOf is whom a flow answers in its data.
func userOf(n *node) value { return output{n, []string{"data", "userId"}} }

// finishUnknown ends with a value of which only a run knows whether it is a
// truth value, a map or the name of a user.
func (b *builder) finishUnknown(at dsl.Pos, v value) {
	if o, ok := v.(output); ok && o.n.typ == "set_value" {
		// What a loop kept is what the flow made itself: a map.
		b.branch(at, atom(member{of: v, name: "success"}, true, false), func() {
			b.end(at, end{success: true, user: member{of: member{of: v, name: "data"}, name: "userId"}, data: member{of: v, name: "data"}})
		}, func() { b.end(at, end{err: member{of: v, name: "error"}}) })
		return
	}
	if o, ok := v.(output); ok && (o.n.typ == "page" || o.n.typ == "redirect" || o.n.typ == "run_flow") {
		b.end(at, end{success: true, user: v}) // what a person typed is a text
		return
	}
	no := test{[][]comparison{{{left: v, right: lit{false}}}, {{left: v, right: lit{}}}}}
	b.branch(at, no, func() { b.end(at, end{err: lit{"finished with nobody"}}) }, func() {
		b.tell(Check, at, "Look whether it is the name of a user; if it is a map or true, finish with its parts.", "Only a run knows what Finish is given here; it is taken for the name of a user, and false or null for a failure.")
		b.end(at, end{success: true, user: v})
	})
}

func (b *builder) finishObject(at dsl.Pos, v object) {
	data := part(v, "data")
	success := end{success: true, user: part(data, "userId"), data: data}
	if l, ok := success.user.(lit); ok && l.v == nil {
		success.user = nil
	}
	failure := end{err: part(v, "error")}
	switch s := part(v, "success").(type) {
	case lit:
		if s.v == true {
			b.end(at, success)
		} else {
			b.end(at, failure)
		}
	default:
		b.branch(at, test{[][]comparison{{{left: s, right: lit{true}}}}}, func() { b.end(at, success) }, func() { b.end(at, failure) })
	}
}

// branch goes two ways by a condition.
func (b *builder) branch(at dsl.Pos, t test, yes, no func()) {
	text := b.lineOf(at.Line)
	a, z := b.fork(t, at, text+" ok")
	before := b.vars
	b.g.exits = a
	if len(a) > 0 {
		yes()
	}
	b.vars, b.g.exits = before, z
	if len(z) > 0 {
		no()
	}
	b.g.exits = nil
}

func (b *builder) end(at dsl.Pos, e end) {
	id := "failed"
	if e.success {
		id = "finished"
	}
	n := b.g.add("finish", id, at)
	n.end = &e
}

// proof answers whether who the person is was proven on every way to a block.
func (imp *importer) proof(g *graph) map[*node]map[string]bool {
	return g.must(func(n *node, port string) []string {
		switch {
		case n.typ == "password_check" && port == "ok":
			return []string{proven}
		case n.typ == "run_flow" && port == "success" && n.callee != nil && imp.proves(n.callee):
			return []string{proven}
		}
		return nil
	})
}

const proven = "proven"

// proves reports whether each successful end of a flow has proven who the person
// is.
func (imp *importer) proves(u *unit) bool {
	if u.proves != nil {
		return *u.proves
	}
	no := false
	u.proves = &no // a flow that runs itself proves nothing by that
	known := imp.proof(u.g)
	all, some := true, false
	for _, n := range u.g.nodes {
		if n.end != nil && n.end.success {
			some = true
			all = all && known[n][proven]
		}
	}
	yes := all && some
	u.proves = &yes
	return yes
}

// close makes the blocks that end a flow.
func (imp *importer) close(u *unit) {
	known := imp.proof(u.g)
	b := &builder{importer: imp, u: u, g: u.g}
	for _, n := range slices.Clone(u.g.nodes) {
		if n.end == nil {
			continue
		}
		if u.login {
			b.closeLogin(n, known[n][proven])
		} else {
			b.closeOther(n, known[n][proven])
		}
	}
}

func (b *builder) closeLogin(n *node, sure bool) {
	e := n.end
	switch {
	case !e.success:
		n.typ = "deny"
		n.config["reason"] = reasonOf(e.err)
		n.label = "Refused"
	case e.user != nil && sure:
		n.typ, n.label = "issue_session", "Signed in"
		b.rename(n, "signed_in")
	case e.user != nil:
		n.typ, n.label = "deny", "Nobody has proven who they are"
		n.config["reason"] = "identity_not_proven"
		b.rename(n, "not_proven")
		n.note = "In the source this signs somebody in: " + b.lineOf(n.at.Line)
		b.tell(Todo, n.at, "Put a block before it that proves who the person is (password_check, mfa, social_oidc_redirect and social_oidc_callback, webauthn_finish, channel_otp_verify after an identity_lookup) and replace this block by Issue session.",
			"%s signs somebody in because foreign code says so. Authflow issues a session only to somebody who has proven who they are to one of its own blocks, so block %q refuses.", b.lineOf(n.at.Line), n.id)
	default:
		n.typ, n.label = "allow", "Finished, nobody signed in"
		b.tell(Check, n.at, "Finish with the user's name if somebody is to be signed in.", "Finish true names nobody. The flow ends well, and nobody is signed in by it.")
	}
}

func (b *builder) rename(n *node, id string) {
	delete(b.g.ids, n.id)
	n.id = b.g.fresh(id)
}

func (b *builder) closeOther(n *node, sure bool) {
	e := n.end
	n.label = "Finished"
	if !e.success {
		n.label = "Not finished"
		n.config["success"] = false
		if l, ok := e.err.(lit); e.err != nil && !(ok && l.v == nil) {
			n.config["error"] = filled{e.err}
		}
		return
	}
	data := b.dataOf(n)
	if e.user != nil {
		data["userId"] = filled{e.user}
		if v, ok := e.user.(verdict); ok {
			data["userId"] = filled{part(v, "uid")}
		}
	}
	if len(data) > 0 {
		n.config["data"] = data
	}
	switch {
	case e.user == nil:
	case sure:
		n.config["identity"] = true
	default:
		b.tell(Check, n.at, "If the flow is to say who somebody is, let a block in it prove that; else nothing.", "%s names a user whom no block of this flow has proven. The name is passed on as plain data (data.userId); it signs nobody in.", b.lineOf(n.at.Line))
	}
}

// dataOf answers the data of a result by its keys.
func (b *builder) dataOf(n *node) map[string]any {
	out := map[string]any{}
	switch d := n.end.data.(type) {
	case nil, lit:
	case object:
		for _, k := range d.keys {
			out[k] = filled{d.of[k]}
		}
		if d.rest != nil {
			b.passOn(n, d.rest, out)
		}
	default:
		b.passOn(n, d, out)
	}
	delete(out, "user_id") // the engine says it itself
	return out
}

// passOn takes over what another flow answered, by the keys that it has.
func (b *builder) passOn(n *node, d value, out map[string]any) {
	keys := []string{}
	if o, ok := d.(output); ok && o.n.callee != nil {
		keys = b.dataKeys(o.n.callee, 0)
	}
	if len(keys) == 0 {
		keys = slices.Sorted(maps.Keys(b.asked[b.u.tree.Name]))
		b.tell(Check, n.at, "Write further names and values into the block's Data.", "What %s passes on has keys that only a run knows. Block %q passes on those that another flow of the source reads (%s).", b.lineOf(n.at.Line), n.id, strings.Join(keys, ", "))
	}
	for _, k := range keys {
		if _, there := out[k]; !there {
			out[k] = filled{part(d, k)}
		}
	}
}

// dataKeys answers the keys of what a flow answers when it was successful.
func (imp *importer) dataKeys(u *unit, depth int) []string {
	var out []string
	for _, n := range u.g.nodes {
		if n.end == nil || !n.end.success || depth > len(imp.units) {
			continue
		}
		if n.end.user != nil {
			out = append(out, "userId")
		}
		switch d := n.end.data.(type) {
		case object:
			out = append(out, d.keys...)
		case output:
			if d.n.callee != nil {
				out = append(out, imp.dataKeys(d.n.callee, depth+1)...)
			}
		}
	}
	slices.Sort(out)
	return slices.Compact(out)
}

// reasonOf is a reason for machines.
func reasonOf(v value) string {
	l, _ := v.(lit)
	if s, ok := l.v.(string); ok && s != "" {
		return snake(s)
	}
	return "flow_failed"
}

// stages puts each block into a lane: what comes after a proof stands in a later
// one, and no way leads back.
func (imp *importer) stages(u *unit) {
	for _, n := range u.g.nodes {
		n.stage = "main"
	}
	if !u.login {
		return
	}
	known := imp.proof(u.g)
	later := map[*node]bool{}
	for _, n := range u.g.nodes {
		n.stage = "pre_login"
		later[n] = known[n][proven]
	}
	for changed := true; changed; {
		changed = false
		for _, n := range u.g.nodes {
			for _, to := range n.next {
				if later[n] && !later[to] {
					later[n], changed = false, true
				}
			}
		}
	}
	for _, n := range u.g.nodes {
		switch {
		case n.typ == "issue_session":
			n.stage = "post_login"
		case later[n]:
			n.stage = "post_auth"
		}
	}
}

// unlocked lifts the locks of block types that a login flow of the source has no
// use for.
func unlocked(u *unit) []flow.Unlocked {
	var out []flow.Unlocked
	t, _ := flow.TriggerByID("login")
	for _, kind := range t.Locked {
		if !slices.ContainsFunc(u.g.nodes, func(n *node) bool { return n.typ == kind }) {
			out = append(out, flow.Unlocked{Block: kind, Reason: fmt.Sprintf("Imported from Agama: %s does without it.", u.tree.Name)})
		}
	}
	return out
}
