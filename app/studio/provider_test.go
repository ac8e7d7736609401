package studio_test

import (
	"fmt"
	"io"
	"net/http"
	"strings"
	"testing"
)

// The provider's page, without a front end: the orders reach the harness that
// the browser panel and every client speak to.
func TestTheStudioGivesTheOrdersOfTheControlAPI(t *testing.T) {
	r := newRig(t)
	issuer := r.object("harness.get", nil)["issuer"].(string)
	answer := func(path string) (int, string) {
		t.Helper()
		res, err := http.Get(issuer + path)
		if err != nil {
			t.Fatal(err)
		}
		defer res.Body.Close()
		text, _ := io.ReadAll(res.Body)
		return res.StatusCode, string(text)
	}
	v := r.object("provider.fault", map[string]any{"endpoint": "userinfo", "fault": map[string]any{"status": 503, "body": "out of order", "delay": "10ms", "times": 2}})
	if fmt.Sprint(v["faults"]) != "map[userinfo:map[body:out of order delay:10ms status:503 times:2]]" {
		t.Errorf("faults are %v", v["faults"])
	}
	if status, text := answer("/oauth2/userinfo"); status != 503 || text != "out of order" {
		t.Errorf("userinfo answers %d %s", status, text)
	}
	v = r.object("provider.get", nil)
	if first := v["requests"].([]any)[0].(map[string]any); first["endpoint"] != "userinfo" || first["outcome"] != "fault" {
		t.Errorf("the latest request is %v", first)
	}
	if v = r.object("provider.clear_faults", map[string]any{"endpoint": ""}); len(v["faults"].(map[string]any)) != 0 {
		t.Errorf("faults are %v", v["faults"])
	}
	if v = r.object("provider.clear_requests", nil); len(v["requests"].([]any)) != 0 {
		t.Errorf("requests are %v", v["requests"])
	}
	keys := len(v["keys"].([]any))
	if v = r.object("provider.rotate_keys", nil); len(v["keys"].([]any)) != keys+1 {
		t.Errorf("keys are %v", v["keys"])
	}
	r.call("provider.claims", map[string]any{"user": "grace@acme.example", "claims": map[string]any{"id_token": map[string]any{"plan": "gold"}}})
	v = r.object("provider.next_user", map[string]any{"user": "grace@acme.example", "aal": "aal2", "times": 1})
	if fmt.Sprint(v["next"]) != "[map[aal:aal2 id:usr_grace times:1 user:grace@acme.example]]" {
		t.Errorf("next are %v", v["next"])
	}
	r.call("run.start", map[string]any{"flow": "login"})
	r.until("browser", loaded("/demo/callback"))
	if tokens := fmt.Sprint(r.call("tokens.get", nil)); !strings.Contains(tokens, "sub:usr_grace") || !strings.Contains(tokens, "plan:gold") || !strings.Contains(tokens, "acr:aal2") {
		t.Errorf("tokens are %s", tokens)
	}
	r.call("provider.picker", map[string]any{"on": true})
	r.call("browser.open", map[string]any{"url": issuer + "/demo/login?prompt=login"})
	r.until("browser", loaded("/oauth2/people"))
}

func TestOrdersThatMakeNoSenseAreRefusedInWords(t *testing.T) {
	r := newRig(t)
	for _, c := range []struct {
		method string
		arg    map[string]any
		words  string
	}{
		{"provider.next_user", map[string]any{"user": "grase@acme.example", "aal": "aal1", "times": 1}, "nearest: grace@acme.example"},
		{"provider.next_user", map[string]any{"user": "grace@acme.example", "aal": "aal1", "times": 0}, "1 or more"},
		{"provider.claims", map[string]any{"user": "grace@acme.example"}, "no claim in it"},
		{"provider.fault", map[string]any{"endpoint": "kettle", "fault": map[string]any{"status": 418}}, "there are authorize"},
		{"provider.fault", map[string]any{"endpoint": "token", "fault": map[string]any{"delay": "soon"}}, "write a number and a unit"},
		{"provider.fault", map[string]any{"endpoint": "token", "fault": map[string]any{}}, "say what goes wrong"},
	} {
		if _, err := r.try(c.method, c.arg); err == nil || !strings.Contains(err.Error(), c.words) {
			t.Errorf("%s %v: %v", c.method, c.arg, err)
		}
	}
}
