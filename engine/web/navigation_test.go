package web_test

import (
	"encoding/json"
	"net/http"
	"net/url"
	"strings"
	"testing"

	"github.com/authflow-studio/authflow/engine/flow"
)

const leaves = `{"format":1,"name":"Login","trigger":"login","enabled":true,"start":"hello","blocks":{
"hello":{"type":"page","stage":"pre_login","config":{"template":"a/hello.html"},"next":{"submitted":"away"}},
"away":{"type":"redirect","stage":"pre_login","config":{"url":"https://idv.example.com/start?lang=en"},"next":{"returned":"back"}},
"back":{"type":"page","stage":"pre_login","config":{"template":"a/more.html","title":"Result {{ step.away.params.result }}"},"next":{"submitted":"yes"}},
"yes":{"type":"allow","stage":"post_login"}}}`

func leaving(files map[string][]byte) { files[flow.FlowPath("login")] = []byte(leaves) }

// goAway goes to the other site and answers the state that it was given.
func (r *rig) goAway() string {
	r.t.Helper()
	res := r.do("POST", "/fl/a/hello", form("_ticket", r.begin()))
	to, err := url.Parse(res.Header.Get("Location"))
	if err != nil || res.StatusCode != 303 || to.Host != "idv.example.com" || to.Query().Get("lang") != "en" || to.Query().Get("state") == "" {
		r.t.Fatalf("answered %d to %q", res.StatusCode, res.Header.Get("Location"))
	}
	return to.Query().Get("state")
}

func TestN6_TheCallbackTakesOneReturn(t *testing.T) {
	r := newRig(t, leaving)
	r.begin()
	if csp := r.do("GET", "/fl/a/hello", "").Header.Get("Content-Security-Policy"); !strings.Contains(csp, "form-action 'self' https://idv.example.com") {
		t.Errorf("the browser would not follow: %s", csp)
	}
	state := r.goAway()
	for _, path := range []string{"/fl/callback", "/fl/callback?state=forged&result=ok", "/fl/callback?result=ok&state=" + strings.ToLower(state) + "x", "/fl/a/hello", "/fl/away"} {
		r.want(r.do("GET", path, ""), 404, "")
		if !strings.Contains(r.last, "https://idv.example.com/start") {
			t.Errorf("%s: no way back to where they were:\n%s", path, r.last)
		}
	}
	r.want(r.do("PUT", "/fl/callback", ""), 405, "")
	r.want(r.do("GET", "/fl/callback?result=ok&state="+state, ""), 302, "/fl/a/more")
	r.want(r.do("GET", "/fl/a/more", ""), 200, "")
	if !strings.Contains(r.last, "<title>Result ok</title>") {
		t.Error(r.last)
	}
	r.want(r.do("GET", "/fl/callback?result=evil&state="+state, ""), 404, "")
}

func TestN6_AReturnByPOST(t *testing.T) {
	r := newRig(t, leaving)
	state := r.goAway()
	r.want(r.do("POST", "/fl/callback", form("result", "posted", "state", state)), 303, "/fl/a/more")

	// From another site the cookie does not come along with a POST.
	r = newRig(t, leaving)
	state = r.goAway()
	mine := r.client
	r.client = r.person()
	to := "/fl/callback?" + form("result", "posted", "state", state)
	r.want(r.do("POST", "/fl/callback", form("result", "posted", "state", state)), 303, to)
	r.client = mine
	r.want(r.do("GET", to, ""), 302, "/fl/a/more")
}

func TestN6_OtherSchemesAreRefused(t *testing.T) {
	for _, address := range []string{"javascript:alert(1)", "data:text/html,x", "/local", "//host/x", ""} {
		r := newRig(t, func(files map[string][]byte) {
			files[flow.FlowPath("login")] = []byte(strings.Replace(leaves, "https://idv.example.com/start?lang=en", address, 1))
		})
		r.want(r.do("POST", "/fl/a/hello", form("_ticket", r.begin())), 303, "/fl/end")
		r.want(r.do("GET", "/fl/end", ""), 500, "")
	}
}

func TestC4_AButtonNamedAbortCancels(t *testing.T) {
	r := newRig(t, nil)
	r.want(r.do("POST", "/fl/a/hello", form("_ticket", r.begin(), "_abort", "")), 303, "/fl/end")
	r.want(r.do("GET", "/fl/end", ""), 403, "")
}

func TestN10_LabelsFollowThePersonsLanguages(t *testing.T) {
	r := newRig(t, func(files map[string][]byte) {
		files["pages/a/hello.html"] = []byte(`<html lang="{{.Locale}}">{{label "greeting"}} {{label "button.sign_in"}} {{label "no.such.label"}}`)
		files["labels/en.json"] = []byte(`{"greeting":"Hello"}`)
		files["labels/de.json"] = []byte(`{"greeting":"Guten Tag"}`)
		files["labels/fr.json"] = []byte(`{"greeting":"Bonjour"}`)
	})
	r.begin0()
	for accept, want := range map[string]string{
		"":                        "Hello Sign in",
		"de-CH,de;q=0.9,en;q=0.1": "Guten Tag Anmelden",
		"xx, fr":                  "Bonjour Sign in",
		"*":                       "Hello Sign in",
	} {
		req, err := http.NewRequest("GET", r.server.URL+"/fl/a/hello", nil)
		if err != nil {
			t.Fatal(err)
		}
		req.Header.Set("Accept-Language", accept)
		if text := r.send(req); !strings.Contains(text, want+" no.such.label") {
			t.Errorf("%q: %s", accept, text)
		}
	}
}

func (r *rig) begin0() {
	r.t.Helper()
	r.want(r.do("GET", "/flows/login", ""), 302, "/fl/a/hello")
}

func (r *rig) send(req *http.Request) string {
	r.t.Helper()
	res, err := r.client.Do(req)
	if err != nil {
		r.t.Fatal(err)
	}
	defer res.Body.Close()
	var b strings.Builder
	buf := make([]byte, 4096)
	for {
		n, err := res.Body.Read(buf)
		b.Write(buf[:n])
		if err != nil {
			return b.String()
		}
	}
}

// native is a request of a client that draws the pages itself.
func (r *rig) native(method, path string, body any) (int, map[string]any) {
	r.t.Helper()
	text, err := json.Marshal(body)
	if err != nil {
		r.t.Fatal(err)
	}
	req, err := http.NewRequest(method, r.server.URL+path, strings.NewReader(string(text)))
	if err != nil {
		r.t.Fatal(err)
	}
	req.Header.Set("Accept", "application/json")
	req.Header.Set("Content-Type", "application/json")
	res, err := r.client.Do(req)
	if err != nil {
		r.t.Fatal(err)
	}
	defer res.Body.Close()
	var v map[string]any
	if err := json.NewDecoder(res.Body).Decode(&v); err != nil {
		r.t.Fatalf("%s %s answered %d and no JSON: %v", method, path, res.StatusCode, err)
	}
	if res.Header.Get("Cache-Control") != "no-store" {
		r.t.Errorf("%s may be cached", path)
	}
	return res.StatusCode, v
}

func TestN11_ANativeClientDrivesTheSameRun(t *testing.T) {
	r := newRig(t, nil)
	status, page := r.native("GET", "/flows/login", nil)
	if status != 200 || page["status"] != "waiting" || page["page"] != "a/hello" || page["title"] != "Hello" {
		t.Fatalf("%d %v", status, page)
	}
	fields := page["fields"].([]any)
	if f := fields[1].(map[string]any); f["name"] != "password" || f["type"] != "password" {
		t.Errorf("fields %v", fields)
	}
	ticket, at := page["ticket"].(string), page["url"].(string)
	if status, v := r.native("POST", at, map[string]any{"ticket": "forged", "fields": map[string]any{"nick": "Ada"}}); status != 404 || v["error"] != "mismatch" {
		t.Errorf("a forged ticket: %d %v", status, v)
	}
	if status, v := r.native("POST", at, map[string]any{"ticket": ticket, "what": 1}); status != 400 || v["error"] != "bad_form" {
		t.Errorf("a strange body: %d %v", status, v)
	}
	status, next := r.native("POST", at, map[string]any{"ticket": ticket, "fields": map[string]any{"nick": "Ada", "password": "p", "extra": []int{1, 2}}})
	if status != 200 || next["page"] != "a/more" || next["title"] != "More of Ada" {
		t.Fatalf("%d %v", status, next)
	}
	if status, v := r.native("GET", at, nil); status != 404 || v["error"] != "mismatch" || v["url"] != "/fl/a/more" {
		t.Errorf("an old page: %d %v", status, v)
	}
	status, end := r.native("POST", next["url"].(string), map[string]any{"ticket": next["ticket"]})
	if status != 200 || end["status"] != "ended" || end["success"] != true {
		t.Errorf("%d %v", status, end)
	}
	if status, v := r.native("GET", "/fl/a/more", nil); status != 404 || v["error"] != "gone" {
		t.Errorf("after the end: %d %v", status, v)
	}
}

func TestN5_JSONIsTheOutputAsItIs(t *testing.T) {
	r := newRig(t, func(files map[string][]byte) {
		files[flow.FlowPath("login")] = []byte(strings.Replace(twoPages, "More of {{ step.hello.fields.nick }}", "{{ step.hello.fields.extra[1] + 1 }}", 1))
	})
	_, page := r.native("GET", "/flows/login", nil)
	_, next := r.native("POST", page["url"].(string), map[string]any{"ticket": page["ticket"], "fields": map[string]any{"nick": "Ada", "extra": []int{1, 41}}})
	if next["title"] != "42" {
		t.Errorf("%v", next)
	}
}

func TestLinksGoOnForTheSameClient(t *testing.T) {
	r := newRig(t, func(files map[string][]byte) {
		files[flow.FlowPath("registration")] = []byte(strings.NewReplacer(`"trigger":"login"`, `"trigger":"registration"`, `pre_login`, `pre_create`, `post_login`, `post_create`).Replace(twoPages))
	})
	ticket := r.begin()
	r.want(r.do("GET", "/flows/registration?continue", ""), 302, "/fl/a/hello")
	r.want(r.do("POST", "/fl/a/hello", form("_ticket", ticket, "nick", "x")), 404, "") // the run that was left
}
