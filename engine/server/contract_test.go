package server_test

import (
	"context"
	"runtime"
	"slices"
	"strings"
	"testing"

	"github.com/authflow-studio/authflow/engine/block/catalogue"
	"github.com/authflow-studio/authflow/engine/check/contract"
	"github.com/authflow-studio/authflow/engine/flow"
	"github.com/authflow-studio/authflow/engine/scenario"
	"github.com/authflow-studio/authflow/engine/script"
	"github.com/authflow-studio/authflow/engine/server"
	"github.com/authflow-studio/authflow/engine/world"
	"github.com/authflow-studio/authflow/projects"
)

// broken is a shipped project with a hole, and the promise that it breaks.
type broken struct {
	template, flow, block, port, to string
	promise                         contract.Contract
}

// A refuted contract becomes a scenario that runs on the real server, takes the
// path that is painted, and is read back from its file (case 34).
func TestK3_TheRefutingPathRunsAsAScenario(t *testing.T) {
	second := contract.Contract{Name: "it", On: contract.Words{"login"}, Every: contract.Words{"a session"}, Passed: contract.Words{"a second factor"}}
	unlessKnown := second
	unlessKnown.Unless = "step.known_device.known"
	afterError := contract.Contract{Name: "it", On: contract.Words{"login"}, Every: contract.Words{"issue_session"}, After: contract.Words{"an error"}, Passed: contract.Words{"mfa"}}
	known := contract.Contract{Name: "it", On: contract.Words{"login"}, Never: contract.Words{"a session"}, When: "step.known_device.known"}
	for name, b := range map[string]broken{
		"nothing is enrolled":     {"risk-based", "login", "second_factor", "not_enrolled", "signed_in", unlessKnown},
		"a wrong code":            {"risk-based", "login", "second_factor", "failed", "signed_in", unlessKnown},
		"an error after the risk": {"starter", "login", "risk", "error", "signed_in", afterError},
		"a known device":          {"risk-based", "login", "second_factor", "ok", "signed_in", known},
		"the partner is down":     {"token-enrichment", "login", "partner", "failed", "claims", second},
		"a wrong code in a flow":  {"subflows", "mail_code", "code", "failed", "right", second},
		"a low score":             {"token-enrichment", "login", "policy", "challenge", "claims", second},
	} {
		t.Run(name, func(t *testing.T) { t.Parallel(); breaks(t, b) })
	}
}

func breaks(t *testing.T, b broken) {
	fsys, err := projects.TemplateFS(b.template)
	if err != nil {
		t.Fatal(err)
	}
	p, problems := flow.Load(fsys)
	worldFile, err := server.ReadWorld(fsys)
	if err != nil || len(problems) > 0 {
		t.Fatal(err, problems)
	}
	p.Flows[b.flow].Blocks[b.block].Next[b.port] = b.to
	r := (&contract.Prover{Catalogue: catalogue.All()}).Prove(p, &b.promise)
	if r.Verdict != contract.Refuted {
		t.Fatalf("%s: %s", r.Verdict, r.Reason)
	}
	pool := script.NewPool(script.Options{Workers: 1})
	defer pool.Close()
	g := scenario.Generator{Project: p, Catalogue: catalogue.All()}
	if err := flow.DecodeYAML(flow.WorldFile, worldFile, &g.World); err != nil {
		t.Fatal(err)
	}
	if g.Make, err = server.Benches(p, worldFile, pool, world.NoNetworks{}); err != nil {
		t.Fatal(err)
	}
	found, taken, err := g.Follow(context.Background(), r)
	if err != nil || !taken {
		t.Fatalf("no run takes %v; the best came to %+v, %v", r.Path, found.Steps, err)
	}
	text, err := scenario.File{Scenarios: []scenario.Scenario{found}}.YAML()
	if err != nil {
		t.Fatal(err)
	}
	file, bad := scenario.Read("scenarios/broken.yaml", text)
	if bad != nil {
		t.Fatal(bad)
	}
	suite := scenario.Suite{Files: []scenario.File{file}, Make: g.Make, Parallel: runtime.NumCPU()}
	rep := suite.Run(context.Background())
	if rep.Passed != 1 {
		t.Fatalf("%+v\n%s", rep.Results[0].Failures, text)
	}
	if ran, painted := rep.Results[0].Path, outcomesOf(r.Path); !strings.HasSuffix(" "+strings.Join(withPort(ran), " "), " "+strings.Join(painted, " ")) {
		t.Errorf("ran %v\npainted %v", ran, painted)
	}
}

func outcomesOf(path []contract.Step) []string {
	var out []string
	for _, s := range path {
		if s.Port != "" {
			out = append(out, s.Flow+"."+s.Block+":"+s.Port)
		}
	}
	return out
}

func withPort(path []string) []string {
	return slices.DeleteFunc(slices.Clone(path), func(s string) bool { return !strings.Contains(s, ":") })
}
