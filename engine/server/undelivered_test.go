package server_test

import (
	"context"
	"encoding/json"
	"net/http"
	"net/http/httptest"
	"strings"
	"testing"
	"testing/fstest"
	"time"

	"github.com/emersion/go-smtp"

	"github.com/authflow-studio/authflow/engine/flow"
	"github.com/authflow-studio/authflow/engine/world"
)

// This file tests what is not delivered, and why.

// A code that is over is not sent late.
func TestExpiredMessagesAreNotSent(t *testing.T) {
	p := produce(t, 1, true, func(files fstest.MapFS) {
		files["flows/greet.json"] = &fstest.MapFile{Data: []byte(`{"format": 1, "name": "Greet", "trigger": "custom", "stages": ["main"], "enabled": true, "start": "find", "blocks": {
			"find": {"type": "identity_lookup", "stage": "main", "config": {"identifier": "ada@example.com"}, "next": {"found": "send", "not_found": "send"}},
			"send": {"type": "channel_otp_send", "stage": "main", "config": {"ttl": "1m"}, "next": {"sent": "done"}},
			"done": {"type": "allow", "stage": "main"}}}`)}
	})
	if err := p.servers[0].AddPeople(context.Background(), world.File{People: []world.Person{{Email: "ada@example.com", EmailVerified: true, Password: "analytical-engine"}}}); err != nil {
		t.Fatal(err)
	}
	p.post.set(&smtp.SMTPError{Code: 451, Message: "later"})
	p.greet(200)
	p.until("a try", func() bool { return p.waits() })
	p.clock.Advance(2 * time.Minute)
	p.post.set(nil)
	p.until("the end", func() bool { return p.status().Messages.Expired == 1 })
	if mails := p.post.received(); len(mails) != 0 {
		t.Errorf("sent late: %v", mails)
	}
}

// X5: a server that has no way to send does not pretend to have.
func TestX5_NoTransportFailsClosed(t *testing.T) {
	p := produce(t, 1, false, nil)
	p.greet(500)
	if left, err := p.store.List(context.Background(), "outbox", "", "", 0); err != nil || len(left) != 0 {
		t.Errorf("%d messages wait, %v", len(left), err)
	}
}

// W1: in the harness nothing leaves: mail and SMS stay in the outbox, and events
// are told only to services on this machine that the project names.
func TestW1_NothingLeavesTheHarness(t *testing.T) {
	told := make(chan string, 10)
	local := httptest.NewServer(http.HandlerFunc(func(_ http.ResponseWriter, r *http.Request) { told <- r.Header.Get("Webhook-Id") }))
	defer local.Close()
	host := strings.TrimPrefix(local.URL, "http://")
	r := newRig(t, nil, func(files fstest.MapFS) {
		settings := strings.Replace(string(files[flow.SettingsFile].Data), `"harness": {`, `"egress_hosts": ["partner.example"], "secrets": [{"name": "KEY"}],
			"messages": {"sms": {"url": "https://partner.example/sms"}},
			"events": [{"types": ["*"], "url": "https://partner.example/events", "secret": "KEY"}, {"types": ["greeting.sent"], "url": "`+local.URL+`/hook", "secret": "KEY"}],
			"harness": {"loopback_hosts": ["`+host+`"],`, 1)
		files[flow.SettingsFile] = &fstest.MapFile{Data: []byte(settings)}
		files[flow.WorldFile] = &fstest.MapFile{Data: append([]byte("secrets: {KEY: "+plantedKey+"}\n"), files[flow.WorldFile].Data...)}
		files["flows/greet.json"] = &fstest.MapFile{Data: []byte(`{"format": 1, "name": "Greet", "trigger": "custom", "stages": ["main"], "enabled": true, "start": "find", "blocks": {
			"find": {"type": "identity_lookup", "stage": "main", "config": {"identifier": "ada"}, "next": {"found": "tell", "not_found": "tell"}},
			"tell": {"type": "notify", "stage": "main", "config": {"channels": ["email", "sms"], "subject": "Hello", "text": "{{ event.user.name }}, hello."}, "next": {"next": "sms"}},
			"sms": {"type": "send_sms", "stage": "main", "config": {"to": "+442079460101", "text": "Hello"}, "next": {"next": "event"}},
			"event": {"type": "emit_event", "stage": "main", "config": {"type": "greeting.sent"}, "next": {"next": "done"}},
			"done": {"type": "allow", "stage": "main"}}}`)}
	})
	r.open(issuer + "/flows/greet")
	r.at("/fl/end", 200)
	mails, err := r.Outbox(context.Background())
	if err != nil || len(mails) != 2 || mails[0].Text != "Ada Lovelace, hello." || mails[1].Channel != "sms" {
		t.Errorf("outbox %+v, %v", mails, err)
	}
	select {
	case id := <-told:
		if !strings.HasPrefix(id, "evt_") {
			t.Errorf("id %q", id)
		}
	case <-time.After(5 * time.Second):
		t.Fatal("the local service was not told")
	}
	states := map[string]string{}
	for range 100 {
		for _, e := range r.controlled("/events")["events"].([]any) {
			d := e.(map[string]any)
			states[d["url"].(string)] = d["state"].(string)
		}
		if states[local.URL+"/hook"] == "delivered" && states["https://partner.example/events"] == "recorded" {
			break
		}
		time.Sleep(20 * time.Millisecond)
	}
	if states[local.URL+"/hook"] != "delivered" || states["https://partner.example/events"] != "recorded" {
		t.Errorf("states %v", states)
	}
	r.nowhere(plantedKey)
}

// controlled asks the control API.
func (r *rig) controlled(path string) map[string]any {
	r.t.Helper()
	req := httptest.NewRequest(http.MethodGet, issuer+"/control/v1"+path, nil)
	req.RemoteAddr = "127.0.0.1:1"
	req.Header.Set("Authorization", "Bearer "+r.ControlToken)
	w := httptest.NewRecorder()
	r.ServeHTTP(w, req)
	var out map[string]any
	if err := json.Unmarshal(w.Body.Bytes(), &out); err != nil || w.Code != 200 {
		r.t.Fatalf("%s: %d %s", path, w.Code, w.Body)
	}
	return out
}
