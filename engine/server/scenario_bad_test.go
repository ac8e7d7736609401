package server_test

import (
	"net/http"
	"net/http/httptest"
	"strings"
	"sync/atomic"
	"testing"
)

// A scenario that names what is not there fails with the nearest name.
func TestAnUnknownNameFailsWithTheNearest(t *testing.T) {
	for what, c := range map[string]struct{ step, expect, want string }{
		"page before a step": {`{page: sing_in, submit: true}`, "page: end", `there is no page "sing_in"; did you mean "sign_in"?`},
		"page in the end":    {`{reload: true}`, "page: mfa/totpp", `there is no page "mfa/totpp"; did you mean "mfa/totp"?`},
		"field":              {`{page: sign_in, fill: {identifer: ada, password: x}}`, "page: end", `there is no field "identifer"; did you mean "identifier"?`},
		"button":             {`{page: sign_in, press: sing_up}`, "page: end", "there is no button"},
		"block":              {`{reload: true}`, "never: [second_facto]", `there is no block "second_facto"; did you mean "second_factor"?`},
		"block of a flow":    {`{reload: true}`, `path: ["login.sing_in:submitted"]`, `did you mean "login.sign_in"?`},
		"claim":              {`{page: sign_in, fill: {identifier: ada, password: analytical-engine}}`, "id_token: {departmnt: Research}", "id_token.departmnt is not there, and should be \"Research\" (did you mean department?)"},
		"member of a record": {`{page: sign_in, fill: {identifier: ada, password: analytical-engine}}`, "session: {all: aal1}", "did you mean aal?"},
		"client":             {`{start: {client: local-ap}}`, "page: end", `did you mean "local-app"?`},
		"placeholder":        {`{open: "{{ mial.link }}"}`, "page: end", `did you mean "mail.link"?`},
	} {
		text := "given: {person: ada, from: {network: corporate}}\nscenarios:\n  - name: x\n    steps: [{start: login}, " + c.step + "]\n    expect: {" + c.expect + "}\n"
		if got := strings.Join(passes(t, starterFiles(t), text), "; "); !strings.Contains(got, c.want) {
			t.Errorf("%s: %q", what, got)
		}
	}
	if got := strings.Join(passes(t, starterFiles(t), "given: {person: adaa@example.com}\nscenarios: [{name: x, steps: [{start: login}], expect: {page: sign_in}}]\n"), "; "); !strings.Contains(got, `did you mean "ada@example.com"?`) {
		t.Errorf("person: %q", got)
	}
}

// A call that no stub is meant for fails the scenario, whatever the flow makes
// of it, and names the stub that was most likely meant; where the scenario says
// what it expects of its calls, that decides.
func TestW1_ACallWithoutAStubFailsAndNamesTheNearest(t *testing.T) {
	var reached atomic.Int32
	real := httptest.NewServer(http.HandlerFunc(func(http.ResponseWriter, *http.Request) { reached.Add(1) }))
	defer real.Close()
	host := strings.TrimPrefix(real.URL, "http://")
	files := starterFiles(t)
	files["authflow.json"].Data = []byte(strings.Replace(string(files["authflow.json"].Data), `"fast_hashing": true`, `"fast_hashing": true, "loopback_hosts": ["`+host+`"]`, 1))
	probe("call", map[string]any{"call": to("call_webhook", map[string]any{"url": real.URL + "/score"}, map[string]any{"ok": "report", "failed": "report"})}, map[string]any{})(files)
	text := func(stub, expect string) string {
		return "given: {stubs: [" + stub + "]}\nscenarios:\n  - name: x\n    steps: [{start: {flow: probe}}]\n    expect: {" + expect + "}\n"
	}
	near := `{url: "` + real.URL + `/scroe", answer: {json: {}}}`
	if got := strings.Join(passes(t, files, text(near, "path: [call]")), "; "); !strings.Contains(got, "no stub answers POST "+real.URL+"/score") || !strings.Contains(got, "the nearest is "+real.URL+"/scroe") {
		t.Errorf("%q", got)
	}
	if got := passes(t, files, text(near, `path: [call], calls: [{error: "/no stub answers/"}]`)); len(got) > 0 {
		t.Error(got)
	}
	if got := passes(t, files, text(strings.Replace(near, "scroe", "score", 1), `path: ["call:ok"]`)); len(got) > 0 {
		t.Error(got)
	}
	if n := reached.Load(); n != 0 {
		t.Errorf("%d calls have left for the network", n)
	}
}
