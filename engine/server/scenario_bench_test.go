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

// benched is the starter with its scenarios, ready to be timed.
func benched(b *testing.B, workers int, o server.BenchOptions) (scenario.File, scenario.Maker) {
	b.Helper()
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
	pool := script.NewPool(script.Options{Workers: workers})
	b.Cleanup(func() { pool.Close() })
	mk, err := server.BenchesWith(p, worldFile, pool, nil, o)
	if err != nil {
		b.Fatal(err)
	}
	return f, mk
}

// timed runs a scenario so often.
func timed(b *testing.B, f scenario.File, s scenario.Suite) {
	b.Helper()
	for range b.N {
		s.Files = append(s.Files, f)
	}
	b.ResetTimer()
	rep := s.Run(b.Context())
	if rep.Failed > 0 {
		b.Fatal(rep.Results[0].Failures)
	}
	b.ReportMetric(float64(rep.Passed)/rep.Took.Seconds(), "scenarios/s")
}

// BenchmarkScenarios is a scenario with all that belongs to it: a server of its
// own, the sign-in by a client, the expectations; one at a time, and two at once.
func BenchmarkScenarios(b *testing.B) {
	for _, name := range []string{"password", "mfa"} {
		for _, parallel := range []int{1, 2} {
			b.Run(fmt.Sprintf("%s/parallel=%d", name, parallel), func(b *testing.B) {
				f, mk := benched(b, parallel, server.BenchOptions{})
				timed(b, f, scenario.Suite{Make: mk, Parallel: parallel, Filter: []string{name}})
			})
		}
	}
}

// BenchmarkScenarioCosts is what coverage and recordings add to a scenario.
func BenchmarkScenarioCosts(b *testing.B) {
	for _, c := range []struct {
		name   string
		o      server.BenchOptions
		record bool
	}{
		{"uncovered", server.BenchOptions{Uncovered: true}, false},
		{"covered", server.BenchOptions{}, false},
		{"covered_and_recorded", server.BenchOptions{}, true},
	} {
		b.Run(c.name, func(b *testing.B) {
			f, mk := benched(b, 1, c.o)
			timed(b, f, scenario.Suite{Make: mk, Parallel: 1, Filter: []string{"password"}, Record: c.record})
		})
	}
}
