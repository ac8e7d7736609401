package agama

// This file carries over the configuration of flows: plain values into a block
// at the beginning, secrets to where the server supplies them.

import (
	"maps"
	"regexp"
	"slices"
	"strings"

	"github.com/authflow-studio/authflow/projects/agama/dsl"
)

// confidential are names of settings that hold secrets.
var confidential = regexp.MustCompile(`(?i)secret|passw|private|credential|token|api_?key|keystore|auth_?key`)

// configure gives the variable of the header its values.
func (b *builder) configure() {
	name := b.u.tree.Configs
	if name == "" {
		return
	}
	have := b.meta.Configs[b.u.tree.Name]
	keys := slices.Collect(maps.Keys(b.uses.keys[name]))
	for k := range have {
		keys = append(keys, k)
	}
	slices.Sort(keys)
	keys = slices.Compact(keys)
	o := object{of: map[string]value{}}
	values := map[string]any{}
	var unknown []string
	at := dsl.Pos{Line: b.u.tree.Line, Column: b.u.tree.Column}
	for _, k := range keys {
		o.keys = append(o.keys, k)
		if confidential.MatchString(k) {
			o.of[k] = b.confidential(at, name+"."+k, k)
			continue
		}
		v, there := have[k]
		if !there {
			unknown = append(unknown, k)
		}
		values[snake(k)] = plainValue(v)
	}
	b.vars[name] = o
	if len(values) == 0 {
		return
	}
	n := b.g.add("set_value", name, at)
	n.label = "Configuration"
	n.config["values"] = values
	n.note = "In Agama an administrator sets these."
	b.conf = n
	b.g.open(n, "next")
	for _, k := range keys {
		if _, isSecret := o.of[k].(setting); !isSecret {
			o.of[k] = b.shaped(at, output{n, []string{snake(k)}}, have[k], name+"."+k)
		}
	}
	if len(unknown) > 0 {
		b.tell(Todo, at, "Write their values into the block.", "The source reads %s, for which project.json has no value. In block %q of %s they are null.", name+"."+strings.Join(unknown, ", "+name+"."), n.id, b.u.slug)
	} else {
		b.tell(Check, at, "Look whether these are the values you want; .gama files hold examples.", "The configuration of project.json stands in block %q of %s.", n.id, b.u.slug)
	}
}

// shaped is an output of which the parts that are secrets are known to be so.
func (b *builder) shaped(at dsl.Pos, out output, like any, name string) value {
	m, ok := like.(map[string]any)
	if !ok {
		return out
	}
	o := object{of: map[string]value{}, rest: out}
	for _, k := range slices.Sorted(maps.Keys(m)) {
		switch inner, deep := m[k].(map[string]any); {
		case confidential.MatchString(k):
			o.keys = append(o.keys, k)
			o.of[k] = b.confidential(at, name+"."+k, k)
		case deep:
			o.keys = append(o.keys, k)
			o.of[k] = b.shaped(at, output{out.n, append(slices.Clone(out.path), k)}, inner, name+"."+k)
		}
	}
	return o
}

// confidential leaves a secret to the server.
func (b *builder) confidential(at dsl.Pos, name, key string) value {
	s := b.secretSetting(key)
	b.tell(Todo, at, "Write its value into world.yaml for the harness, and give it to the server (docs/server.md).", "The configuration %s looks like a secret. It is not written into the project; Actions read it with api.secrets.get(%q).", name, s)
	return setting{s}
}

// plainValue is a configured value as a block's config can hold it, without what
// looks like a secret.
func plainValue(v any) any {
	switch v := v.(type) {
	case nil:
		return "{{ null }}"
	case string:
		return strings.ReplaceAll(v, "{{", `\{{`)
	}
	return withoutSecrets(v)
}

func withoutSecrets(v any) any {
	switch v := v.(type) {
	case map[string]any:
		out := map[string]any{}
		for k, inner := range v {
			if !confidential.MatchString(k) {
				out[k] = withoutSecrets(inner)
			}
		}
		return out
	case []any:
		out := make([]any, len(v))
		for i, inner := range v {
			out[i] = withoutSecrets(inner)
		}
		return out
	}
	return v
}

// secretSetting declares a secret that the server must supply.
func (imp *importer) secretSetting(name string) string {
	s := strings.ToUpper(snake(name))
	imp.secretNames[s] = true
	return s
}
