package projects_test

import (
	"os"
	"path/filepath"
	"strings"
	"testing"

	"github.com/goccy/go-yaml"
)

// What real users do is numbered (testdata/cases.txt: number, file, name); each
// number is a scenario of a template, and the names are for whoever reads them.
func TestWhatUsersDoIsAScenarioOfATemplate(t *testing.T) {
	text, err := os.ReadFile("testdata/cases.txt")
	if err != nil {
		t.Fatal(err)
	}
	seen := map[string]bool{}
	for line := range strings.Lines(string(text)) {
		number, rest, _ := strings.Cut(strings.TrimSpace(line), " ")
		file, name, _ := strings.Cut(rest, " ")
		seen[number] = true
		if !scenarioNames(t, file)[name] {
			t.Errorf("case %s: %s has no scenario %q", number, file, name)
		}
	}
	// The others need what no template has: a partner who attacks, a provider who
	// lies, an Action that is hostile. Their scenarios stand in engine/scenario.
	for _, number := range strings.Fields("1 2 3 4 5 6 7 8 9 10 11 12 13 15 16 17 18 19 20 21 22 23 24 25 29 30 31") {
		if !seen[number] {
			t.Errorf("case %s has no scenario", number)
		}
	}
}

var scenarioFiles = map[string]map[string]bool{}

func scenarioNames(t *testing.T, file string) map[string]bool {
	t.Helper()
	if names, ok := scenarioFiles[file]; ok {
		return names
	}
	template, base, _ := strings.Cut(file, "/")
	text, err := os.ReadFile(filepath.Join("templates", template, "scenarios", base))
	if err != nil {
		t.Fatal(err)
	}
	var f struct {
		Scenarios []struct{ Name string }
	}
	if err := yaml.Unmarshal(text, &f); err != nil {
		t.Fatalf("%s: %v", file, err)
	}
	names := map[string]bool{}
	for _, s := range f.Scenarios {
		names[s.Name] = true
	}
	scenarioFiles[file] = names
	return names
}
