package block

import (
	"embed"
	"maps"
	"slices"
	"strings"

	"github.com/go-json-experiment/json"

	"github.com/authflow-studio/authflow/engine/flow"
)

//go:embed labels/*.json
var labelFiles embed.FS

// builtinLabels are the texts of the pages and messages that blocks have
// without a project's doing, by locale.
var builtinLabels = readLabels()

func readLabels() map[string]map[string]string {
	entries, err := labelFiles.ReadDir("labels")
	if err != nil {
		panic(err)
	}
	out := map[string]map[string]string{}
	for _, e := range entries {
		text, err := labelFiles.ReadFile("labels/" + e.Name())
		if err != nil {
			panic(err)
		}
		m := map[string]string{}
		if err := json.Unmarshal(text, &m); err != nil {
			panic("block: " + e.Name() + ": " + err.Error())
		}
		out[strings.TrimSuffix(e.Name(), ".json")] = m
	}
	return out
}

// Lookup answers the text of a label in the first of the locales that has it,
// the project's own before the built-in ones; a missing one shows its key (rule
// N10).
func Lookup(p *flow.Project, locales []string, key string) string {
	for _, l := range append(locales[:len(locales):len(locales)], p.Settings.WithDefaults().DefaultLocale, flow.DefaultLocale) {
		for _, set := range []map[string]string{p.Labels[l], builtinLabels[l]} {
			if text, ok := set[key]; ok {
				return text
			}
		}
	}
	return key
}

// HasLabel reports whether a label exists in the default locale.
func HasLabel(p *flow.Project, key string) bool { return Lookup(p, nil, key) != key }

// Label answers a text in the project's default locale, for messages.
func Label(env *Env, key string) string { return Lookup(env.Project, nil, key) }

// Locales lists the built-in languages.
func Locales() []string { return slices.Sorted(maps.Keys(builtinLabels)) }

// Keys lists the built-in labels of a language.
func Keys(locale string) []string { return slices.Sorted(maps.Keys(builtinLabels[locale])) }

// BuiltIn answers a built-in text.
func BuiltIn(locale, key string) (string, bool) {
	text, ok := builtinLabels[locale][key]
	return text, ok
}
