package cli_test

import (
	"os"
	"path/filepath"
	"strings"
	"testing"

	"github.com/owenrumney/go-sarif/v3/pkg/report/v210/sarif"
)

// What `check --format sarif` writes is a report by the standard's own schema, with
// the rule, the level and the place of each finding.
func TestK1_SARIFIsWhatTheStandardSays(t *testing.T) {
	dir := t.TempDir()
	once(t, dir, "new", "acme")
	file := filepath.Join(dir, "acme", "flows", "login.json")
	text, err := os.ReadFile(file)
	if err != nil {
		t.Fatal(err)
	}
	if err := os.WriteFile(file, []byte(strings.Replace(string(text), `"not_found": "password"`, `"not_found": "wrong_credentials"`, 1)), 0o644); err != nil {
		t.Fatal(err)
	}
	code, said := told(t, dir, nil, "check", "acme", "--format", "sarif")
	report, err := sarif.FromString(said)
	if err != nil || code != 1 {
		t.Fatalf("exit %d, %v\n%s", code, err, said)
	}
	if err := report.Validate(); err != nil {
		t.Error(err)
	}
	run := report.Runs[0]
	if *run.Tool.Driver.Name != "authflow" || len(run.Tool.Driver.Rules) < 40 {
		t.Errorf("%d rules", len(run.Tool.Driver.Rules))
	}
	found := map[string]*sarif.Result{}
	for _, r := range run.Results {
		found[*r.RuleID] = r
	}
	oracle, broken := found["tells_who_exists"], found["contract_refuted"]
	if oracle == nil || oracle.Level != "warning" || *oracle.Locations[0].PhysicalLocation.ArtifactLocation.URI != "flows/login.json" || *oracle.Locations[0].LogicalLocations[0].FullyQualifiedName != "login.find_user" {
		t.Errorf("tells_who_exists is %+v", oracle)
	}
	if broken == nil || broken.Level != "error" || *broken.Locations[0].PhysicalLocation.Region.StartLine < 1 {
		t.Error("the contract that this breaks is no result")
	}
}

// What is suppressed is told of wherever a project is checked or compared, with its
// reason.
func TestK1_SuppressedFindingsAreTold(t *testing.T) {
	dir := t.TempDir()
	once(t, dir, "new", "before")
	once(t, dir, "new", "acme", "--name", "before")
	edit := func(name, old, next string) {
		file := filepath.Join(dir, "acme", name)
		text, err := os.ReadFile(file)
		if err != nil {
			t.Fatal(err)
		}
		if !strings.Contains(string(text), old) {
			t.Fatalf("%s has no %s", name, old)
		}
		if err := os.WriteFile(file, []byte(strings.Replace(string(text), old, next, 1)), 0o644); err != nil {
			t.Fatal(err)
		}
	}
	edit("flows/login.json", `"blocks": {`, `"blocks": {"lonely": {"type": "deny", "stage": "post_login"},`)
	edit("authflow.json", `"format": 1,`, `"format": 1, "checks": {"suppress": [{"code": "unreachable", "flow": "login", "block": "lonely", "reason": "for the next release"}]},`)
	code, said := told(t, dir, nil, "check", "acme")
	if code != 0 || !strings.Contains(said, "suppressed warning: login/lonely: ") || !strings.Contains(said, "because: for the next release") {
		t.Errorf("exit %d: %s", code, said)
	}
	if _, said = told(t, dir, nil, "check", "acme", "--format", "json"); !strings.Contains(said, `"suppressed"`) || !strings.Contains(said, `"reason":"for the next release"`) {
		t.Errorf("json: %s", said)
	}
	_, said = told(t, dir, nil, "check", "acme", "--format", "sarif")
	report, err := sarif.FromString(said)
	if err != nil || report.Validate() != nil {
		t.Fatalf("%v\n%s", err, said)
	}
	found := 0
	for _, r := range report.Runs[0].Results {
		for _, s := range r.Suppressions {
			found++
			if *r.RuleID != "unreachable" || *s.Justification != "for the next release" {
				t.Errorf("%+v", s)
			}
		}
	}
	if found != 1 {
		t.Errorf("%d suppressions", found)
	}
	if _, said = told(t, dir, nil, "diff", "before", "acme"); !strings.Contains(said, "The finding unreachable (login.lonely) is suppressed: for the next release.") {
		t.Errorf("diff: %s", said)
	}
	once(t, dir, "export", "acme", "-o", "acme.afb")
	if _, said = told(t, dir, nil, "verify", "acme.afb", "--json"); !strings.Contains(said, "for the next release") {
		t.Errorf("verify: %s", said)
	}
}
