package server_test

import (
	"net/url"
	"strings"
	"testing"
	"testing/fstest"
)

func actionProbe(source string, config map[string]any, next map[string]any, report map[string]any) func(fstest.MapFS) {
	next["next"] = "report"
	return both(file("actions/it.ts", source),
		probe("act", map[string]any{"act": to("run_custom_action", map[string]any{"action": "it.ts", "config": config}, next),
			"blocked": map[string]any{"type": "set_value", "config": map[string]any{"values": map[string]any{"way": "blocked"}}, "next": map[string]any{"next": "report"}}}, report))
}

// An Action in TypeScript with a module, settings and a port of its own.
func TestA1_AnActionWithSettingsAndPorts(t *testing.T) {
	source := `/**
 * @config {list} networks
 * @config {number} [most=2]
 * @port blocked - too many
 * @output {number} limit
 */
import { listed } from './lib/networks'
export default async (event: Event, step: unknown, api: any) => {
  api.state.set('limit', api.config.most * 2)
  if (listed(api.config.networks as string[], event.request.network)) api.leave('blocked')
}
interface Event { request: { network: string } }
`
	r := newRig(t, nil, both(file("actions/lib/networks.ts", "export const listed = (all: string[], one: string): boolean => all.includes(one)"),
		actionProbe(source, map[string]any{"networks": []any{"tor", "vpn"}, "most": "{{ 3 + 4 }}"}, map[string]any{"blocked": "blocked"},
			map[string]any{"limit": "{{ step.act.limit }}", "way": "{{ has(step.blocked.way) ? step.blocked.way : 'next' }}"})))
	r.from("192.0.2.9")
	holds(t, r.report(), map[string]any{"limit": 14, "way": "next"})
	r.from("198.51.100.1")
	holds(t, r.report(), map[string]any{"limit": 14, "way": "blocked"})
}

// A port that the header does not name, and a setting that is missing, fail
// closed.
func TestX5_ActionsThatDoNotFitFailClosed(t *testing.T) {
	for name, change := range map[string]func(fstest.MapFS){
		"unknown port":    actionProbe("export default (e: any, s: any, api: any) => { api.leave('elsewhere') }", nil, map[string]any{}, map[string]any{}),
		"missing setting": actionProbe("/** @config {text} needed */\nexport default () => {}", nil, map[string]any{}, map[string]any{}),
		"a module":        both(file("actions/lib/it.ts", "export const x = 1"), probe("act", map[string]any{"act": to("run_custom_action", map[string]any{"action": "lib/it.ts"}, map[string]any{"next": "report"})}, map[string]any{})),
	} {
		r := newRig(t, nil, change)
		r.open(issuer + "/flows/probe")
		if len(r.reports()) != 0 {
			t.Errorf("%s: the run went on", name)
		}
	}
}

// api.redirect.to sends the person away; they come back to the callback with a
// state that must be this run's (rule N6).
func TestN6_AnActionSendsThePersonAway(t *testing.T) {
	source := `export default (event: any, step: any, api: any) => {
  api.state.set('asked', true)
  api.redirect.to('https://idv.example.com/start?level=2')
}`
	r := newRig(t, nil, actionProbe(source, nil, map[string]any{}, map[string]any{"asked": "{{ step.act.asked }}", "score": "{{ step.act.params.score }}"}))
	r.open(issuer + "/flows/probe")
	if !r.page.External || !strings.HasPrefix(r.page.URL, "https://idv.example.com/start?") {
		t.Fatalf("at %s", r.page.URL)
	}
	away, err := url.Parse(r.page.URL)
	if err != nil {
		t.Fatal(err)
	}
	r.open(issuer + "/fl/callback?score=9&state=forged")
	if len(r.reports()) != 0 {
		t.Fatal("a foreign state went on")
	}
	r.open(issuer + "/fl/callback?score=9&state=" + url.QueryEscape(away.Query().Get("state")))
	holds(t, r.reported(0), map[string]any{"asked": true, "score": "9"})
}

// Secrets of an Action are in no journal, also when its call is refused, and a
// replay without them gives the same run (rules T3, X4).
func TestX4_AnActionWithSecretsReplays(t *testing.T) {
	const key = "planted-key-77ab"
	var source = `export default async (event: any, step: any, api: any) => {
  const key = api.secrets.get('KEY')
  try { await api.fetch('https://partner.example/x?key=' + key, { method: 'POST', body: JSON.stringify({ key }) }) } catch (e: any) { api.state.set('failed', e.code) }
}`
	r := newRig(t, nil, both(actionProbe(source, nil, map[string]any{}, map[string]any{"failed": "{{ step.act.failed }}"}), func(files fstest.MapFS) {
		files["world.yaml"].Data = append([]byte("secrets: {KEY: "+key+"}\n"), files["world.yaml"].Data...)
		files["authflow.json"].Data = []byte(strings.Replace(string(files["authflow.json"].Data), `"default_locale"`, `"secrets": [{"name": "KEY"}], "default_locale"`, 1))
	}))
	holds(t, r.report(), map[string]any{"failed": "call_failed"})
	if strings.Contains(r.stored(), key) {
		t.Error("the key is in the store")
	}
	r.replays()
}
