package server_test

import (
	"context"
	"encoding/json"
	"io"
	"net/http"
	"net/http/httptest"
	"strings"
	"sync"
	"testing"
	"testing/fstest"
	"time"

	"github.com/authflow-studio/authflow/engine/flow"
	"github.com/authflow-studio/authflow/engine/run"
	"github.com/authflow-studio/authflow/engine/world"
)

// scorer is a partner that answers how risky a person is.
type scorer struct {
	mu     sync.Mutex
	answer func(w http.ResponseWriter, n int)
	calls  int
	last   *http.Request
	body   string
}

// scored is a rig whose login asks a partner for a score.
func scored(t *testing.T, config, budgets string, answer func(w http.ResponseWriter, n int)) (*rig, *scorer) {
	t.Helper()
	s := &scorer{answer: answer}
	server := httptest.NewServer(http.HandlerFunc(func(w http.ResponseWriter, r *http.Request) {
		body, _ := io.ReadAll(r.Body)
		s.mu.Lock()
		s.calls++
		n := s.calls
		s.last, s.body = r, string(body)
		s.mu.Unlock()
		s.answer(w, n)
	}))
	t.Cleanup(func() { server.CloseClientConnections(); server.Close() })
	host := strings.TrimPrefix(server.URL, "http://")
	r := newRig(t, nil, func(files fstest.MapFS) {
		settings := strings.Replace(string(files[flow.SettingsFile].Data), `"harness": {`, budgets+`"secrets": [{"name": "KEY"}], "harness": {"loopback_hosts": ["`+host+`"],`, 1)
		files[flow.SettingsFile] = &fstest.MapFile{Data: []byte(settings)}
		files[flow.WorldFile] = &fstest.MapFile{Data: append([]byte("secrets: {KEY: \""+plantedKey+"\"}\n"), files[flow.WorldFile].Data...)}
		files["flows/login.json"] = loginFlow(`
			"send": {"type": "password_check", "stage": "pre_login", "config": {"identifier": "{{ step.who.fields.identifier }}"}, "next": {"ok": "partner", "failed": "no"}},
			"partner": {"type": "call_webhook", "stage": "post_auth", "config": {"url": "` + server.URL + `/score?key=[secret KEY]", ` + strings.ReplaceAll(config, "HOST", server.URL) + `}, "next": {"ok": "judge", "failed": "late"}},
			"judge": {"type": "decision", "stage": "post_auth", "config": {"rows": [{"port": "deny", "when": "step.partner.body.score >= 0.9"}, {"port": "ask", "when": "step.partner.body.score >= 0.5"}]}, "next": {"deny": "no", "ask": "second", "default": "session"}},
			"second": {"type": "mfa", "stage": "post_auth", "config": {"factors": ["email_otp"]}, "next": {"ok": "session", "failed": "no", "not_enrolled": "no"}}`)
	})
	return r, s
}

const scoreConfig = `"headers": {"Authorization": "Bearer [secret KEY]", "X-Who": "{{ event.user.id }}"}, "body": {"who": "{{ event.user.email }}", "typed": "{{ step.who.fields.identifier }}", "factors": "{{ event.user.factors }}", "key": "[secret KEY]"}, "sign_with": "KEY"`

func (r *rig) askPartner() {
	r.t.Helper()
	r.identify("ada")
	r.fill("", map[string]string{"password": "analytical-engine"})
}

func scores(score string) func(w http.ResponseWriter, n int) {
	return func(w http.ResponseWriter, _ int) {
		w.Header().Set("Content-Type", "application/json")
		_, _ = io.WriteString(w, `{"score": `+score+`, "echo": "`+plantedKey+`"}`)
	}
}

// Scenario 12: a partner's score decides; the call is as the config says, signed,
// and its secrets are in no artefact (rule T3).
func TestPartnersScoreDecides(t *testing.T) {
	for score, page := range map[string]string{"0.3": "/demo/callback", "0.5": "/fl/mfa/email_otp", "0.9": "/fl/end"} {
		r, s := scored(t, scoreConfig, "", scores(score))
		r.askPartner()
		if !strings.HasPrefix(r.page.URL, issuer+page) {
			t.Fatalf("%s: at %s\n%s", score, r.page.URL, r.page.HTML)
		}
		var body map[string]any
		if err := json.Unmarshal([]byte(s.body), &body); err != nil || body["who"] != "ada@example.com" || body["typed"] != "ada" || body["key"] != plantedKey {
			t.Errorf("body %s, %v", s.body, err)
		}
		if _, list := body["factors"].([]any); !list {
			t.Errorf("a list is sent as %T", body["factors"])
		}
		h := s.last.Header
		if h.Get("Authorization") != "Bearer "+plantedKey || h.Get("X-Who") != "usr_ada" || s.last.URL.Query().Get("key") != plantedKey || s.last.Method != http.MethodPost {
			t.Errorf("%s %s %v", s.last.Method, s.last.URL, h)
		}
		if near := world.SignCall(plantedKey, h.Get("Webhook-Id"), r.Clock.Now(), s.body); h.Get("Webhook-Timestamp") == near[world.SignatureTime] && h.Get("Webhook-Signature") != near[world.Signature] || h.Get("Webhook-Signature") == "" {
			t.Errorf("signature %q", h.Get("Webhook-Signature"))
		}
		r.nowhere(plantedKey)
	}
}

// A person who types what reads like a placeholder gets no secret sent.
func TestSecretsArePutInWhereTheFlowSaysOnly(t *testing.T) {
	r, s := scored(t, `"headers": {"X-Key": "[secret KEY]"}, "body": {"typed": "{{ step.who.fields.identifier }}"}`, "", scores("0.1"))
	r.begin()
	r.fill("", map[string]string{"identifier": "[secret KEY]"})
	r.fill("", map[string]string{"identifier": "ada", "password": "analytical-engine"})
	r.at("/demo/callback", 200)
	if !strings.Contains(s.body, "[secret KEY]") || strings.Contains(s.body, plantedKey) {
		t.Errorf("body %s", s.body)
	}
}

// Scenario 13: 500, garbage and no answer in time fail closed; nothing is half
// done.
func TestPartnerFails(t *testing.T) {
	slow := func(http.ResponseWriter, int) { time.Sleep(600 * time.Millisecond) }
	for name, c := range map[string]struct {
		config, budgets string
		answer          func(w http.ResponseWriter, n int)
		problem         string
	}{
		"500": {scoreConfig, "", func(w http.ResponseWriter, _ int) { w.WriteHeader(500) }, "status"},
		"garbage": {scoreConfig, "", func(w http.ResponseWriter, _ int) {
			w.Header().Set("Content-Type", "application/json")
			_, _ = io.WriteString(w, `{"score":`)
		}, "garbage"},
		"no text": {scoreConfig, "", func(w http.ResponseWriter, _ int) {
			w.Header().Set("Content-Type", "application/json")
			w.Header().Set("X-Odd", "\xff")
			_, _ = io.WriteString(w, "\x00\xff{")
		}, "garbage"},
		"late":   {scoreConfig + `, "timeout": "100ms"`, "", slow, "timeout"},
		"budget": {scoreConfig, `"budgets": {"call": "100ms"}, `, slow, "timeout"},
		"gone":   {scoreConfig, "", func(w http.ResponseWriter, _ int) { panic(http.ErrAbortHandler) }, "unreachable"},
	} {
		r, _ := scored(t, c.config, c.budgets, c.answer)
		r.askPartner()
		r.at("/fl/end", 403)
		if !strings.Contains(r.page.HTML, "took too long") || r.sessionCount() != 0 {
			t.Errorf("%s: %d sessions\n%s", name, r.sessionCount(), r.page.HTML)
		}
		if out := r.left("partner"); out["problem"] != c.problem {
			t.Errorf("%s: outputs %v", name, out)
		}
		r.nowhere(plantedKey)
	}
}

// failed fails unless the run ended with an error that the client is told
// nothing of.
func (r *rig) failed() {
	r.t.Helper()
	r.at("/demo/callback", 200)
	if !strings.Contains(r.page.URL, "error=server_error") || strings.Contains(r.page.URL, "egress") || strings.Contains(r.page.URL, "budget") {
		r.t.Fatalf("at %s", r.page.URL)
	}
}

// left answers the outputs that a block of the last run left with.
func (r *rig) left(id string) map[string]any {
	r.t.Helper()
	for _, e := range r.journal() {
		if e.Kind == run.KindLeave && e.Block == id {
			return e.Outputs
		}
	}
	return nil
}

func (r *rig) journal() []run.Entry {
	r.t.Helper()
	entries, err := r.Engine().JournalOf(context.Background(), r.lastRun())
	if err != nil {
		r.t.Fatal(err)
	}
	return entries
}

// Scenario 13, X6: a partner that outlasts the run's budget ends the run, and
// the journal names the block and the time.
func TestX6_BudgetBreachNamesBlockAndTime(t *testing.T) {
	r, _ := scored(t, scoreConfig+`, "retry": 3`, `"budgets": {"run": "400ms", "call": "2s"}, `, func(http.ResponseWriter, int) { time.Sleep(time.Second) })
	r.askPartner()
	r.failed()
	entries := r.journal()
	last := entries[len(entries)-1]
	if last.Kind != run.KindEnd || last.Block != "partner" || last.Error == nil || last.Error.Code != "budget_run" || !strings.Contains(last.Error.Message, "400ms was over after 4") {
		t.Errorf("%+v %v", last, last.Error)
	}
	if r.sessionCount() != 0 {
		t.Error("there is a session")
	}
}

// X4: a run that called with secrets replays from its journal, which has none.
func TestX4_CallsWithSecretsReplay(t *testing.T) {
	r, s := scored(t, scoreConfig, "", scores("0.1"))
	r.askPartner()
	r.at("/demo/callback", 200)
	digest, _ := r.journal()[0].Data["project"].(string)
	project, err := r.Engine().ProjectOf(context.Background(), &run.State{Project: digest})
	if err != nil {
		t.Fatal(err)
	}
	m := &run.Machine{Catalogue: r.Engine().Catalogue, Project: project, Budgets: project.Settings.WithDefaults().Budgets}
	again, err := run.Replay(context.Background(), m, nil, r.journal())
	if err != nil || again.Outcome() != "succeeded" || s.calls != 1 {
		t.Errorf("%v, %d calls", err, s.calls)
	}
}

// A partner that stumbles is asked again, as often as the config says.
func TestPartnerIsAskedAgain(t *testing.T) {
	stumbles := func(w http.ResponseWriter, n int) {
		if n < 3 {
			w.WriteHeader(503)
			return
		}
		scores("0.1")(w, n)
	}
	ids := map[string]bool{}
	r, s := scored(t, scoreConfig+`, "retry": 2`, "", func(w http.ResponseWriter, n int) { stumbles(w, n) })
	answer := s.answer
	s.answer = func(w http.ResponseWriter, n int) { ids[s.last.Header.Get("Webhook-Id")] = true; answer(w, n) }
	r.askPartner()
	r.at("/demo/callback", 200)
	if s.calls != 3 || len(ids) != 1 {
		t.Errorf("%d calls with %d ids", s.calls, len(ids))
	}
	r, s = scored(t, scoreConfig+`, "retry": 1`, "", stumbles)
	r.askPartner()
	r.at("/fl/end", 403)
	if s.calls != 2 {
		t.Errorf("%d calls", s.calls)
	}
}

// X5: a host that the project does not allow is an error, not an outcome; the
// reason tells no secret of the address.
func TestX5_RefusedCallsEndTheRun(t *testing.T) {
	r, s := scored(t, `"method": "GET"`, "", scores("0.1"))
	files := starterFiles(t)
	for i, address := range []string{"https://elsewhere.example/?key=[secret KEY]", "http://127.0.0.1:1/?key=[secret KEY]", "https://169.254.169.254/[secret KEY]", "file:///etc/passwd"} {
		files[flow.WorldFile] = &fstest.MapFile{Data: append([]byte("secrets: {KEY: "+plantedKey+"}\n"), starterFiles(t)[flow.WorldFile].Data...)}
		files["flows/login.json"] = loginFlow(`"send": {"type": "call_webhook", "stage": "post_auth", "config": {"url": "` + address + `"}, "next": {"ok": "session", "failed": "session"}}`)
		r.load(files)
		r.identify("ada")
		r.failed()
		entries := r.journal()
		if e := entries[len(entries)-1].Error; e == nil || e.Code != "egress_refused" {
			t.Errorf("%d: %+v", i, e)
		}
	}
	if s.calls != 0 {
		t.Errorf("%d calls", s.calls)
	}
	r.nowhere(plantedKey)
}
