package check_test

import (
	"strings"
	"testing"

	"github.com/authflow-studio/authflow/engine/block/catalogue"
	"github.com/authflow-studio/authflow/engine/check"
	"github.com/authflow-studio/authflow/engine/flow"
)

// several checks one flow of a project of several, given as JSON by slug.
func several(t *testing.T, slug string, flows map[string]string) []check.Problem {
	t.Helper()
	p := &flow.Project{Flows: map[string]*flow.Flow{}}
	for name, text := range flows {
		f, err := flow.Decode(name, []byte(`{"format":1,"name":"x","trigger":"custom","stages":["one"],"enabled":true,`+text+`}`))
		if err != nil {
			t.Fatal(err)
		}
		p.Flows[name] = f
	}
	return (&check.Checker{Catalogue: catalogue.All()}).Flow(p, slug, p.Flows[slug])
}

// C7: a one-time code alone does not make an identity that a flow which anybody
// can launch may finish with.
func TestC7_AWeakIdentityIsWarnedOf(t *testing.T) {
	otp := `"start":"find","blocks":{
		"find":{"type":"identity_lookup","stage":"one","config":{"identifier":"x"},"next":{"found":"code","not_found":"no"}},
		"code":{"type":"mfa","stage":"one","next":{"ok":"done","failed":"no","not_enrolled":"no"}},
		"done":{"type":"finish","stage":"one","config":{"identity":true}},"no":{"type":"deny","stage":"one"}}`
	p := wantAt(t, several(t, "otp", map[string]string{"otp": otp}), "done", "weak_identity")
	if p.Severity != check.Warning {
		t.Errorf("severity %s", p.Severity)
	}
	wantNone(t, several(t, "otp", map[string]string{"otp": `"subflow_only":true,` + otp}), "weak_identity")
	wantNone(t, several(t, "otp", map[string]string{"otp": strings.Replace(otp, `"identity":true`, `"identity":false`, 1)}), "weak_identity")
	strong := strings.Replace(otp, `"code":{"type":"mfa"`, `"code":{"type":"password_check"`, 1)
	strong = strings.Replace(strong, `,"not_enrolled":"no"`, "", 1)
	wantNone(t, several(t, "otp", map[string]string{"otp": strong}), "weak_identity")
}

const inner = `"subflow_only":true,"inputs":{"user":{"type":"string","required":true}},"start":"pw","blocks":{
	"pw":{"type":"password_check","stage":"one","next":{"ok":"done","failed":"no"}},"done":{"type":"finish","stage":"one"},"no":{"type":"deny","stage":"one"}}`

func outer(config string) string {
	return `"start":"sub","blocks":{"sub":{"type":"run_flow","stage":"one","config":{` + config + `},"next":{"success":"in","failure":"no","aborted":"no"}},
		"in":{"type":"issue_session","stage":"one"},"no":{"type":"deny","stage":"one"}}`
}

// What a flow establishes at all of its successful ends holds after it.
func TestAFlowThatIsRunGivesWhatItEstablishes(t *testing.T) {
	flows := map[string]string{"inner": inner, "outer": outer(`"flow":"inner","inputs":{"user":"x"}`)}
	wantNone(t, several(t, "outer", flows), "needs_verified")
	flows["inner"] = strings.Replace(inner, `"failed":"no"`, `"failed":"done"`, 1)
	wantAt(t, several(t, "outer", flows), "in", "needs_verified")
}

func TestG8_InputsAreChecked(t *testing.T) {
	for config, code := range map[string]string{
		`"flow":"inner"`: "missing_input",
		`"flow":"inner","inputs":{"user":"x","usr":"y"}`: "unknown_input",
		`"flow":"nothing"`: "flow_missing",
	} {
		wantAt(t, several(t, "outer", map[string]string{"inner": inner, "outer": outer(config)}), "sub", code)
	}
	wantNone(t, several(t, "outer", map[string]string{"inner": inner, "outer": outer(`"flow":"{{ 'in' + 'ner' }}"`)}), "flow_missing")
}

func TestC1_CirclesAreFound(t *testing.T) {
	call := func(to string) string {
		return `"start":"sub","blocks":{"sub":{"type":"run_flow","stage":"one","config":{"flow":"` + to + `"},"next":{"success":"no","failure":"no","aborted":"no"}},"no":{"type":"deny","stage":"one"}}`
	}
	p := wantAt(t, several(t, "a", map[string]string{"a": call("b"), "b": call("c"), "c": call("a")}), "sub", "circular_flow")
	if !strings.Contains(p.Message, "a → b → c → a") {
		t.Error(p.Message)
	}
	wantNone(t, several(t, "a", map[string]string{"a": call("b"), "b": call("c"), "c": call("c")}), "circular_flow")
	wantAt(t, several(t, "a", map[string]string{"a": call("a")}), "sub", "circular_flow")
}

// G7: a flow that only others run begins with what they all have made certain.
func TestG7_ASubflowKnowsWhatItsCallersKnow(t *testing.T) {
	part := `"subflow_only":true,"start":"split","blocks":{
		"split":{"type":"decision","stage":"one","config":{"rows":[{"port":"some","when":"size(event.user.factors) > 0"}]},"next":{"some":"done","default":"done"}},"done":{"type":"finish","stage":"one"}}`
	caller := func(found string) string {
		return `"start":"find","blocks":{"find":{"type":"identity_lookup","stage":"one","config":{"identifier":"x"},"next":{"found":"sub","not_found":"` + found + `"}},
			"sub":{"type":"run_flow","stage":"one","config":{"flow":"part"},"next":{"success":"no","failure":"no","aborted":"no"}},"no":{"type":"deny","stage":"one"}}`
	}
	wantNone(t, several(t, "part", map[string]string{"part": part, "outer": caller("no")}), "read_before_write")
	wantAt(t, several(t, "part", map[string]string{"part": part, "outer": caller("sub")}), "split", "read_before_write")
	wantAt(t, several(t, "part", map[string]string{"part": part}), "split", "read_before_write")
	wantAt(t, several(t, "part", map[string]string{"part": strings.Replace(part, `"subflow_only":true,`, "", 1), "outer": caller("no")}), "split", "read_before_write")
	computed := strings.Replace(caller("no"), `"flow":"part"`, `"flow":"{{ event.client.id }}"`, 1)
	wantAt(t, several(t, "part", map[string]string{"part": part, "outer": caller("no"), "other": computed}), "split", "read_before_write")
}
