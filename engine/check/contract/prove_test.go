package contract_test

import (
	"strings"
	"testing"

	"github.com/authflow-studio/authflow/engine/block/catalogue"
	"github.com/authflow-studio/authflow/engine/check/contract"
)

const secondFactorUnlessKnown = `
every: a session
passed: a second factor
on: login
unless: step.known_device.known`

// Case 34: the contract holds on the default login of the risk-based project, and
// a hole in it is found by the shortest path.
func TestK3_Case34_EverySessionPassedAFactorUnlessTheDeviceIsKnown(t *testing.T) {
	p := template(t, "risk-based")
	want(t, prove(t, p, secondFactorUnlessKnown), contract.Proved, "")
	p.Flows["login"].Blocks["second_factor"].Next["not_enrolled"] = "signed_in"
	r := prove(t, p, secondFactorUnlessKnown)
	want(t, r, contract.Refuted, "sign_in:submitted find_user:found failures:next guessed:default password:ok known_device:unknown journey:next network:next policy:challenge second_factor:not_enrolled signed_in")
}

func TestK3_NeverAFactorOnAKnownDevice(t *testing.T) {
	p := template(t, "risk-based")
	never := "never: mfa\non: login\nwhen: step.known_device.known"
	want(t, prove(t, p, never), contract.Refuted, "")
	want(t, prove(t, p, never+" && step.network.severity == 'low' && step.journey.severity != 'high'"), contract.Proved, "")
}

func TestK3_NoErrorSkipsThePassword(t *testing.T) {
	p := template(t, "starter")
	c := "every: a session\non: login\nafter: an error\npassed: a password"
	want(t, prove(t, p, c), contract.Proved, "")
	p.Flows["login"].Blocks["find_user"].Next["error"] = "signed_in"
	// Nobody is verified there, so no session can come of it, and the engine
	// refuses; with somebody verified by another way it can.
	want(t, prove(t, p, c), contract.Proved, "")
	want(t, prove(t, p, "every: issue_session\non: login\nafter: an error\npassed: password_check"), contract.Refuted, "sign_in:submitted find_user:error signed_in")
}

// Past its bound a proof is no proof: the verdict says so, and why.
func TestK3_TooManyStatesAreUnknownAndNeverProved(t *testing.T) {
	p := open(t, 10)
	c := contractOf(t, "every: a session\non: login\npassed: a password")
	pr := &contract.Prover{Catalogue: catalogue.All(), States: 500}
	r := pr.Prove(p, c)
	if r.Verdict != contract.Unknown || !strings.Contains(r.Reason, "more than 500 states: ") || !strings.Contains(r.Reason, "conditions are open at once") {
		t.Errorf("%s %s", r.Verdict, r.Reason)
	}
}

// What cannot be looked into makes a path doubtful, not a promise broken.
func TestK3_ADoubtfulPathIsUnknownWithItsReason(t *testing.T) {
	p := login(t, `"a":{"type":"decision","stage":"pre_login","config":{"rows":[{"port":"x","when":"event.client.name.startsWith('a')"}]},"next":{"x":"b","default":"no"}},
		"b":{"type":"decision","stage":"pre_login","config":{"rows":[{"port":"y","when":"event.client.name == 'b'"}]},"next":{"y":"yes","default":"no"}},
		"yes":{"type":"allow","stage":"post_login"},"no":{"type":"deny","stage":"post_login"}`)
	r := prove(t, p, "never: yes")
	want(t, r, contract.Unknown, "a:x b:y yes")
	if !strings.Contains(r.Reason, "can be so at once, which is not looked into") {
		t.Error(r.Reason)
	}
	want(t, prove(t, p, "never: yes\nwhen: event.client.name != 'b'"), contract.Proved, "")
}

// Ordered comparisons of one value leave no room for what cannot be.
func TestK3_ImpossibleCombinationsArePruned(t *testing.T) {
	p := login(t, `"a":{"type":"risk_evaluate","stage":"pre_login","next":{"next":"b"}},
		"b":{"type":"decision","stage":"pre_login","config":{"rows":[{"port":"low","when":"step.a.score < 70"}]},"next":{"low":"c","default":"no"}},
		"c":{"type":"decision","stage":"pre_login","config":{"rows":[{"port":"high","when":"step.a.score > 80 || step.a.score == 69.5"},{"port":"just","when":"step.a.score > 68 && step.a.score < 70"}]},"next":{"high":"never","just":"rare","default":"no"}},
		"never":{"type":"allow","stage":"post_login"},"rare":{"type":"allow","stage":"post_login"},"no":{"type":"deny","stage":"post_login"}`)
	want(t, prove(t, p, "never: never"), contract.Proved, "")
	r := prove(t, p, "never: rare")
	want(t, r, contract.Refuted, "a:next b:low c:just rare")
	if got := r.Path[1].Values[0]; got.Term != "step.a.score" || got.Is != "between 68 and 69.5" || got.Example != 69.0 {
		t.Errorf("%+v", got)
	}
}

// A flow that is run may be any where its name is computed, and a page of it that
// is replaced can be cancelled.
func TestK3_OtherFlowsAndCancelledPagesAreWays(t *testing.T) {
	const part = `{"format":1,"name":"Part","trigger":"custom","enabled":true,"subflow_only":true,"stages":["m"],"start":"ask","blocks":{
		"ask":{"type":"page","stage":"m","config":{"template":"x.html"},"next":{"submitted":"ok"}},"ok":{"type":"finish","stage":"m"}}}`
	blocks := func(flowName, overrides string) string {
		return `"a":{"type":"password_check","stage":"pre_login","next":{"ok":"b","failed":"no"}},
		"b":{"type":"run_flow","stage":"post_auth","config":{"flow":"` + flowName + `","override_pages":[` + overrides + `]},"next":{"success":"no","failure":"no","aborted":"in"}},
		"in":{"type":"issue_session","stage":"post_login"},"no":{"type":"deny","stage":"post_login"}`
	}
	replaced := `{"page":"x.html","with":"y.html"}`
	for _, c := range []struct {
		flow, overrides string
		verdict         contract.Verdict
	}{{"part", replaced, contract.Refuted}, {"part", "", contract.Proved}, {"{{ event.client.id }}", replaced, contract.Refuted}} {
		p := login(t, blocks(c.flow, c.overrides), "flows/part.json", part)
		want(t, prove(t, p, "on: login\nnever: a session"), c.verdict, "")
	}
}
