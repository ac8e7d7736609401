package check

import (
	"slices"

	"github.com/authflow-studio/authflow/engine/flow"
)

var unknownSecret = Rule{
	Code: "unknown_secret", Severity: Error, Group: "security",
	Title: "A secret that the project does not name",
	Why:   "The bundle does not ask the server for it, and a run that comes here fails.",
	Mend:  "Add its name to secrets in authflow.json, with its purpose.",
	place: func(l *place) {
		if !l.calls() {
			return
		}
		known := func(name string) bool {
			return slices.ContainsFunc(l.p.Settings.Secrets, func(s flow.Secret) bool { return s.Name == name })
		}
		for _, s := range l.namedSecrets() {
			if !known(s.name) {
				l.found(s.path, "There is no secret %q.%s", s.name, didYouMean(s.name, secretNames(l.p)))
			}
		}
	},
}

// namedSecret is a secret that a setting names.
type namedSecret struct{ path, name string }

// namedSecrets answers the secrets that the settings name: by [secret NAME] in a
// text, and by fields that hold the name alone.
func (l *place) namedSecrets() []namedSecret {
	var out []namedSecret
	for _, s := range l.settings.set {
		if text, ok := s.value.(string); ok && (s.field.Name == "sign_with" || s.path == "secret") {
			out = append(out, namedSecret{s.path, text})
			continue
		}
		texts(s.value, s.path, func(path, text string) {
			for _, name := range flow.SecretNames(text) {
				out = append(out, namedSecret{path, name})
			}
		})
	}
	return out
}

// texts goes through the texts in a value.
func texts(v any, path string, look func(path, text string)) {
	switch v := v.(type) {
	case string:
		look(path, v)
	case map[string]any:
		for _, name := range sortedKeys(v) {
			texts(v[name], path+"."+name, look)
		}
	}
}

// calls tells whether the block is one that puts the value of a secret into a call.
func (l *place) calls() bool {
	return l.d != nil && (l.d.ID == "call_webhook" || l.d.ID == "verify_token")
}

func secretNames(p *flow.Project) []string {
	var out []string
	for _, s := range p.Settings.Secrets {
		out = append(out, s.Name)
	}
	return out
}
