package cli_test

import (
	"context"
	"io/fs"
	"maps"
	"os"
	"runtime"
	"slices"
	"strings"
	"testing"

	"github.com/go-json-experiment/json"

	"github.com/authflow-studio/authflow/engine/block/catalogue"
	"github.com/authflow-studio/authflow/engine/flow"
	"github.com/authflow-studio/authflow/engine/run"
	"github.com/authflow-studio/authflow/engine/scenario"
	"github.com/authflow-studio/authflow/engine/script"
	benches "github.com/authflow-studio/authflow/engine/server"
	"github.com/authflow-studio/authflow/projects"
)

// probes is a project of flows that no template should carry: hostile Actions,
// forbidden addresses, deadlines, a second provider.
const probes = "../../engine/scenario/testdata/probes"

// unreachable are the ports of the templates' own flows to which no sign-in can
// come, by template and why. Scenarios come to all others.
var unreachable = map[string]map[string]string{
	"starter": {
		"mfa_enrollment.enroll:skipped":  "the block does not let it be skipped",
		"token_refresh.validate:invalid": "the provider answers tokens that it does not know, before the flow",
	},
	"passwordless": {
		"mfa_enrollment.enroll:skipped": "the block does not let it be skipped",
	},
	"registration-guard": {
		"registration.flood:aborted":        "the flow that it runs has no page",
		"registration.set_password:refused": "policy and breached refuse before",
	},
	"token-enrichment": {
		"login.claims:aborted":           "the flow that it runs has no page",
		"login.claims:failure":           "the flow that it runs ends well, or with an error",
		"registration.claims:aborted":    "the flow that it runs has no page",
		"registration.claims:failure":    "the flow that it runs ends well, or with an error",
		"token_refresh.claims:aborted":   "the flow that it runs has no page",
		"token_refresh.claims:failure":   "the flow that it runs ends well, or with an error",
		"token_refresh.validate:invalid": "the provider answers tokens that it does not know, before the flow",
	},
	"subflows": {
		"login.by_mail:aborted":       "its page is its own, and cancelling that ends the run",
		"mfa_verify.by_phone:aborted": "the page is the one between's, and cancelling goes on there",
	},
}

// tried is a project with its scenarios.
type tried struct {
	name    string
	fsys    fs.FS
	own     []string // flows
	project *flow.Project
	world   []byte
	pool    *script.Pool
	suite   scenario.Suite
}

// everyProject reads all templates and the probes.
func everyProject(t *testing.T) []*tried {
	t.Helper()
	pool := script.NewPool(script.Options{Workers: runtime.NumCPU()})
	t.Cleanup(func() { pool.Close() })
	templates, err := projects.Templates()
	if err != nil {
		t.Fatal(err)
	}
	all := []*tried{{name: "probes", fsys: os.DirFS(probes)}}
	for _, tpl := range templates {
		fsys, err := projects.TemplateFS(tpl.Name)
		if err != nil {
			t.Fatal(err)
		}
		all = append(all, &tried{name: tpl.Name, fsys: fsys, own: ownFlows(t, fsys)})
	}
	for _, p := range all {
		p.pool = pool
		p.read(t)
	}
	return all
}

func (p *tried) read(t *testing.T) {
	t.Helper()
	project, problems := flow.Load(p.fsys)
	files, bad := scenario.ReadAll(p.fsys)
	if problems = append(problems, bad...); len(problems) > 0 {
		t.Fatalf("%s: %v", p.name, problems[0])
	}
	var err error
	if p.world, err = benches.ReadWorld(p.fsys); err != nil {
		t.Fatal(err)
	}
	p.project = project
	p.suite = scenario.Suite{Files: files, Parallel: runtime.NumCPU()}
	if p.suite.Make, err = p.maker(project); err != nil {
		t.Fatal(err)
	}
	if len(p.suite.Cases()) == 0 {
		t.Fatalf("%s has no scenario", p.name)
	}
}

func (p *tried) maker(project *flow.Project) (scenario.Maker, error) {
	return benches.Benches(project, p.world, p.pool, nil)
}

// ownFlows answers the flows that differ from the starter's; nil means all.
func ownFlows(t *testing.T, fsys fs.FS) []string {
	t.Helper()
	var about struct {
		Own []string `json:"own"`
	}
	text, err := fs.ReadFile(fsys, "template.json")
	if err == nil {
		err = json.Unmarshal(text, &about)
	}
	if err != nil && !os.IsNotExist(err) {
		t.Fatal(err)
	}
	var own []string
	for _, name := range about.Own {
		if slug, ok := strings.CutSuffix(strings.TrimPrefix(name, "flows/"), ".json"); ok && strings.HasPrefix(name, "flows/") && !strings.HasSuffix(slug, ".layout") {
			own = append(own, slug)
		}
	}
	return own
}

// Every scenario of every template passes, and together they come to the ports
// of the template's own flows.
func TestEveryTemplatePassesItsScenarios(t *testing.T) {
	for _, p := range everyProject(t) {
		t.Run(p.name, func(t *testing.T) {
			rep := p.suite.Run(context.Background())
			if rep.Failed > 0 || rep.Skipped > 0 {
				var out strings.Builder
				if err := rep.WriteText(&out, false); err != nil {
					t.Fatal(err)
				}
				t.Fatal(out.String())
			}
			ports, missing := p.ports(rep)
			t.Logf("%d scenarios, %.0f %% of %d ports", rep.Passed, ports.Percent(), ports.Of)
			if want := slices.Sorted(maps.Keys(unreachable[p.name])); !slices.Equal(missing, want) {
				t.Errorf("scenarios do not come to %v, and cannot come to %v", missing, want)
			}
		})
	}
}

// ports answers the coverage of the project's own flows. A flow that is turned
// off has none, and the probes' ports are not the point of them.
func (p *tried) ports(rep scenario.Report) (share scenario.Share, missing []string) {
	traces := make([][]run.Step, len(rep.Results))
	for i, r := range rep.Results {
		traces[i] = r.Trace
	}
	for _, f := range scenario.Cover(p.project, catalogue.All(), traces).Flows {
		if p.name == "probes" || p.own != nil && !slices.Contains(p.own, f.Flow) || !p.project.Flows[f.Flow].Enabled {
			continue
		}
		for _, b := range f.Blocks {
			for _, port := range b.Ports {
				share.Of++
				if port.Taken > 0 {
					share.Covered++
					continue
				}
				missing = append(missing, f.Flow+"."+b.Block+":"+port.Port)
			}
		}
	}
	slices.Sort(missing)
	return share, missing
}

// No condition can be turned round, no edge dropped or exchanged where scenarios
// come without one of them noticing.
func TestEveryTemplatesScenariosNoticeChanges(t *testing.T) {
	for _, p := range everyProject(t) {
		if p.name == "probes" {
			continue // they try the engine, not their flows
		}
		t.Run(p.name, func(t *testing.T) {
			ctx := context.Background()
			mutants, err := scenario.Mutants(p.project)
			if err != nil {
				t.Fatal(err)
			}
			got, err := scenario.Mutate(ctx, p.suite.Run(ctx), p.suite.Cases(), mutants, p.maker, runtime.NumCPU(), nil)
			if err != nil {
				t.Fatal(err)
			}
			for _, m := range got.Survived {
				t.Errorf("unnoticed: %s.%s: %s", m.Flow, m.Block, m.What)
			}
			t.Logf("%d changes, %d where no scenario comes", got.Tried, len(got.Unreached))
		})
	}
}
