package server_test

import (
	"context"
	"strings"
	"testing"
	"testing/fstest"
)

// What stands in given is filled in before there is a world: only the row of the
// variants is known, and anything else is said and no crash.
func TestGivenKnowsVariantsOnly(t *testing.T) {
	text := `scenarios:
  - name: x
    given: {person: "{{ PLACEHOLDER }}"}
    steps: [{start: login}]
    expect: {page: sign_in}
`
	for _, name := range []string{"mail.code", "totp", "person.id", "token.x", "now"} {
		if got := passes(t, starterFiles(t), strings.ReplaceAll(text, "PLACEHOLDER", name)); len(got) != 1 || !strings.Contains(got[0], "nothing else is known") {
			t.Errorf("%s: %v", name, got)
		}
	}
}

// The words of scenarios say what is wrong with how they are used.
func TestScenarioWordsSayWhatIsWrong(t *testing.T) {
	for step, want := range map[string]string{
		`passkey: assert`:                          "asks for none",
		`tab: first`:                               "already",
		`open: "{{ token.gold }}"`:                 `there is no token "gold"`,
		`wait: "{{ variant.length }}"`:             "column of the variants",
		`expect: {nowhere: [""]}`:                  "everywhere",
		`expect: {nowhere: [run.started]}`:         `"run.started" stands in`,
		`expect: {runs: {sign_in: 3}}`:             "should have 3 times",
		`expect: {runs: {sign_inn: 3}}`:            `did you mean "sign_in"`,
		`expect: {whose: nobody, user: {name: x}}`: `there is no account "nobody"`,
		`steps: [{repeat: 2, page: nowhere}]`:      `should be at "nowhere"`,
	} {
		text := "given: {person: ada}\nscenarios:\n  - name: x\n    steps: [{start: login}, {" + step + "}]\n    expect: {page: sign_in}\n"
		if got := strings.Join(passes(t, starterFiles(t), text), "; "); !strings.Contains(got, want) {
			t.Errorf("%s: %q", step, got)
		}
	}
}

// Tabs share the cookies of their browser, browsers share nothing; each has a
// page of its own.
func TestTabsAndBrowsers(t *testing.T) {
	text := `given: {person: ada}
scenarios:
  - name: x
    steps:
      - start: login
      - {page: sign_in, fill: {identifier: ada, password: analytical-engine}}
      - tab: second
      - {start: {params: {prompt: none}}, expect: {outcome: signed_in}}
      - browser: other
      - {start: {params: {prompt: none}}, expect: {error: login_required}}
      - start: login
      - {page: sign_in, browser: first}
      - {client: refresh, expect: {client: {status: 200}}}
      - browser: other
    expect: {page: sign_in, sessions: 1}
`
	if got := passes(t, starterFiles(t), text); len(got) > 0 {
		t.Error(got)
	}
}

// A run that failed becomes a scenario that fails the same way and passes.
func TestAFailedRunBecomesAScenario(t *testing.T) {
	change := both(file("actions/throws.js", `export default () => { throw new Error('no') }`),
		probe("act", map[string]any{"act": to("run_custom_action", map[string]any{"action": "throws.js"}, map[string]any{"next": "report"})}, map[string]any{}))
	r := newRig(t, nil, func(files fstest.MapFS) { change(files) })
	r.open(issuer + "/flows/probe")
	r.at("/fl/end", 500)
	text, err := r.Scenario(context.Background(), "by hand", r.lastRun())
	if err != nil {
		t.Fatal(err)
	}
	files := starterFiles(t)
	change(files)
	if got := passes(t, files, string(text)); len(got) > 0 || !strings.Contains(string(text), "outcome: error") {
		t.Errorf("%v\n%s", got, text)
	}
}
