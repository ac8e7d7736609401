package agama

// This file holds what is known of a variable at a point of a flow. Variables of
// Agama are global and change; outputs of blocks bear the name of their block. So
// a variable is followed to where its value comes from, and what reads it reads
// that.

import (
	"github.com/authflow-studio/authflow/projects/agama/dsl"
)

type value any

type (
	// lit is a text, a number, a truth value or nil.
	lit struct{ v any }
	// items is a list of known length.
	items struct{ list []value }
	// object is a map whose keys are known. What it has none of is in rest.
	object struct {
		keys []string
		of   map[string]value
		rest value
	}
	// output is what a block puts out: step.<id>.<path>.
	output struct {
		n    *node
		path []string
	}
	// trigger is all that a subflow answered.
	trigger struct{ n *node }
	// verdict is what a password check takes the place of: the answer of the
	// code that checked.
	verdict struct{ n *node }
	// caught is the error of an Action or of a subflow, or null.
	caught struct{ n *node }
	// raw is CEL that reads no block.
	raw struct{ cel string }
	// member is a part of a value that only a run knows.
	member struct {
		of   value
		name string
		by   value // the key or the index, when it is no fixed name
	}
	// minus is a number with its sign changed; plus is one with another added.
	minus struct{ of value }
	plus  struct {
		of value
		n  int
	}
	// size is how many there are.
	size struct{ of value }
	// first is whether a loop is in its first round.
	first struct{ n *node }
	// keysOrItems is what a loop goes through when only a run knows what it is.
	keysOrItems struct{ of value }
	// slugFor is the flow of this project for a name of the source.
	slugFor struct {
		of    value
		slugs func() map[string]string
	}
	// either is one of two values.
	either struct {
		when    test
		yes, no value
	}
	// later is what a variable holds at the end of a round, which is known once
	// the loop was read to its end.
	later struct {
		of   *holder
		path string
	}
	// secret is a field that no expression may read.
	secret struct {
		page  *node
		field string
	}
	// setting is a configuration value that only the server knows.
	setting struct{ name string }
	// service is an object of foreign code on which only methods are called.
	service struct {
		class string
		args  []value
		from  *dsl.Call
	}
)

// holder is where the value at the end of a round is put.
type holder struct{ v value }

func (l later) value() value {
	v := l.of.v
	if v == nil {
		v = lit{}
	}
	if l.path != "" {
		return part(v, l.path)
	}
	return v
}

// env leads from a variable to its value.
type env map[string]value

func (e env) clone() env {
	out := make(env, len(e))
	for k, v := range e {
		out[k] = v
	}
	return out
}

// part answers what stands in a value below a name.
func part(v value, name string) value {
	switch v := v.(type) {
	case object:
		if inner, ok := v.of[name]; ok {
			return inner
		}
		if v.rest != nil {
			return part(v.rest, name)
		}
		return lit{}
	case trigger:
		switch name {
		case "success", "aborted", "error", "url", "data":
			return output{v.n, []string{name}}
		}
		return lit{}
	case verdict:
		return verdictPart(v, name)
	case output:
		return partOfOutput(v, name)
	case either:
		return either{v.when, part(v.yes, name), part(v.no, name)}
	case items:
		if name == "length" {
			return lit{float64(len(v.list))}
		}
	case service:
		return lit{}
	case lit:
		if s, ok := v.v.(string); ok && name == "length" {
			return lit{float64(len([]rune(s)))}
		}
		return lit{}
	}
	if name == "length" {
		return size{v}
	}
	return member{of: v, name: name}
}

func partOfOutput(v output, name string) value {
	if v.n.typ == "page" && len(v.path) == 1 && v.path[0] == "fields" {
		name = fieldID(name)
		if v.n.secrets[name] {
			return secret{v.n, name}
		}
	}
	if name == "length" {
		return size{v}
	}
	return output{v.n, append(append([]string{}, v.path...), name)}
}

// verdictPart answers what the code that checked a password may have said of the
// account.
func verdictPart(v verdict, name string) value {
	switch name {
	case "success", "valid", "verified", "authenticated", "empty":
		if name == "empty" {
			return either{when: atom(output{v.n, []string{"verified"}}, true, false), yes: lit{false}, no: lit{true}}
		}
		return v
	case "uid", "userId", "inum", "id", "userid", "user_id":
		return raw{`(has(event.user) ? dyn(event.user.id) : null)`}
	case "mail", "email":
		return raw{`(has(event.user.email) ? dyn(event.user.email) : null)`}
	}
	return lit{}
}

// with answers a value in which something below a name is another.
func with(v value, name string, to value) value {
	o, ok := v.(object)
	if !ok {
		o = object{of: map[string]value{}, rest: v}
		if l, isLit := v.(lit); isLit && l.v == nil || v == nil {
			o.rest = nil
		}
	}
	out := object{keys: append([]string{}, o.keys...), of: map[string]value{}, rest: o.rest}
	for k, inner := range o.of {
		out.of[k] = inner
	}
	if _, there := out.of[name]; !there {
		out.keys = append(out.keys, name)
	}
	out.of[name] = to
	return out
}

// merged is the value of a variable after two ways came together.
func merged(when test, yes, no value) value {
	if yes == nil {
		yes = lit{}
	}
	if no == nil {
		no = lit{}
	}
	if same(yes, no) {
		return yes
	}
	a, ok := yes.(object)
	b, both := no.(object)
	// A map that was changed on one way only is a map on both.
	switch {
	case ok && !both && a.rest != nil && same(a.rest, no):
		b, both = object{rest: no}, true
	case both && !ok && b.rest != nil && same(b.rest, yes):
		a, ok = object{rest: yes}, true
	}
	if !ok || !both || !same(a.rest, b.rest) {
		return either{when: when, yes: yes, no: no}
	}
	out := object{of: map[string]value{}, rest: a.rest}
	for _, o := range []object{a, b} {
		for _, k := range o.keys {
			if _, there := out.of[k]; !there {
				out.keys = append(out.keys, k)
				out.of[k] = merged(when, part(a, k), part(b, k))
			}
		}
	}
	return out
}

// entire is a value without a rest of which only a run knows the keys, and what
// of it was changed, apart. Secrets are in neither.
func entire(v value) (whole value, changed object) {
	o, ok := v.(object)
	if !ok {
		return v, object{}
	}
	changed = object{of: map[string]value{}}
	for _, k := range o.keys {
		switch o.of[k].(type) {
		case secret, setting, service:
			continue
		}
		changed.keys = append(changed.keys, k)
		changed.of[k] = o.of[k]
	}
	var known []string
	switch rest := o.rest.(type) {
	case nil:
		return changed, object{}
	case trigger:
		known = []string{"success", "data", "error"}
	case output:
		if rest.n.page != nil && len(rest.path) == 1 {
			for _, f := range rest.n.page.made.Fields {
				if !rest.n.secrets[f.Name] {
					known = append(known, f.Name)
				}
			}
		}
	}
	if known == nil {
		return o.rest, changed.unlike(o.rest)
	}
	for _, k := range known {
		if _, there := changed.of[k]; !there {
			changed.keys = append(changed.keys, k)
			changed.of[k] = part(o.rest, k)
		}
	}
	return changed, object{}
}

// unlike leaves out what is a part of another value as it is.
func (o object) unlike(rest value) object {
	out := object{of: map[string]value{}}
	for _, k := range o.keys {
		inner := o.of[k]
		if below, ok := inner.(object); ok && same(below.rest, part(rest, k)) {
			if _, changed := entire(below); len(changed.keys) == 0 {
				continue
			}
		}
		if !same(inner, part(rest, k)) {
			out.keys = append(out.keys, k)
			out.of[k] = inner
		}
	}
	return out
}

// loses reports whether a value, written as a whole, would be without what only
// a run knows of it.
func loses(v value) bool {
	switch v := v.(type) {
	case object:
		whole, changed := entire(v)
		if len(changed.keys) > 0 {
			return true
		}
		if o, ok := whole.(object); ok {
			for _, k := range o.keys {
				if loses(o.of[k]) {
					return true
				}
			}
		}
	case items:
		for _, e := range v.list {
			if loses(e) {
				return true
			}
		}
	case either:
		return loses(v.yes) || loses(v.no)
	case later:
		return false // looked at where it was made
	}
	return false
}

// same reports whether two values are certainly the same.
func same(a, b value) bool {
	switch a := a.(type) {
	case nil:
		return b == nil
	case lit:
		b, ok := b.(lit)
		return ok && a.v == b.v
	case output:
		b, ok := b.(output)
		return ok && a.n == b.n && equalTexts(a.path, b.path)
	case trigger:
		return a == b
	case verdict:
		return a == b
	case caught:
		return a == b
	case raw:
		return a == b
	case setting:
		return a == b
	case later:
		return a == b
	case service:
		b, ok := b.(service)
		return ok && a.from == b.from
	case secret:
		return a == b
	case member:
		b, ok := b.(member)
		return ok && a.name == b.name && same(a.of, b.of) && same(a.by, b.by)
	case object:
		b, ok := b.(object)
		if !ok || len(a.keys) != len(b.keys) || !same(a.rest, b.rest) {
			return false
		}
		for _, k := range a.keys {
			if inner, there := b.of[k]; !there || !same(a.of[k], inner) {
				return false
			}
		}
		return true
	}
	return false
}

func equalTexts(a, b []string) bool {
	if len(a) != len(b) {
		return false
	}
	for i := range a {
		if a[i] != b[i] {
			return false
		}
	}
	return true
}
