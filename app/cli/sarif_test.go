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
