package server_test

import (
	"context"
	"strings"
	"testing"

	"github.com/authflow-studio/authflow/engine/scenario"
)

// revised answers the file after a revision of what fails in it.
func revised(t *testing.T, text string) (string, []scenario.Revision) {
	t.Helper()
	mk := makerOf(t, starterFiles(t))
	f, bad := scenario.Read("scenarios/x.yaml", []byte(text))
	if bad != nil {
		t.Fatal(bad)
	}
	suite := scenario.Suite{Files: []scenario.File{f}, Make: mk}
	failed := suite.Run(context.Background()).FailedNames()
	out, revisions, err := scenario.Revise(context.Background(), f.Path, []byte(text), func(c scenario.Case) bool { return failed[c.Name] }, mk)
	if err != nil {
		t.Fatal(err)
	}
	return string(out), revisions
}

const revisedHead = `# who comes
given: {person: ada@example.com, from: {network: corporate}}
scenarios:
  - name: x   # its name
    steps:
      - start: login
      - {page: sign_in, fill: {identifier: "{{ person.identifier }}", password: "{{ person.password }}"}}
`

// What a scenario expects becomes what really happened; all else of the file
// stays as it was, to the byte.
func TestExpectationsAreRevised(t *testing.T) {
	for name, c := range map[string]struct{ was, now string }{
		"outcome":          {"outcome: refused   # so", "outcome: signed_in   # so"},
		"error and reason": {"outcome: signed_in\n      error: access_denied", "outcome: signed_in"},
		"a port":           {`path: [risk, "policy:refuse", signed_in]`, `path: [risk, "policy:default", signed_in]`},
		"another path":     {`path: ["second_factor:ok"]`, `path: ["login.sign_in:submitted", "login.find_user:found", "login.password:ok", "login.known_device:unknown", "login.risk:next", "login.policy:default", "login.department:next", "login.account_kind:next", login.signed_in]`},
		"runs":             {"runs: {password: 2}", "runs: {password: 1}"},
		"claims":           {`id_token: {acr: aal2, sub: usr_ada, nothing: 1}`, `id_token: {acr: aal1, sub: usr_ada, nothing: null}`},
		"session":          {"session:\n        aal: aal2 # two", "session:\n        aal: aal1 # two"},
		"sessions":         {"sessions: 3", "sessions: 1"},
		"record":           {"audit: [{type: session.created, data: {aal: aal2}}]", "audit: [{type: session.created, data: {aal: aal1}}]"},
		"user":             {"user: {name: Bob}", "user: {name: Ada Lovelace}"},
		"messages":         {"outcome: signed_in\n      sent: [{channel: sms}]", "outcome: signed_in\n      sent: []"},
	} {
		t.Run(name, func(t *testing.T) {
			was, want := revisedHead+"    expect:\n      "+c.was+"\n", revisedHead+"    expect:\n      "+c.now+"\n"
			got, revisions := revised(t, was)
			if got != want || len(revisions) != 1 || len(revisions[0].Diff) == 0 {
				t.Errorf("%s\n%+v", got, revisions)
			}
			if again := passes(t, starterFiles(t), got); len(again) > 0 {
				t.Errorf("%v", again)
			}
			if same, none := revised(t, got); same != got || len(none) > 0 {
				t.Errorf("revised twice: %s %v", same, none)
			}
		})
	}
}

// Codes are written by where they come from, secrets not at all.
func TestRevisedExpectationsHoldNoSecret(t *testing.T) {
	steps := `given: {person: ada@example.com, from: {network: vpn}}
scenarios:
  - name: x
    steps:
      - start: login
      - page: sign_in
        fill: {identifier: "{{ person.identifier }}", password: "{{ person.password }}"}
        expect: {sent: [{to: bob@example.com, text: old}]}
    expect: {outcome: waiting}
`
	got, revisions := revised(t, steps)
	if !strings.Contains(got, "{{ mail.code }}") || !strings.Contains(got, "to: ada@example.com") {
		t.Errorf("%s %+v", got, revisions)
	}
	secret := `given:
  person: eve@example.com
  people: [{id: usr_eve, name: Eve, email: eve@example.com, password: eavesdropping, app_metadata: {note: "with planted-secret in it"}}]
  secrets: {partner_key: planted-secret}
scenarios:
  - name: x
    steps: [{start: login}]
    expect: {user: {app_metadata.note: none}}
`
	if got, revisions = revised(t, secret); got != secret || !strings.Contains(revisions[0].Kept[0], "holds a secret") {
		t.Errorf("%s %+v", got, revisions)
	}
}

// What must not have happened is never weakened, and a scenario that cannot be
// done is left alone, with its other expectations.
func TestPromisesAndStepsAreNotRevised(t *testing.T) {
	for promise, why := range map[string]string{
		"never: [signed_in]":                "never weakened",
		"not_audited: [session.created]":    "never weakened",
		"no_user: [ada@example.com]":        "never weakened",
		"nowhere: [session.created]":        "never weakened",
		"sessions: 0":                       "never weakened",
		"runs: {password: 0}":               "never weakened",
		"id_token: {sub: null}":             "never weakened",
		"shows: [no page says this]":        "for a person to say",
		"user: {name: x}\n      whose: bob": "for a person to say",
	} {
		text := revisedHead + "    expect:\n      outcome: refused\n      " + promise + "\n"
		got, revisions := revised(t, text)
		if got != text || len(revisions) != 1 || !strings.Contains(strings.Join(revisions[0].Kept, " "), why) {
			t.Errorf("%s: %+v\n%s", promise, revisions, got)
		}
	}
	for _, step := range []string{"{page: nowhere, submit: true}", "{open: /fl/x, expect: {path: [no_such_block]}}"} {
		text := revisedHead + "      - " + step + "\n    expect: {outcome: refused}\n"
		if got, revisions := revised(t, text); got != text || !strings.Contains(revisions[0].Kept[0], "left alone") {
			t.Errorf("%s: %+v", step, revisions)
		}
	}
}

// A row of the variants gets its own value; what all rows share must be the same
// for all of them.
func TestVariantsAreRevisedByRow(t *testing.T) {
	text := `given: {person: ada@example.com}
scenarios:
  - name: x
    variants:
      - {name: known, network: corporate, outcome: refused, port: default}   # at work
      - {name: tor, network: tor, outcome: refused, port: default}
    steps:
      - from: {network: "{{ variant.network }}"}
      - start: login
      - {page: sign_in, fill: {identifier: "{{ person.identifier }}", password: "{{ person.password }}"}}
    expect: {outcome: "{{ variant.outcome }}", path: ["policy:{{ variant.port }}"]}
`
	want := strings.Replace(strings.Replace(text, "corporate, outcome: refused", "corporate, outcome: signed_in", 1), "refused, port: default}\n    steps", "refused, port: refuse}\n    steps", 1)
	if got, revisions := revised(t, text); got != want {
		t.Errorf("%s %+v", got, revisions)
	}
	shared := strings.Replace(want, `outcome: "{{ variant.outcome }}"`, "outcome: refused", 1)
	if got, revisions := revised(t, shared); got != shared || !strings.Contains(revisions[0].Kept[0], "a column of its own") {
		t.Errorf("%+v", revisions)
	}
	steps := strings.Replace(want, `outcome: "{{ variant.outcome }}"`, `reason: "{{ variant.network }}"`, 1)
	if got, revisions := revised(t, steps); got != steps || !strings.Contains(strings.Join(revisions[0].Kept, " "), "the column network is used by a step") {
		t.Errorf("%+v", revisions)
	}
}
