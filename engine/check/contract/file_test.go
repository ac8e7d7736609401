package contract_test

import (
	"strings"
	"testing"

	"github.com/authflow-studio/authflow/engine/check/contract"
)

const twoContracts = `# what we promise
about: Ours.
contracts:
  - name: first # and foremost
    every: a session
    passed: a password

  # the second
  - name: second
    on: [login, registration]
    never: a session
    when: step.a.b == 'x'
`

func TestAContractIsPutInPlaceAndTheRestIsLeft(t *testing.T) {
	c := contract.Contract{Name: "third: new", Never: contract.Words{"mfa", "require_mfa"}, Unless: `step.a == "b"`}
	added, bad := contract.Put("contracts/a.yaml", []byte(twoContracts), "", c)
	if bad != nil || !strings.HasPrefix(string(added), twoContracts) {
		t.Fatalf("%v\n%s", bad, added)
	}
	f, _ := contract.Read("contracts/a.yaml", added)
	if len(f.Contracts) != 3 || f.Contracts[2].Name != c.Name || f.Contracts[2].Unless != c.Unless || len(f.Contracts[2].Never) != 2 {
		t.Errorf("%+v", f.Contracts)
	}
	changed, bad := contract.Put("contracts/a.yaml", added, "second", contract.Contract{Name: "2nd", Never: contract.Words{"mfa"}})
	if bad != nil || !strings.Contains(string(changed), "# the second\n  - name: 2nd\n    never: mfa\n  - name:") || !strings.HasPrefix(string(changed), "# what we promise\nabout: Ours.\n") {
		t.Errorf("%v\n%s", bad, changed)
	}
	dropped, bad := contract.Drop("contracts/a.yaml", added, "first")
	if bad != nil || strings.Contains(string(dropped), "foremost") || !strings.Contains(string(dropped), "# the second") {
		t.Errorf("%v\n%s", bad, dropped)
	}
	if fresh, bad := contract.Put("contracts/b.yaml", nil, "", c); bad != nil || !strings.HasPrefix(string(fresh), "contracts:\n  - name:") {
		t.Errorf("%v\n%s", bad, fresh)
	}
	if _, bad := contract.Put("contracts/a.yaml", []byte(twoContracts), "gone", c); bad == nil {
		t.Error("a contract that is not there was replaced")
	}
	if _, bad := contract.Put("contracts/a.yaml", []byte(twoContracts), "", contract.Contract{Name: "first", Never: contract.Words{"mfa"}}); bad == nil {
		t.Error("two contracts have one name")
	}
}

func TestWhatIsNoContractIsRefusedWithItsPlace(t *testing.T) {
	for text, want := range map[string]string{
		"contracts: []": "there is no contract in it",
		"contracts:\n  - every: a session\n    passed: mfa":                        "contracts/a.yaml:2:1: a contract without a name",
		"contracts:\n  - name: a\n    every: a session":                            "every path has passed what",
		"contracts:\n  - name: a\n    never: mfa\n    passed: mfa":                 "contracts/a.yaml:4:1: \"a\": passed belongs to every",
		"contracts:\n  - name: a\n    never: mfa\n    every: mfa\n    passed: mfa": "two things at once",
		"contracts:\n  - name: a\n    alike: find_user:found":                      "one outcome alone",
		"contracts:\n  - name: a\n    within: 5s\n    unless: 'true'":              "belong to every and never",
		"contracts:\n  - name: a\n    nevr: mfa":                                   "contracts/a.yaml:3:",
		"contracts:\n  - name: a\n    never: mfa\n  - name: a\n    never: mfa":     "contracts/a.yaml:4:1: \"a\": another contract",
		"contracts:\n  - name: a\n    within: soon":                                "is no duration",
	} {
		_, bad := contract.Read("contracts/a.yaml", []byte(text))
		if bad == nil || !strings.Contains(bad.Error(), want) {
			t.Errorf("%q: %v, want %q", text, bad, want)
		}
	}
}

func TestUnknownNamesSuggestTheNearest(t *testing.T) {
	p := template(t, "risk-based")
	for text, want := range map[string]string{
		"never: a sesion":                                     `did you mean "a session"`,
		"never: issue_sesion":                                 `did you mean "issue_session"`,
		"never: second_facto":                                 `did you mean "second_factor"`,
		"never: mfa:fail":                                     `did you mean "failed"`,
		"never: policy:challeng":                              `did you mean "challenge"`,
		"never: logn.policy":                                  `did you mean "login"`,
		"never: login.polcy":                                  `did you mean "policy"`,
		"never: mfa\non: logn":                                `did you mean "login"`,
		"never: mfa\nwhen: step.known_devise.known":           `did you mean "known_device"`,
		"never: mfa\non: login\nwhen: step.known_device.know": `did you mean "known"`,
		"never: mfa\nwhen: event.user.factor":                 `did you mean "user.factors"`,
		"never: mfa\nwhen: step.a &&":                         "when:",
		"alike: [find_user, find_user:found]":                 "is no outcome",
	} {
		r := prove(t, p, text)
		if !r.Malformed || r.Verdict != contract.Unknown || !strings.Contains(r.Reason, want) {
			t.Errorf("%q: %s %s, want %q", text, r.Verdict, r.Reason, want)
		}
	}
}

func FuzzRead(f *testing.F) {
	f.Add(twoContracts)
	f.Add("contracts:\n  - name: a\n    within: 5s\n")
	f.Fuzz(func(t *testing.T, text string) {
		file, bad := contract.Read("contracts/a.yaml", []byte(text))
		if bad != nil {
			return
		}
		c := file.Contracts[0]
		again, bad := contract.Put("contracts/a.yaml", []byte(text), c.Name, c)
		if bad != nil {
			return // a form that is read, and not spliced: the file is left alone
		}
		if back, bad := contract.Read("contracts/a.yaml", again); bad != nil || len(back.Contracts) != len(file.Contracts) {
			t.Fatalf("%v\n%s\n%s", bad, text, again)
		}
	})
}
