package contract_test

import (
	"fmt"
	"strings"
	"testing"

	"github.com/authflow-studio/authflow/engine/block/catalogue"
	"github.com/authflow-studio/authflow/engine/check/contract"
	"github.com/authflow-studio/authflow/engine/flow"
	"github.com/authflow-studio/authflow/projects"
)

// template answers a shipped project.
func template(t testing.TB, name string) *flow.Project {
	t.Helper()
	fsys, err := projects.TemplateFS(name)
	if err != nil {
		t.Fatal(err)
	}
	p, problems := flow.Load(fsys)
	if len(problems) > 0 {
		t.Fatal(problems[0])
	}
	return p
}

// login is a project of one login flow: its first block is a.
func login(t testing.TB, blocks string, more ...string) *flow.Project {
	t.Helper()
	files := map[string][]byte{flow.SettingsFile: []byte(`{"format":1,"name":"test","version":"1"}`),
		flow.FlowPath("login"): []byte(fmt.Sprintf(`{"format":1,"name":"Login","trigger":"login","enabled":true,"start":"a","blocks":{%s}}`, blocks))}
	for i := 0; i+1 < len(more); i += 2 {
		files[more[i]] = []byte(more[i+1])
	}
	p, problems := flow.Parse(files)
	if len(problems) > 0 {
		t.Fatal(problems[0])
	}
	return p
}

// contractOf reads one contract of the lines below its name.
func contractOf(t testing.TB, text string) *contract.Contract {
	t.Helper()
	var b strings.Builder
	b.WriteString("contracts:\n  - name: it\n")
	for _, line := range strings.Split(strings.TrimSpace(text), "\n") {
		b.WriteString("    " + strings.TrimSpace(line) + "\n")
	}
	f, bad := contract.Read("contracts/it.yaml", []byte(b.String()))
	if bad != nil {
		t.Fatal(bad)
	}
	return &f.Contracts[0]
}

func prove(t testing.TB, p *flow.Project, text string) contract.Result {
	t.Helper()
	return (&contract.Prover{Catalogue: catalogue.All()}).Prove(p, contractOf(t, text))
}

// pathOf is a path in one line.
func pathOf(r contract.Result) string {
	var out []string
	for _, s := range r.Path {
		name := s.Block
		if s.Port != "" {
			name += ":" + s.Port
		}
		out = append(out, name)
	}
	return strings.Join(out, " ")
}

func want(t testing.TB, r contract.Result, v contract.Verdict, path string) {
	t.Helper()
	if r.Verdict != v || path != "" && pathOf(r) != path {
		t.Errorf("%s %q (%s) after %d states, want %s %q", r.Verdict, pathOf(r), r.Reason, r.States, v, path)
	}
}
