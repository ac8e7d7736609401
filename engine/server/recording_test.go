package server_test

import (
	"context"
	"net/http"
	"strings"
	"testing"
	"testing/fstest"

	"github.com/pquerna/otp/totp"

	"github.com/authflow-studio/authflow/engine/flow"
	"github.com/authflow-studio/authflow/engine/scenario"
	"github.com/authflow-studio/authflow/engine/script"
	"github.com/authflow-studio/authflow/engine/server"
)

// passes runs a scenario file on the starter and answers what failed.
func passes(t *testing.T, files fstest.MapFS, text string) []string {
	t.Helper()
	f, bad := scenario.Read("scenarios/x.yaml", []byte(text))
	if bad != nil {
		t.Fatalf("%v\n%s", bad, text)
	}
	mk := makerOf(t, files)
	suite := scenario.Suite{Files: []scenario.File{f}, Make: mk}
	var failures []string
	for _, r := range suite.Run(context.Background()).Results {
		failures = append(failures, r.Failures...)
	}
	return failures
}

// makerOf makes benches for a project.
func makerOf(t *testing.T, files fstest.MapFS) scenario.Maker {
	t.Helper()
	p, problems := flow.Load(files)
	if len(problems) > 0 {
		t.Fatal(problems)
	}
	pool := script.NewPool(script.Options{Workers: 1})
	t.Cleanup(func() { pool.Close() })
	mk, err := server.Benches(p, files[flow.WorldFile].Data, pool, nil)
	if err != nil {
		t.Fatal(err)
	}
	return mk
}

// A sign-in by hand becomes a scenario that does the same: passwords by name,
// codes by where they come from, and no secret in it.
func TestARunBecomesAScenario(t *testing.T) {
	r := newRig(t, nil, nil)
	r.from("192.0.2.130")
	r.begin()
	r.signIn("grace@acme.example", "nanosecond-wire")
	r.fill("totp", nil)
	r.at("/fl/mfa/totp", 200)
	code, err := totp.GenerateCode("JBSWY3DPEHPK3PXPJBSWY3DPEHPK3PXP", r.Clock.Now())
	if err != nil {
		t.Fatal(err)
	}
	r.fill("", map[string]string{"code": code})
	r.at("/demo/callback", 200)
	text, err := r.Scenario(context.Background(), "by hand", r.lastRun())
	if err != nil {
		t.Fatal(err)
	}
	for _, want := range []string{"person: grace@acme.example", "{{ person.password }}", "{{ totp }}", "outcome: signed_in", "login.second_factor:ok", "ip: 192.0.2.130"} {
		if !strings.Contains(string(text), want) {
			t.Errorf("%q is missing in\n%s", want, text)
		}
	}
	for _, secret := range []string{"nanosecond-wire", code} {
		if strings.Contains(string(text), secret) {
			t.Errorf("it holds %s", secret)
		}
	}
	if failures := passes(t, starterFiles(t), string(text)); len(failures) > 0 {
		t.Errorf("%v\n%s", failures, text)
	}
	broken := strings.Replace(string(text), "outcome: signed_in", "outcome: refused", 1)
	if failures := passes(t, starterFiles(t), broken); len(failures) == 0 {
		t.Error("a wrong expectation passes")
	}
}

// D7: a recording replays from its file alone.
func TestD7_ARecordingReplaysFromItsFileAlone(t *testing.T) {
	r := newRig(t, nil, nil)
	r.begin()
	r.signIn("ada@example.com", "analytical-engine")
	rec, err := r.Recording(context.Background(), r.lastRun())
	if err != nil {
		t.Fatal(err)
	}
	text, err := rec.Encode()
	if err != nil {
		t.Fatal(err)
	}
	if strings.Contains(string(text), "analytical-engine") {
		t.Error("the password is in it")
	}
	again, err := scenario.ReadRecording(text)
	if err != nil {
		t.Fatal(err)
	}
	pool := script.NewPool(script.Options{Workers: 1})
	defer pool.Close()
	replayed, err := again.Replay(context.Background(), nil, r.Engine().Catalogue, pool)
	if err != nil || !replayed.Same || replayed.Outcome != "succeeded" {
		t.Errorf("%+v, %v", replayed, err)
	}
}

const partnerFlow = "https://partner.example/score"

func partnerProbe() func(fstest.MapFS) {
	return both(probe("ask", map[string]any{
		"ask":  to("call_webhook", map[string]any{"url": partnerFlow, "method": "GET", "retry": 0.0}, map[string]any{"ok": "report", "failed": "lost"}),
		"lost": map[string]any{"type": "set_value", "config": map[string]any{"values": map[string]any{"x": "1"}}, "next": map[string]any{"next": "report"}}},
		map[string]any{"score": "{{ has(step.ask.body.score) ? step.ask.body.score : -1 }}", "lost": "{{ has(step.lost.x) }}"}),
		func(files fstest.MapFS) {
			files[flow.SettingsFile].Data = []byte(strings.Replace(string(files[flow.SettingsFile].Data), `"harness"`, `"egress_hosts": ["partner.example"], "harness"`, 1))
		})
}

// W2: stubs and faults, set over the control API.
func TestW2_StubsAndFaults(t *testing.T) {
	r := newRig(t, nil, partnerProbe())
	put := func(path, body string, want int) {
		t.Helper()
		if status, answer := r.control(http.MethodPut, path, body); status != want {
			t.Fatalf("%s: %d %v", path, status, answer)
		}
	}
	put("/stubs", `{"stubs": [{"url": "https://partner.example/*", "answers": [{"json": {"score": 7}}, {"status": 503}, {"fault": "unreachable"}, {"fault": "garbage"}]}]}`, 200)
	holds(t, r.report(), map[string]any{"score": 7, "lost": false})
	for range 2 {
		holds(t, r.report(), map[string]any{"score": -1, "lost": true})
	}
	if calls := r.Outgoing(); len(calls) != 3 || calls[0].Stub == "" || calls[1].Status != 503 || calls[2].Error == "" {
		t.Errorf("%+v", calls)
	}
	put("/stubs", `{"stubs": [{"url": "nonsense"}]}`, 400)
	put("/block-faults", `{"faults": {"probe.ask": {"error": "partner_down"}}}`, 200)
	before := len(r.reports())
	r.open(issuer + "/flows/probe")
	if len(r.reports()) != before {
		t.Error("the block ran in spite of its fault")
	}
	r.replays()
	put("/block-faults", `{"faults": {}}`, 200)
	put("/stubs", `{"stubs": [{"url": "https://partner.example/score", "answer": {"json": {"score": 3}}}]}`, 200)
	holds(t, r.report(), map[string]any{"score": 3})
}

// W1: in a scenario nothing leaves: a call that no stub answers fails and names
// the nearest.
func TestW1_NothingLeavesAScenario(t *testing.T) {
	files := starterFiles(t)
	partnerProbe()(files)
	text := `
scenarios:
  - name: no stub
    steps: [{start: {flow: probe}}]
    expect:
      audit: [{type: flow.report, data: {lost: true}}]
      calls: [{url: "https://partner.example/score", error: "/no stub answers GET .* the nearest is POST/"}]
    given: {stubs: [{method: POST, url: "https://partner.example/other", answer: {json: {}}}]}
  - name: late
    given: {stubs: [{url: "https://partner.example/score", answer: {delay: 3s, json: {score: 1}}}]}
    steps: [{start: {flow: probe}}]
    expect: {audit: [{type: flow.report, data: {lost: true}}], calls: [{error: /no answer/}]}
  - name: beyond the budget of the run
    given: {faults: {ask: {delay: 6s}}}
    steps: [{start: {flow: probe}}]
    expect: {outcome: error, calls: [], audit: [{type: run.ended, data.error: "/budget of 5s was over after 6/"}]}
`
	if failures := passes(t, files, text); len(failures) > 0 {
		t.Error(strings.Join(failures, "\n"))
	}
}

// W3: a scenario enters by the front door: what a client may not do, it may not
// either.
func TestW3_ScenariosEnterAsClientsDo(t *testing.T) {
	text := `
scenarios:
  - name: a scope and a prompt that contradict
    steps: [{start: {params: {prompt: "none login"}}}]
    expect: {outcome: error, error: invalid_request}
  - name: nobody is signed in
    steps: [{start: {params: {prompt: none}}}]
    expect: {outcome: error, error: login_required}
`
	if failures := passes(t, starterFiles(t), text); len(failures) > 0 {
		t.Error(failures)
	}
}

// W4: what a scenario does leaves no trace: the next begins in the same world.
func TestW4_ScenariosLeaveNothingBehind(t *testing.T) {
	text := `
given: {person: alan@example.com}
scenarios:
  - name: changes everything
    steps:
      - start: login
      - {fill: {identifier: alan@example.com, password: enigma-machine}}
      - {operator: {deactivate: alan@example.com}}
    expect: {sessions: 0, user: {status: deactivated}}
  - name: begins anew
    steps: [{start: login}]
    expect: {user: {status: active}, sessions: 0, not_audited: [session.created]}
`
	if failures := passes(t, starterFiles(t), text); len(failures) > 0 {
		t.Error(failures)
	}
}
