package block_test

import (
	"testing"

	"github.com/authflow-studio/authflow/engine/block"
	"github.com/authflow-studio/authflow/engine/flow"
)

// N10: every built-in text exists in every built-in language, and a missing one
// shows its key.
func TestN10_BuiltInLabelsAreComplete(t *testing.T) {
	p := &flow.Project{}
	locales := block.Locales()
	if len(locales) < 2 {
		t.Fatalf("locales: %v", locales)
	}
	for _, l := range locales {
		for _, key := range block.Keys(flow.DefaultLocale) {
			if _, ok := block.BuiltIn(l, key); !ok {
				t.Errorf("%s has no %s", l, key)
			}
		}
	}
	if got := block.Lookup(p, []string{"de"}, "no.such.key"); got != "no.such.key" {
		t.Errorf("a missing label shows %q", got)
	}
	own := &flow.Project{Labels: map[string]map[string]string{"en": {"button.sign_in": "Enter"}}}
	if got := block.Lookup(own, nil, "button.sign_in"); got != "Enter" {
		t.Errorf("the project's own text is %q", got)
	}
}
