package server_test

import (
	"fmt"
	"testing"

	"github.com/authflow-studio/authflow/engine/flow"
	"github.com/authflow-studio/authflow/engine/scenario"
	"github.com/authflow-studio/authflow/engine/script"
	"github.com/authflow-studio/authflow/engine/server"
	"github.com/authflow-studio/authflow/projects"
)

const benchScenarios = `
given: {person: ada@example.com, from: {network: corporate}}
scenarios:
  - name: password
    steps:
      - start: login
      - {page: sign_in, fill: {identifier: "{{ person.identifier }}", password: "{{ person.password }}"}}
    expect: {outcome: signed_in, session: {aal: aal1}}
  - name: mfa
    given: {person: grace@acme.example}
    steps:
      - start: login
      - {page: sign_in, fill: {identifier: "{{ person.identifier }}", password: "{{ person.password }}"}}
      - {press: totp}
      - {page: mfa/totp, fill: {code: "{{ totp }}"}}
    expect: {outcome: signed_in, session: {aal: aal2}}
`

// BenchmarkScenarios is a scenario with all that belongs to it: a server of its
// own, the sign-in by a client, the expectations.
func BenchmarkScenarios(b *testing.B) {
	fsys, err := projects.TemplateFS("starter")
	if err != nil {
		b.Fatal(err)
	}
	p, problems := flow.Load(fsys)
	if len(problems) > 0 {
		b.Fatal(problems[0])
	}
	worldFile, err := server.ReadWorld(fsys)
	if err != nil {
		b.Fatal(err)
	}
	f, bad := scenario.Read("scenarios/bench.yaml", []byte(benchScenarios))
	if bad != nil {
		b.Fatal(bad)
	}
	for _, parallel := range []int{1, 2} {
		pool := script.NewPool(script.Options{Workers: parallel})
		defer pool.Close()
		mk, err := server.Benches(p, worldFile, pool, nil)
		if err != nil {
			b.Fatal(err)
		}
		for _, name := range []string{"password", "mfa"} {
			b.Run(fmt.Sprintf("%s/parallel=%d", name, parallel), func(b *testing.B) {
				s := scenario.Suite{Make: mk, Parallel: parallel, Filter: []string{name}}
				for range b.N {
					s.Files = append(s.Files, f)
				}
				b.ResetTimer()
				rep := s.Run(b.Context())
				if rep.Failed > 0 {
					b.Fatal(rep.Results[0].Failures)
				}
				b.ReportMetric(float64(rep.Passed)/rep.Took.Seconds(), "scenarios/s")
			})
		}
	}
}
