package server_test

import (
	"context"
	"encoding/json"
	"io"
	"net/http"
	"net/http/httptest"
	"os"
	"path/filepath"
	"strings"
	"testing"
	"testing/fstest"
	"time"

	"github.com/authflow-studio/authflow/engine/flow"
	"github.com/authflow-studio/authflow/engine/scenario"
	"github.com/authflow-studio/authflow/engine/server"
	"github.com/authflow-studio/authflow/projects"
)

// withReady is the starter with everything ready-made in it.
func withReady(t *testing.T) func(fstest.MapFS) {
	t.Helper()
	dir := filepath.Join(t.TempDir(), "ready")
	p, err := projects.Create(dir, projects.DefaultTemplate, "")
	if err != nil {
		t.Fatal(err)
	}
	t.Cleanup(func() { p.Close() })
	all, err := projects.ReadyMade()
	if err != nil {
		t.Fatal(err)
	}
	return func(files fstest.MapFS) {
		for _, r := range all {
			name, err := p.AddReady(r.Name, "")
			if err != nil {
				t.Fatal(err)
			}
			text, err := os.ReadFile(filepath.Join(dir, filepath.FromSlash(name)))
			if err != nil {
				t.Fatal(err)
			}
			files[name] = &fstest.MapFile{Data: text}
		}
	}
}

// Every ready-made Action on every preset does what its header says: outcome,
// or the reason of a denial after a colon, and one of its outputs.
func TestReadyMadeActionsOnPresets(t *testing.T) {
	type want map[string]string // preset → outcome
	everywhere := func(outcome string) want {
		w := want{}
		for _, p := range scenario.Presets() {
			w[p.ID] = outcome
		}
		return w
	}
	but := func(w want, more want) want {
		for k, v := range more {
			w[k] = v
		}
		return w
	}
	r := newRig(t, nil, withReady(t))
	for name, c := range map[string]struct {
		config map[string]any
		want   want
	}{
		"domain_allowlist": {map[string]any{"domains": []any{" ACME.example"}},
			but(everywhere("denied:domain_not_allowed"), want{"corporate": "next", "machine": "denied:no_address", "empty": "denied:no_address"})},
		"domain_blocklist": {map[string]any{"domains": []any{"example.com"}},
			but(everywhere("denied:domain_blocked"), want{"corporate": "next", "machine": "denied:no_address", "empty": "denied:no_address"})},
		"decorate_token": {map[string]any{"keys": []any{"plan", "nothing"}, "prefix": "x_"}, everywhere("next")},
		"block_by_risk":  {nil, but(everywhere("next"), want{"tor_exit": "denied:risk_too_high"})},
		"mfa_by_risk":    {nil, but(everywhere("next:mfa"), want{"us_user": "next", "corporate": "next"})},
		"redirect_by_group": {map[string]any{"group": "Research", "key": "department", "url": "https://acme.example/terms"},
			but(everywhere("redirect"), want{"corporate": "next", "machine": "next", "empty": "next"})},
		"account_tag":          {map[string]any{"domains": []any{"acme.example"}}, but(everywhere("next"), want{"machine": "denied:no_user", "empty": "denied:no_user"})},
		"tier_from_invitation": {map[string]any{"tier": "pro"}, but(everywhere("next"), want{"machine": "denied:no_user", "empty": "denied:no_user"})},
	} {
		for _, preset := range scenario.Presets() {
			tried, err := r.Try(context.Background(), server.Try{Action: name + ".ts", Event: preset.Event, Config: c.config})
			if err != nil {
				t.Fatal(name, preset.ID, err)
			}
			got := tried.Outcome
			if tried.Result.Denied != nil {
				got += ":" + tried.Result.Denied.Reason
			}
			if tried.Result.RequireMFA != nil {
				got += ":mfa"
			}
			if got != c.want[preset.ID] || tried.Problem != "" {
				t.Errorf("%s on %s: %s, want %s; %s %+v", name, preset.ID, got, c.want[preset.ID], tried.Problem, tried.Error)
			}
		}
	}
}

// What the Actions write, beside their outcome.
func TestReadyMadeActionsWrite(t *testing.T) {
	r := newRig(t, nil, withReady(t))
	corporate, _ := scenario.PresetByID("corporate")
	try := func(action string, config map[string]any) server.Tried {
		t.Helper()
		tried, err := r.Try(context.Background(), server.Try{Action: action + ".ts", Event: corporate.Event, Config: config})
		if err != nil || tried.Error != nil {
			t.Fatal(action, err, tried.Error)
		}
		return tried
	}
	if res := try("decorate_token", map[string]any{"keys": []any{"plan", "nothing"}, "prefix": "x_", "into": "id"}).Result; res.Claims.IDToken["x_plan"] != "enterprise" || len(res.Claims.IDToken) != 1 || len(res.Claims.AccessToken) != 0 {
		t.Errorf("decorate_token: %+v", res.Claims)
	}
	if res := try("account_tag", map[string]any{"domains": []any{"acme.example"}}).Result; res.AppMetadata["account_kind"] != "corporate" || res.Outputs["kind"] != "corporate" {
		t.Errorf("account_tag: %+v", res)
	}
	if res := try("tier_from_invitation", map[string]any{"tier": ""}).Result; res.AppMetadata["plan"] != "free" {
		t.Errorf("without an invitation: %+v", res)
	}
	if tried := try("tier_from_invitation", map[string]any{"tier": "owner"}); tried.Outcome != "unknown_tier" || len(tried.Result.AppMetadata) != 0 {
		t.Errorf("a plan that there is not: %+v", tried)
	}
	for severity, want := range map[string]string{"high": "denied", "low": "next", "whatever": "denied"} {
		if got := try("block_by_risk", map[string]any{"severity": severity}).Outcome; got != want {
			t.Errorf("block_by_risk at %s: %s, want %s", severity, got, want)
		}
	}
	lookalike := map[string]any{"user": map[string]any{"email": "x@mail.acme.example", "email_verified": true}}
	for action, want := range map[string]string{"domain_blocklist": "denied", "domain_allowlist": "denied"} { // a subdomain is blocked, and is not allowed
		tried, err := r.Try(context.Background(), server.Try{Action: action + ".ts", Event: lookalike, Config: map[string]any{"domains": []any{"acme.example"}}})
		if err != nil || tried.Outcome != want {
			t.Errorf("%s on a subdomain: %+v, %v", action, tried, err)
		}
	}
	unproven := map[string]any{"user": map[string]any{"email": "x@acme.example"}}
	if tried, err := r.Try(context.Background(), server.Try{Action: "domain_allowlist.ts", Event: unproven, Config: map[string]any{"domains": []any{"acme.example"}}}); err != nil || tried.Outcome != "denied" {
		t.Errorf("an address that nobody has proven: %+v, %v", tried, err)
	}
}

// The Actions that call somebody, in a flow: what is sent, and what comes of an
// answer that is none.
func TestReadyMadeActionsThatCall(t *testing.T) {
	status := http.StatusOK
	var seen []string
	srv := httptest.NewServer(http.HandlerFunc(func(w http.ResponseWriter, q *http.Request) {
		text, _ := io.ReadAll(q.Body)
		seen = append(seen, q.URL.Path+" "+q.Header.Get("Authorization")+" "+string(text))
		w.WriteHeader(status)
		_, _ = io.WriteString(w, `{"ok": true}`)
	}))
	defer srv.Close()
	reach := func(files fstest.MapFS) {
		files[flow.SettingsFile].Data = []byte(strings.Replace(string(files[flow.SettingsFile].Data), `"harness": {`, `"secrets": [{"name": "KEY"}, {"name": "CHAT"}], "harness": {"loopback_hosts": ["`+strings.TrimPrefix(srv.URL, "http://")+`"],`, 1))
		files[flow.WorldFile].Data = append([]byte("secrets: {KEY: a planted key, CHAT: \""+srv.URL+"/chat/planted\"}\n"), files[flow.WorldFile].Data...)
	}
	r := newRig(t, nil, both(withReady(t), reach, probe("find", map[string]any{
		"find":   find("hook"),
		"hook":   to("run_custom_action", map[string]any{"action": "webhook.ts", "config": map[string]any{"url": srv.URL + "/hook", "key_secret": "KEY"}}, map[string]any{"next": "chat", "failed": "missed"}),
		"missed": to("set_value", map[string]any{"values": map[string]any{"way": "'failed'"}}, map[string]any{"next": "chat"}),
		"chat":   to("run_custom_action", map[string]any{"action": "chat_notification.ts", "config": map[string]any{"url_secret": "CHAT", "text": "{{ event.user.name }} is here"}}, map[string]any{"next": "report"}),
	}, map[string]any{"status": "{{ step.hook.status }}", "sent": "{{ step.chat.sent }}", "missed": "{{ has(step.missed.way) }}"})))
	r.from("192.0.2.9")
	holds(t, r.report(), map[string]any{"status": 200, "sent": true, "missed": false})
	if len(seen) != 2 || !strings.HasPrefix(seen[0], "/hook Bearer a planted key ") || !strings.Contains(seen[1], "Ada Lovelace is here (") || !strings.Contains(seen[1], "GB, residential") {
		t.Errorf("sent %q", seen)
	}
	var body map[string]any
	if err := json.Unmarshal([]byte(strings.TrimPrefix(seen[0], "/hook Bearer a planted key ")), &body); err != nil || body["email"] != "ada@example.com" || body["country"] != "GB" {
		t.Errorf("body %v, %v", body, err)
	}
	r.nowhere("a planted key", "chat/planted")
	status = http.StatusInternalServerError
	holds(t, r.report(), map[string]any{"status": 500, "sent": false, "missed": true})
}

// A second factor where the Action asks for it, and nowhere else.
func TestReadyMadeDemandOfMFAInAFlow(t *testing.T) {
	r := newRig(t, nil, both(withReady(t), func(files fstest.MapFS) {
		files["flows/login.json"] = loginFlow(`
			"send": {"type": "password_check", "stage": "pre_login", "config": {"identifier": "{{ step.who.fields.identifier }}"}, "next": {"ok": "device", "failed": "no"}},
			"device": {"type": "device_check", "stage": "post_auth", "next": {"known": "judge", "unknown": "judge"}},
			"judge": {"type": "run_custom_action", "stage": "post_auth", "config": {"action": "mfa_by_risk.ts", "config": {"new_device": "false"}}, "next": {"next": "asked"}},
			"asked": {"type": "decision", "stage": "post_auth", "config": {"rows": [{"port": "yes", "when": "step.judge.mfa_required"}]}, "next": {"yes": "second", "default": "session"}},
			"second": {"type": "mfa", "stage": "post_auth", "config": {"factors": ["email_otp"]}, "next": {"ok": "session", "failed": "no", "not_enrolled": "no"}}`)
	}))
	for ip, page := range map[string]string{"192.0.2.9": "/demo/callback", "198.51.100.7": "/fl/mfa/email_otp", "203.0.113.7": "/fl/mfa/email_otp"} {
		r.from(ip)
		r.askPartner()
		r.at(page, 200)
	}
}

// The ready-made limit of a person counts them wherever they come from, and
// nobody else.
func TestReadyMadeLimitOfAPerson(t *testing.T) {
	limited := func(identifier string) func(fstest.MapFS) {
		return both(withReady(t), probe("find", map[string]any{
			"find":  to("identity_lookup", map[string]any{"identifier": identifier}, map[string]any{"found": "limit", "not_found": "end"}),
			"limit": to("run_flow", map[string]any{"flow": "rate_limit_user", "inputs": map[string]any{"user": "{{ event.user.id }}"}}, map[string]any{"success": "report", "failure": "end", "aborted": "end"}),
		}, map[string]any{}))
	}
	r := newRig(t, nil, limited("{{ event.request.ip == '192.0.2.99' ? 'grace' : 'ada' }}"))
	r.Clock.Advance(time.Minute - time.Duration(r.Clock.Now().Second()+1)*time.Second) // away from the border of a window
	passes := func(ip string) bool {
		before := len(r.reports())
		r.from(ip)
		r.open(issuer + "/flows/probe")
		return len(r.reports()) > before
	}
	for i := range 10 {
		if !passes([]string{"192.0.2.1", "198.51.100.1"}[i%2]) {
			t.Fatalf("the %d. was refused", i+1)
		}
	}
	if passes("192.0.2.2") {
		t.Error("the eleventh passed, from another address")
	}
	if !passes("192.0.2.99") {
		t.Error("somebody else was counted with her")
	}
}
