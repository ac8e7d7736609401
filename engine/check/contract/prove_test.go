package contract_test

import (
	"testing"

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
