package server_test

import (
	"encoding/json"
	"strings"
	"testing"
	"testing/fstest"
)

const riskText = `given: {person: ada@example.com, from: {network: corporate}GIVEN}
scenarios:
  - name: x
    steps:
      - STEP
      - start: login
      - {page: sign_in, fill: {identifier: "{{ person.identifier }}", password: "{{ person.password }}"}}
    expect: {EXPECT}
`

// What a tester sets of the risk is so whatever would be found, from a
// scenario's given, from its steps and from world.yaml.
func TestW2_RiskSignalsAreSet(t *testing.T) {
	for name, c := range map[string]struct{ world, given, step, expect string }{
		"as it is":            {expect: "outcome: signed_in"},
		"tor":                 {given: "{tor: true}", expect: `outcome: refused, path: ["policy:refuse"]`},
		"tor in a step":       {step: "risk: {tor: true}", expect: `outcome: refused, path: ["policy:refuse"]`},
		"a score":             {given: "{score: 45}", expect: `path: ["policy:challenge"]`},
		"impossible travel":   {given: "{impossible_travel: true}", expect: `path: ["policy:refuse"]`},
		"world.yaml":          {world: "risk: {vpn: true}", expect: `path: ["policy:challenge"]`},
		"not as world.yaml":   {world: "risk: {vpn: true}", given: "{vpn: false}", expect: "outcome: signed_in"},
		"no Tor exit at all":  {step: "from: {network: tor}", given: "{tor: false}", expect: "outcome: signed_in"},
		"a score of nothing":  {step: "from: {network: tor}", given: "{score: 0}", expect: "outcome: signed_in"},
		"an unknown signal":   {given: "{tro: true}", expect: `!did you mean "tor"`},
		"an unknown one late": {step: "risk: {new_devise: true}", expect: `!did you mean "new_device"`},
		"no yes or no":        {given: "{tor: often}", expect: "!write true or false"},
		"too much":            {given: "{score: 101}", expect: "!from 0 to 100"},
	} {
		t.Run(name, func(t *testing.T) {
			files := starterFiles(t)
			files["world.yaml"] = &fstest.MapFile{Data: append(files["world.yaml"].Data, "\n"+c.world+"\n"...)}
			given, expect, wants := "", c.expect, ""
			if c.given != "" {
				given = ", risk: " + c.given
			}
			if rest, fails := strings.CutPrefix(expect, "!"); fails {
				expect, wants = "outcome: signed_in", rest
			}
			if c.step == "" {
				c.step = "expect: {}"
			}
			got := strings.Join(passes(t, files, strings.NewReplacer("GIVEN", given, "STEP", c.step, "EXPECT", expect).Replace(riskText)), "; ")
			if wants == "" && got != "" || wants != "" && !strings.Contains(got, wants) {
				t.Errorf("%s", got)
			}
		})
	}
}

// A person's own test sets them by the control API; the journal says who set
// them, and a replay has them too.
func TestW2_TheJournalNamesWhatTheTesterSet(t *testing.T) {
	r := newRig(t, nil, nil)
	r.from("192.0.2.130")
	if _, got := r.control("POST", "/world", `{"risk":{"tor":true,"impossible_travel":true}}`); got["kind"] != "tor" || got["set_by"] != "tester" {
		t.Errorf("%v", got)
	}
	r.begin()
	r.signIn("ada@example.com", "analytical-engine")
	journal := text(t, r.journal())
	for _, want := range []string{`"set_by_tester":{"signals":{"impossible_travel":true,"tor":true}}`, `"set_by":"tester"`, "set by the tester"} {
		if !strings.Contains(journal, want) {
			t.Errorf("the journal has no %s\n%s", want, journal)
		}
	}
	r.replays()
	r.control("POST", "/world", `{"risk":{}}`)
	r.begin()
	r.signIn("ada@example.com", "analytical-engine")
	if journal = text(t, r.journal()); strings.Contains(journal, "tester") {
		t.Errorf("%s", journal)
	}
	if _, got := r.control("POST", "/world", `{"risk":{"tro":true}}`); !strings.Contains(got["error"].(map[string]any)["message"].(string), `did you mean "tor"`) {
		t.Errorf("%v", got)
	}
}

func text(t *testing.T, v any) string {
	t.Helper()
	b, err := json.Marshal(v)
	if err != nil {
		t.Fatal(err)
	}
	return string(b)
}
