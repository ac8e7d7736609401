package studio_test

import (
	"errors"
	"strings"
	"testing"

	"github.com/authflow-studio/authflow/app/studio"
)

// A call is answered by a stub from then on, and no more when it is dropped.
func TestCallsAreAnsweredByStubs(t *testing.T) {
	r := newRig(t)
	if v := r.object("calls.list", nil); len(v["calls"].([]any))+len(v["stubs"].([]any)) != 0 {
		t.Fatalf("%v", v)
	}
	v := r.object("calls.answer", map[string]any{"method": "GET", "url": "https://partner.example/score?who=ada", "status": 200, "body": `{"score": 7}`})
	if stub := v["stubs"].([]any)[0].(map[string]any); stub["url"] != "https://partner.example/score" {
		t.Errorf("%v", stub)
	}
	r.call("calls.answer", map[string]any{"method": "GET", "url": "https://partner.example/score", "status": 503, "body": "busy"})
	if v = r.object("calls.list", nil); len(v["stubs"].([]any)) != 1 {
		t.Errorf("%v", v)
	}
	tried := r.object("actions.try", map[string]any{"action": "call.js", "event": map[string]any{}, "source": `export default async (event, step, api) => {
  const answer = await api.fetch('https://partner.example/score?who=ada', { headers: { Authorization: 'Bearer planted-token' } })
  api.state.set('status', answer.status)
}`})
	if tried["outcome"] != "error" { // its host is not among egress_hosts: a stub opens no way out
		t.Errorf("%v", tried)
	}
	v = r.object("calls.list", nil)
	call := v["calls"].([]any)[0].(map[string]any)
	if call["header"].(map[string]any)["authorization"] == "Bearer planted-token" || strings.Contains(call["error"].(string), "planted") || !strings.Contains(call["error"].(string), "egress_hosts") {
		t.Errorf("%v", call)
	}
	if v = r.object("calls.forget", nil); len(v["calls"].([]any)) != 0 {
		t.Errorf("%v", v)
	}
	if v = r.object("calls.drop", map[string]any{"method": "GET", "url": "https://partner.example/score"}); len(v["stubs"].([]any)) != 0 {
		t.Errorf("%v", v)
	}
	for name, arg := range map[string]map[string]any{"no status": {"method": "GET", "url": "https://x.example/", "status": 9999}, "no address": {"method": "GET", "url": "nonsense", "status": 200}} {
		_, err := r.try("calls.answer", arg)
		if e := (*studio.Error)(nil); !errors.As(err, &e) || e.Code != "bad_argument" {
			t.Errorf("%s: %v", name, err)
		}
	}
}
