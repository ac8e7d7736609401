package scenario

import (
	"strings"
	"testing"

	"github.com/authflow-studio/authflow/engine/block"
	"github.com/authflow-studio/authflow/engine/block/catalogue"
	"github.com/authflow-studio/authflow/engine/flow"
	"github.com/authflow-studio/authflow/engine/run"
	"github.com/authflow-studio/authflow/projects"
)

// trace makes the steps of a run of the login: block, or block:port; a block that
// waits ends with …
func trace(path string) []run.Step {
	var out []run.Step
	for i, at := range strings.Fields(path) {
		id, port, _ := strings.Cut(strings.TrimSuffix(at, "…"), ":")
		s := run.Step{N: i + 1, Flow: "login", Block: id, Port: port, Waits: strings.HasSuffix(at, "…"), Ended: id == "signed_in"}
		if port == block.ErrorPort {
			s.Error = block.Fail("x", "x")
		}
		out = append(out, s)
	}
	return out
}

func TestAContractIsCoveredFromBothSides(t *testing.T) {
	fsys, err := projects.TemplateFS("risk-based")
	if err != nil {
		t.Fatal(err)
	}
	p, _ := flow.Load(fsys)
	p.Contracts = map[string]string{"a.yaml": `contracts:
  - {name: unless, on: login, every: a session, passed: a second factor, unless: step.known_device.known}
  - {name: never after, on: login, never: a session, after: "mfa:failed"}
  - {name: alike, alike: ["identity_lookup:found", "identity_lookup:not_found"]}
  - {name: not counted, within: 5s}`}
	const begin, known = "sign_in… sign_in:submitted find_user:found failures:next guessed:default password:ok ", "known_device:known journey:next network:next policy:default signed_in"
	const factor = "known_device:unknown journey:next network:next policy:new_device second_factor… second_factor:ok signed_in"
	const failed = "known_device:unknown journey:next network:next policy:new_device second_factor… second_factor:failed factor_failed"
	nobody := strings.Replace(begin, "found", "not_found", 1) + known
	sides := func(traces ...string) string {
		var c Coverage
		var all [][]run.Step
		for _, path := range traces {
			all = append(all, trace(path))
		}
		c.promises(p, catalogue.All(), all)
		var out []string
		for _, k := range c.Contracts {
			mark := "-"
			switch {
			case k.Kept && k.Spared:
				mark = "both"
			case k.Kept:
				mark = "kept"
			case k.Spared:
				mark = "spared"
			}
			out = append(out, mark)
		}
		return strings.Join(out, " ")
	}
	for _, c := range []struct {
		traces []string
		want   string
	}{
		{nil, "- - -"},
		{[]string{begin + known}, "spared spared -"},
		{[]string{begin + factor}, "kept spared -"},
		{[]string{begin + factor, begin + known}, "both spared -"},
		{[]string{begin + failed}, "- kept -"},
		{[]string{begin + failed, begin + factor, nobody}, "both both both"},
	} {
		if got := sides(c.traces...); got != c.want {
			t.Errorf("%q: %s, want %s", c.traces, got, c.want)
		}
	}
}

// Two sign-ins of one scenario are two runs; a page that asks again is none.
func TestATraceIsCutIntoItsRuns(t *testing.T) {
	fsys, err := projects.TemplateFS("risk-based")
	if err != nil {
		t.Fatal(err)
	}
	p, _ := flow.Load(fsys)
	again := trace("sign_in…")
	resumed := trace("sign_in… find_user:found")
	if runs := runsOf(p, append(append(again, resumed...), trace("sign_in… sign_in:submitted")...)); len(runs) != 2 || len(runs[0]) != 3 || runs[0][1].Entered {
		t.Errorf("%+v", runs)
	}
}
