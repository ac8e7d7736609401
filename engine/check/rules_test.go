package check_test

import (
	"fmt"
	"slices"
	"strings"
	"testing"

	"github.com/authflow-studio/authflow/engine/block/catalogue"
	"github.com/authflow-studio/authflow/engine/check"
	"github.com/authflow-studio/authflow/engine/flow"
)

// checked checks a login flow of a project with settings.
func checked(t *testing.T, settings flow.Checks, blocks string) []check.Problem {
	t.Helper()
	f, err := flow.Decode("flows/login.json", []byte(`{"format":1,"name":"Login","trigger":"login","enabled":true,"start":"a","blocks":{`+blocks+`}}`))
	if err != nil {
		t.Fatal(err)
	}
	c := &check.Checker{Catalogue: catalogue.All()}
	return c.Project(t.Context(), &flow.Project{Settings: flow.Settings{Name: "x", Checks: settings}, Flows: map[string]*flow.Flow{"login": f}}, nil)
}

func TestK2_WhatIsSeenAfterALookupTellsNothing(t *testing.T) {
	lookup := func(missing string) string {
		return `"a":{"type":"identity_lookup","stage":"pre_login","config":{"identifier":"x"},"next":{"found":"p","not_found":"` + missing + `"}},
			"p":{"type":"password_check","stage":"pre_login","next":{"ok":"in","failed":"no"}},
			"note":{"type":"set_value","stage":"pre_login","config":{"values":{"v":"x"}},"next":{"next":"no"}},` + ends
	}
	p := wantAt(t, problems(t, "", lookup("no")), "a", "tells_who_exists")
	if p.Fix == nil || p.Fix.Edit[0].To != "p" {
		t.Errorf("fix %+v", p.Fix)
	}
	wantAt(t, problems(t, "", lookup("note")), "a", "tells_who_exists") // through a block that nobody sees
	wantNone(t, problems(t, "", lookup("p")), "tells_who_exists")
}

func TestK2_NobodyFromOutsideChoosesTheSite(t *testing.T) {
	to := func(address string) []check.Problem {
		return problems(t, "", `"a":{"type":"page","stage":"pre_login","config":{"template":"page.html","fields":[{"name":"next"}]},"next":{"submitted":"go"}},
			"go":{"type":"redirect","stage":"pre_login","config":{"url":"`+address+`"},"next":{"returned":"no"}},`+ends)
	}
	for _, bad := range []string{"{{ step.a.fields.next }}", "https://{{ step.a.fields.next }}/x", "https://a.{{ event.request.host }}", "{{ input.to }}"} {
		wantAt(t, to(bad), "go", "open_redirect")
	}
	for _, good := range []string{"https://id.example.com/?next={{ step.a.fields.next }}", "https://id.example.com/{{ step.a.fields.next }}", "https://{{ flow.name }}.example.com/"} {
		wantNone(t, to(good), "open_redirect")
	}
}

func TestK2_FieldsThatAreNotOnThePage(t *testing.T) {
	ps := problems(t, "", `"a":{"type":"page","stage":"pre_login","config":{"template":"page.html","fields":[{"name":"email"}]},"next":{"submitted":"b"}},
		"b":{"type":"set_value","stage":"pre_login","config":{"values":{"v":"{{ step.a.fields.emial }}"}},"next":{"next":"c"}},
		"c":{"type":"set_custom_claim","stage":"pre_login","config":{"name":"x","value":"step.a.fields.email"},"next":{"next":"no"}},`+ends)
	if p := wantAt(t, ps, "b", "unknown_page_field"); !strings.Contains(p.Message, "Did you mean email?") {
		t.Errorf("%s", p.Message)
	}
	if slices.Contains(codes(ps, "c"), "unknown_page_field") {
		t.Error("a field that is there is reported")
	}
	wantAt(t, ps, "b", "unused_value")
}

func TestK2_Habits(t *testing.T) {
	call := `"a":{"type":"call_webhook","stage":"pre_login","config":{"url":"https://a.example/","method":"POST"},"next":{"ok":"b","failed":"b"}},`
	limit := `"b":{"type":"rate_limit","stage":"pre_login","config":{"key":"%s","limit":5,"window":"1m"},"next":{"ok":"p","exceeded":"no"}},
		"p":{"type":"password_check","stage":"pre_login","next":{"ok":"in","failed":"no"}},` + ends
	ps := problems(t, "", call+fmt.Sprintf(limit, "{{ event.request.ip }}"))
	wantAt(t, ps, "b", "cheap_after_costly")
	wantAt(t, ps, "a", "notification_in_flow")
	ps = problems(t, "", call+fmt.Sprintf(limit, "{{ step.a.status }}"))
	wantNone(t, ps, "cheap_after_costly")
	wantNone(t, ps, "notification_in_flow")
}

// Severities and suppressions of a project: no error is made good by them.
func TestK1_SettingsOfTheChecks(t *testing.T) {
	const oracle = `"a":{"type":"identity_lookup","stage":"pre_login","config":{"identifier":"x"},"next":{"found":"p","not_found":"no"}},
		"p":{"type":"password_check","stage":"pre_login","next":{"ok":"in","failed":"no"}},` + ends
	severity := func(ps []check.Problem, code string) check.Severity {
		for _, p := range ps {
			if p.Code == code {
				return p.Severity
			}
		}
		return ""
	}
	let := func(block string) flow.Checks {
		return flow.Checks{Suppress: []flow.Suppression{{Code: "tells_who_exists", Block: block, Reason: "names are public"}}}
	}
	for name, c := range map[string]struct {
		settings flow.Checks
		want     check.Severity
	}{
		"as it is":       {flow.Checks{}, check.Warning},
		"strict":         {flow.Checks{Preset: flow.Strict}, check.Error},
		"of its own":     {flow.Checks{Preset: flow.Strict, Severities: map[string]string{"tells_who_exists": "info"}}, check.Info},
		"off":            {flow.Checks{Severities: map[string]string{"tells_who_exists": "off"}}, ""},
		"suppressed":     {let("a"), ""},
		"another's":      {let("p"), check.Warning},
		"relaxed":        {flow.Checks{Preset: flow.Relaxed}, check.Warning},
		"errors are not": {flow.Checks{Severities: map[string]string{"unwired_port": "off"}}, check.Warning},
	} {
		if got := severity(checked(t, c.settings, oracle), "tells_who_exists"); got != c.want {
			t.Errorf("%s: %q", name, got)
		}
	}
	if ps := checked(t, let("p"), oracle); severity(ps, "suppression_unused") != check.Warning {
		t.Error("an idle suppression is not reported")
	}
	broken := strings.Replace(oracle, `,"failed":"no"`, "", 1)
	ps := checked(t, flow.Checks{Severities: map[string]string{"unwired_port": "off"}, Suppress: []flow.Suppression{{Code: "unwired_port", Reason: "never mind"}}}, broken)
	if severity(ps, "unwired_port") != check.Error || severity(ps, "suppression_of_error") != check.Warning {
		t.Errorf("an error was made good: %+v", ps)
	}
	for _, bad := range []string{`{"preset":"lax"}`, `{"severities":{"x":"fatal"}}`, `{"suppress":[{"code":"x"}]}`, `{"suppress":[{"reason":"x"}]}`} {
		if _, err := flow.DecodeSettings(flow.SettingsFile, []byte(`{"format":1,"name":"x","version":"1","checks":`+bad+`}`)); err == nil {
			t.Errorf("%s was taken", bad)
		}
	}
}
