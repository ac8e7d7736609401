package projects_test

import (
	"path/filepath"
	"strings"
	"testing"

	"github.com/authflow-studio/authflow/engine/flow"
	"github.com/authflow-studio/authflow/projects"
)

// A suppression is written once, with the newest reason, and leaves nothing behind
// when it is taken out; one without a reason is never written.
func TestK1_SuppressionsAreWrittenWithAReason(t *testing.T) {
	p, err := projects.Create(filepath.Join(t.TempDir(), "acme"), projects.DefaultTemplate, "acme")
	if err != nil {
		t.Fatal(err)
	}
	defer p.Close()
	settings := func() string {
		f, err := p.LoadFile(flow.SettingsFile)
		if err != nil {
			t.Fatal(err)
		}
		return f.Text
	}
	if err := p.Rename("acme"); err != nil { // in the form that this program writes
		t.Fatal(err)
	}
	before := settings()
	x := flow.Suppression{Code: "tells_who_exists", Flow: "login", Reason: "first"}
	for _, reason := range []string{"first", "names are public"} {
		if x.Reason = reason; p.Suppress(x) != nil {
			t.Fatal(p.Suppress(x))
		}
	}
	if text := settings(); strings.Count(text, "tells_who_exists") != 1 || !strings.Contains(text, "names are public") {
		t.Errorf("written: %s", text)
	}
	if err := p.Suppress(flow.Suppression{Code: "unused_value"}); err == nil || strings.Contains(settings(), "unused_value") {
		t.Errorf("a suppression without a reason is written (%v)", err)
	}
	if err := p.Unsuppress(x); err != nil || settings() != before {
		t.Errorf("%v: left behind: %s", err, settings())
	}
}
