package server_test

import (
	"context"
	"maps"
	"os"
	"path/filepath"
	"reflect"
	"runtime"
	"slices"
	"strings"
	"testing"
	"testing/fstest"

	"github.com/authflow-studio/authflow/engine/block"
	"github.com/authflow-studio/authflow/engine/block/catalogue"
	"github.com/authflow-studio/authflow/engine/bundle"
	"github.com/authflow-studio/authflow/engine/check/contract"
	"github.com/authflow-studio/authflow/engine/flow"
	"github.com/authflow-studio/authflow/engine/run"
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

// What descriptors tell the proofs is so: in every scenario of every template a
// block changes of the event only what it declares, proves only by the outcomes
// that it declares, and says what follows from them.
func TestK3_DescriptorsTellTheTruth(t *testing.T) {
	list, err := projects.Templates()
	if err != nil {
		t.Fatal(err)
	}
	pool := script.NewPool(script.Options{Workers: 1})
	defer pool.Close()
	for _, tpl := range list {
		fsys, err := projects.TemplateFS(tpl.Name)
		if err != nil {
			t.Fatal(err)
		}
		p, _ := flow.Load(fsys)
		worldFile, err := server.ReadWorld(fsys)
		if err != nil {
			t.Fatal(err)
		}
		witness := &witness{t: t, p: p, catalogue: catalogue.All(), before: map[string]run.State{}}
		mk, err := server.BenchesWith(p, worldFile, pool, world.NoNetworks{}, server.BenchOptions{Hook: witness})
		if err != nil {
			t.Fatal(err)
		}
		files, bad := scenario.ReadAll(fsys)
		if len(bad) > 0 {
			t.Fatal(bad[0])
		}
		rep := (&scenario.Suite{Files: files, Make: mk, Parallel: 1}).Run(context.Background())
		if rep.Failed > 0 || witness.left == 0 {
			t.Errorf("%s: %d failed, %d outcomes seen", tpl.Name, rep.Failed, witness.left)
		}
	}
}

// witness holds what blocks do against what they declare.
type witness struct {
	t         *testing.T
	p         *flow.Project
	catalogue *block.Catalogue
	before    map[string]run.State
	left      int
}

func (w *witness) Before(_ context.Context, m *run.Moment) (*run.Order, error) {
	w.before[m.State.ID] = m.State
	return nil, nil
}

func (w *witness) After(_ context.Context, s *run.State, step run.Step) (*run.Order, error) {
	was := w.before[s.ID]
	b := w.p.Flows[step.Flow].Blocks[step.Block]
	d, _ := w.catalogue.Descriptor(b.Type)
	proves := len(d.Proves[step.Port])+len(d.Proves[""]) > 0
	if step.Port != "" && step.Error == nil {
		w.left++
		for name, v := range d.Says[step.Port] {
			if step.Outputs[name] != v {
				w.t.Errorf("%s:%s says %s is %v, and it is %v", b.Type, step.Port, name, v, step.Outputs[name])
			}
		}
		if grown := len(s.Subject.Verified) != len(was.Subject.Verified) || s.Subject.UserID != was.Subject.UserID; grown && !proves {
			w.t.Errorf("%s:%s has verified something, and does not declare it", b.Type, step.Port)
		}
	}
	allowed := slices.Clone(d.Changes)
	if proves || d.Asks && len(d.Proves) > 0 {
		allowed = append(allowed, "authentication.aal", "authentication.methods")
	}
	for _, path := range changed("", was.Event, s.Event) {
		if !slices.ContainsFunc(allowed, func(a string) bool { return strings.HasPrefix(path+".", a+".") }) {
			w.t.Errorf("%s changed event.%s, and declares %v", b.Type, path, allowed)
		}
	}
	return nil, nil
}

// changed lists the paths that differ between two objects.
func changed(prefix string, a, b any) []string {
	x, isMap := a.(map[string]any)
	y, bothMaps := b.(map[string]any)
	if isMap != bothMaps && a != nil && b != nil || !isMap && !bothMaps {
		if reflect.DeepEqual(a, b) {
			return nil
		}
		return []string{prefix}
	}
	var out []string
	for _, name := range slices.Sorted(maps.Keys(joinedKeys(x, y))) {
		out = append(out, changed(strings.TrimPrefix(prefix+"."+name, "."), x[name], y[name])...)
	}
	return out
}

func joinedKeys(a, b map[string]any) map[string]bool {
	out := map[string]bool{}
	for k := range a {
		out[k] = true
	}
	for k := range b {
		out[k] = true
	}
	return out
}

// A server believes no builder: a bundle whose manifest calls a broken contract
// proved is refused, and what was active stays.
func TestB3_AServerProvesTheContractsAgain(t *testing.T) {
	p := produce(t, 1, false, nil)
	for name, promise := range map[string]string{"refuted": "never: a success", "not understood": "never: a sucess", "unreadable": "nevr: mfa"} {
		files := starterFiles(t)
		files["contracts/a.yaml"] = &fstest.MapFile{Data: []byte("contracts:\n  - name: it\n    " + promise + "\n")}
		built, err := bundle.Build(files, nil, bundle.Release{Checker: contract.CheckerVersion, Contracts: []bundle.Contract{{Name: "it", Verdict: string(contract.Proved)}}})
		if err != nil {
			t.Fatal(err)
		}
		file := filepath.Join(t.TempDir(), "a.zip")
		if err := os.WriteFile(file, built.Bytes, 0o600); err != nil {
			t.Fatal(err)
		}
		was := p.status().Active
		err = p.servers[0].ActivateFile(context.Background(), file)
		if refused := p.status().Refused; err == nil || refused == nil || refused.Code != string(bundle.CodeContract) || p.status().Active.Digest != was.Digest {
			t.Errorf("%s: %v, %+v", name, err, refused)
		}
	}
}
