package projects_test

import (
	"os"
	"path/filepath"
	"strings"
	"testing"

	"github.com/authflow-studio/authflow/engine/check/contract"
	"github.com/authflow-studio/authflow/engine/scenario"
	"github.com/authflow-studio/authflow/projects"
)

// A block's new name is taken over by contracts and scenarios: words, outcomes,
// conditions and names of faults; comments stay, other flows' blocks of that name too.
func TestG2_ContractsAndScenariosFollowARename(t *testing.T) {
	dir := filepath.Join(t.TempDir(), "acme")
	p, err := projects.Create(dir, projects.DefaultTemplate, "acme")
	if err != nil {
		t.Fatal(err)
	}
	defer p.Close()
	const contracts = `# what we promise
contracts:
  - name: all of it # and why
    on: login
    every: a session
    passed: [policy, "login.policy:default", signed_in]
    unless: has(step.policy.branch) && step.policy.branch == 'refuse'
  - name: another
    never: policy:refuse
`
	const scenarios = `given:
  faults: {policy: {delay: 1s}, risk: {delay: 1s}}
scenarios:
  - name: policy is no block here # policy
    given: {faults: {login.policy: {delay: 1s}}}
    steps:
      - start: login
      - {page: sign_in, fill: {identifier: policy}, expect: {path: [sign_in, "policy:default"]}}
    expect:
      outcome: waiting
      never: [policy]
      runs: {login.policy: 0}
`
	write := func(name, text string) {
		t.Helper()
		file := filepath.Join(dir, filepath.FromSlash(name))
		if err := os.MkdirAll(filepath.Dir(file), 0o755); err != nil {
			t.Fatal(err)
		}
		if err := os.WriteFile(file, []byte(text), 0o644); err != nil {
			t.Fatal(err)
		}
	}
	read := func(name string) string {
		t.Helper()
		text, err := os.ReadFile(filepath.Join(dir, filepath.FromSlash(name)))
		if err != nil {
			t.Fatal(err)
		}
		return string(text)
	}
	write("contracts/own.yaml", contracts)
	write("smoke/own.yaml", scenarios)
	changed, err := p.RenameElsewhere("login", "policy", "way")
	if err != nil {
		t.Fatal(err)
	}
	names := ""
	for _, c := range changed {
		names += c.Path + " "
	}
	if !strings.Contains(names, "contracts/own.yaml") || !strings.Contains(names, "smoke/own.yaml") || !strings.Contains(names, "scenarios/login.yaml") {
		t.Errorf("changed %s", names)
	}
	text := read("contracts/own.yaml")
	if _, bad := contract.Read("own", []byte(text)); bad != nil {
		t.Errorf("%v\n%s", bad, text)
	}
	want := strings.NewReplacer("[policy, ", "[way, ", "login.policy:", "login.way:", "has(step.policy.branch) && step.policy.branch == 'refuse'", `"has(step.way.branch) && step.way.branch == 'refuse'"`, "policy:refuse", `"way:refuse"`).Replace(contracts)
	if text != want {
		t.Errorf("contracts:\n%s\nwant\n%s", text, want)
	}
	text = read("smoke/own.yaml")
	f, bad := scenario.Read("own", []byte(text))
	if bad != nil {
		t.Fatalf("%v\n%s", bad, text)
	}
	s := f.Scenarios[0]
	if _, ok := f.Given.Faults["way"]; !ok || len(f.Given.Faults) != 2 || s.Name != "policy is no block here" || s.Steps[1].Fill["identifier"] != "policy" || s.Steps[1].Expect.Path[1] != "way:default" || s.Expect.Never[0] != "way" || len(s.Expect.Runs) != 1 || !strings.Contains(text, "# policy") {
		t.Errorf("scenarios:\n%s", text)
	}
	if strings.Contains(read("scenarios/login.yaml"), `"policy:`) || !strings.Contains(read("scenarios/login.yaml"), `"way:default"`) {
		t.Error("the scenarios of the template still name the block as it was")
	}

	// A name that another flow has as well is changed where its flow stands with it.
	flowFile := read("flows/logout.json")
	write("flows/logout.json", strings.Replace(flowFile, `"blocks": {`, `"blocks": {"policy": {"type": "allow", "stage": "post_logout"},`, 1))
	write("contracts/own.yaml", contracts)
	if _, err := p.RenameElsewhere("login", "policy", "way"); err != nil {
		t.Fatal(err)
	}
	if text := read("contracts/own.yaml"); text != strings.Replace(contracts, "login.policy:", "login.way:", 1) {
		t.Errorf("with a block of that name elsewhere:\n%s", text)
	}
}
