package scenario

import (
	"fmt"
	"path"
	"strings"
	"time"

	"github.com/go-json-experiment/json"
	"github.com/goccy/go-yaml"

	"github.com/authflow-studio/authflow/engine/run"
)

// This file makes a scenario of runs that were recorded: what was typed, with
// secrets by name and codes by where they come from.

// Record answers a scenario that does what the runs did, in their order.
func Record(name string, journals ...[]run.Entry) (Scenario, error) {
	s := Scenario{Name: name}
	w := &writer{s: &s}
	for _, j := range journals {
		if len(j) == 0 || j[0].Kind != run.KindStart {
			return s, fmt.Errorf("this is no journal of a run: it does not begin with its start")
		}
		lived, asLived := run.Effective(j)
		if !asLived {
			return s, fmt.Errorf("values were changed or ports forced in the debugger, which no scenario can do again; keep the run as a recording, or take it back to before that")
		}
		w.run(lived)
	}
	return s, s.invalid()
}

func (s *Scenario) invalid() error {
	if problem := s.problem(); problem != "" {
		return fmt.Errorf("the recorded scenario cannot be used: %s", problem)
	}
	return nil
}

// YAML writes a scenario file with one scenario.
func (s Scenario) YAML() ([]byte, error) { return File{Scenarios: []Scenario{s}}.YAML() }

// YAML writes a scenario file.
func (f File) YAML() ([]byte, error) {
	return yaml.MarshalWithOptions(f, yaml.Indent(2), yaml.IndentSequence(true), yaml.UseLiteralStyleIfMultiline(true))
}

type writer struct {
	s        *Scenario
	template string // of the page that waits
	channel  string // by which the last code went
	last     time.Time
	client   bool
}

func (w *writer) run(journal []run.Entry) {
	for _, e := range journal {
		at := time.UnixMilli(e.At)
		switch e.Kind {
		case run.KindStart:
			w.pause(at)
			w.start(e)
		case run.KindWait:
			template, _ := e.Data["template"].(string)
			w.template = strings.TrimSuffix(template, path.Ext(template))
		case run.KindEffect:
			w.effect(e)
		case run.KindSubmit:
			w.pause(at)
			w.submit(e)
		}
		w.last = at
	}
	w.expect(journal)
}

// longPause is one that a scenario keeps.
const longPause = 30 * time.Second

func (w *writer) pause(at time.Time) {
	if gap := at.Sub(w.last).Round(time.Second); !w.last.IsZero() && gap >= longPause {
		w.s.Steps = append(w.s.Steps, Step{Wait: gap.String()})
	}
}

// asked are the parameters of an authorization request that a run keeps.
var asked = []string{"prompt", "login_hint", "acr_values", "ui_locales"}

func (w *writer) start(e run.Entry) {
	var begun struct {
		Flow, Trigger string
		Event         struct {
			Client      struct{ ID string }
			Request     struct{ IP string }
			Transaction map[string]any
		}
	}
	if text, err := json.Marshal(e.Data); err == nil {
		_ = json.Unmarshal(text, &begun, json.MatchCaseInsensitiveNames(true)) // what is missing stays empty
	}
	if w.s.Given.From == nil && begun.Event.Request.IP != "" {
		w.s.Given.From = &From{IP: begun.Event.Request.IP}
	}
	w.client = begun.Event.Client.ID != ""
	if !w.client {
		w.s.Steps = append(w.s.Steps, Step{Start: &Start{Flow: begun.Flow}})
		return
	}
	start := &Start{Client: begun.Event.Client.ID}
	for _, name := range asked {
		if v, _ := begun.Event.Transaction[name].(string); v != "" {
			if start.Params == nil {
				start.Params = map[string]string{}
			}
			start.Params[name] = v
		}
	}
	w.s.Steps = append(w.s.Steps, Step{Start: start})
}

// effect notes by which channel a code went, and who the person is.
func (w *writer) effect(e run.Entry) {
	var request, result map[string]any
	_ = json.Unmarshal(e.Request, &request) // many have none
	_ = json.Unmarshal(e.Result, &result)
	if channel, ok := request["channel"].(string); ok {
		w.channel = channel
	}
	if email, _ := result["email"].(string); w.s.Given.Person == "" && email != "" && result["id"] != nil {
		w.s.Given.Person = email
	}
}

func (w *writer) submit(e run.Entry) {
	step := Step{Page: w.template, Fill: map[string]string{}}
	fields, _ := e.Data["fields"].(map[string]any)
	for name, v := range fields {
		step.Fill[name] = fmt.Sprint(v)
	}
	for _, name := range texts(e.Data["secrets"]) {
		step.Fill[name] = w.secret(name)
	}
	step.Press, _ = e.Data["button"].(string)
	if len(step.Fill) == 0 {
		step.Fill = nil
		step.Submit = step.Press == ""
	}
	if abort, _ := e.Data["abort"].(bool); abort {
		step = Step{Page: w.template, Cancel: step.Fill}
		if step.Cancel == nil {
			step.Cancel = map[string]string{}
		}
	}
	w.s.Steps = append(w.s.Steps, step)
}

// secret says in symbols what stood in a secret field.
func (w *writer) secret(name string) string {
	switch {
	case name == "password" && strings.Contains(w.template, "new_password"):
		return "a new pass phrase 42"
	case name == "password":
		return "{{ person.password }}"
	case strings.Contains(w.template, "totp"):
		return "{{ totp }}"
	case strings.Contains(w.template, "recovery"):
		return "{{ shown.1 }}"
	case w.channel == "sms":
		return "{{ sms.code }}"
	}
	return "{{ mail.code }}"
}

func texts(v any) []string {
	switch v := v.(type) {
	case []string:
		return v
	case []any:
		var out []string
		for _, e := range v {
			if s, ok := e.(string); ok {
				out = append(out, s)
			}
		}
		return out
	}
	return nil
}

// expect is what came of the last run.
func (w *writer) expect(journal []run.Entry) {
	e := Expect{Outcome: "waiting"}
	for _, entry := range journal {
		switch {
		case entry.Kind == run.KindLeave:
			e.Path = append(e.Path, entry.Flow+"."+entry.Block+":"+entry.Port)
		case entry.Kind == run.KindEffect && entry.Effect == "session.issue":
			var request map[string]any
			_ = json.Unmarshal(entry.Request, &request)
			if aal, ok := request["aal"]; ok {
				e.Session = map[string]any{"aal": aal}
			}
		case entry.Kind == run.KindEnd:
			e.Outcome = w.outcome(entry)
			if e.Outcome == "refused" || e.Outcome == "error" {
				e.Reason, _ = entry.Data["reason"].(string)
			}
		}
	}
	if last := journal[len(journal)-1]; last.Kind == run.KindWait && w.template != "" {
		e.Page = w.template
	}
	w.s.Expect = e
}

func (w *writer) outcome(end run.Entry) string {
	success, _ := end.Data["success"].(bool)
	switch {
	case success && w.client:
		return "signed_in"
	case success:
		return "finished"
	case end.Error != nil:
		return "error"
	}
	return "refused"
}
