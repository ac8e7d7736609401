package web

import (
	"mime"
	"net/http"
	"strings"

	"github.com/go-json-experiment/json"

	"github.com/authflow-studio/authflow/engine/block"
	"github.com/authflow-studio/authflow/engine/run"
)

// This file is the JSON form of a run, for native clients (rule N11): the same
// runs, tickets and rules, with the page as data.

// nativeAnswer is what a native client gets. docs/native-clients.md is its
// reference.
type nativeAnswer struct {
	Status  string         `json:"status"` // waiting, away, ended, error
	Page    string         `json:"page,omitempty"`
	URL     string         `json:"url,omitempty"` // where to submit, or where to go
	Ticket  string         `json:"ticket,omitempty"`
	Title   string         `json:"title,omitempty"`
	Intro   string         `json:"intro,omitempty"`
	Problem string         `json:"problem,omitempty"`
	Fields  []nativeField  `json:"fields,omitempty"`
	Buttons []nativeButton `json:"buttons,omitempty"`
	Submit  string         `json:"submit,omitempty"`
	Model   map[string]any `json:"model,omitempty"`
	Success *bool          `json:"success,omitempty"`
	Message string         `json:"message,omitempty"`
	// Redirect leads back to the client, with its code or error.
	Redirect string `json:"redirect,omitempty"`
	Error    string `json:"error,omitempty"` // gone, mismatch, expired, …
}

type nativeField struct {
	Name     string `json:"name"`
	Type     string `json:"type"`
	Label    string `json:"label"`
	Required bool   `json:"required"`
	Pattern  string `json:"pattern,omitempty"`
	Value    string `json:"value,omitempty"`
	Problem  string `json:"problem,omitempty"`
}

type nativeButton struct {
	Name  string `json:"name"`
	Label string `json:"label"`
}

// wantsJSON reports whether the client asked for JSON and not for a page.
func wantsJSON(r *http.Request) bool {
	for part := range strings.SplitSeq(r.Header.Get("Accept"), ",") {
		kind, _, _ := mime.ParseMediaType(part)
		switch kind {
		case "application/json":
			return true
		case "text/html", "application/xhtml+xml":
			return false
		}
	}
	return false
}

func writeJSON(w http.ResponseWriter, status int, v any) {
	text, err := json.Marshal(v, json.Deterministic(true))
	if err != nil {
		status, text = http.StatusInternalServerError, []byte(`{"status":"error","error":"error"}`)
	}
	w.Header().Set("Content-Type", "application/json")
	w.WriteHeader(status)
	_, _ = w.Write(text)
}

// nativePage is a waiting run's page as data.
func nativePage(s *run.State, d pageData) nativeAnswer {
	a := nativeAnswer{Status: "waiting", Page: run.PagePath(s.Page.Template), URL: d.Action, Ticket: d.Ticket, Title: d.Title, Intro: d.Intro, Problem: d.Error, Submit: d.Submit, Model: map[string]any{}}
	for name, v := range d.Model {
		switch name {
		case "title", "intro", "submit", "button_labels": // texts that stand in the answer already
		default:
			a.Model[name] = v
		}
	}
	for _, f := range d.Fields {
		a.Fields = append(a.Fields, nativeField{Name: f.Name, Type: f.Type, Label: f.Label, Required: f.Required, Pattern: f.Pattern, Value: f.Value, Problem: f.Error})
	}
	for _, b := range d.Buttons {
		a.Buttons = append(a.Buttons, nativeButton(b))
	}
	return a
}

// answerJSON answers where a run stands after a stop.
func (h *Handler) answerJSON(w http.ResponseWriter, r *http.Request, stop *run.Stop, key string) {
	s := stop.State
	switch {
	case s.Status == run.Waiting && s.Away != "":
		writeJSON(w, http.StatusOK, nativeAnswer{Status: "away", URL: h.awayURL(s, key)})
	case s.Status == run.Waiting:
		h.render(w, r, http.StatusOK, s, h.Engine.Ticket(s, key))
	default:
		h.Cookies.clearRun(w)
		a := nativeAnswer{Status: "ended", Success: &s.End.Success, Message: s.End.Message, Redirect: stop.Redirect}
		if a.Redirect == "" {
			a.Redirect = s.Return
		}
		writeJSON(w, http.StatusOK, a)
	}
}

// nativeSubmit is what a native client sends.
type nativeSubmit struct {
	Ticket string         `json:"ticket"`
	Button string         `json:"button"`
	Abort  bool           `json:"abort"`
	Fields map[string]any `json:"fields"`
}

// decodeJSON reads a JSON submit: values are the block's output as they are
// (rule N5), secrets go into the vault as in a form.
func decodeJSON(body []byte, page *block.PageRequest) (form, error) {
	var in nativeSubmit
	if err := json.Unmarshal(body, &in, json.RejectUnknownMembers(true)); err != nil {
		return form{}, errNotForm
	}
	if len(in.Fields) > maxFields {
		return form{}, errTooLarge
	}
	f := form{ticket: in.Ticket, input: run.Input{Fields: map[string]any{}, Button: in.Button, Abort: in.Abort, Vault: map[string]string{}}}
	for name, v := range in.Fields {
		text, _ := v.(string)
		switch {
		case len(name) > maxValue || len(text) > maxValue:
			return form{}, errTooLarge
		case strings.HasPrefix(name, "_"):
		case secretField(page, name):
			secret, ok := secretText(page, name, v)
			if !ok {
				return form{}, errNotForm
			}
			f.input.Vault[name] = secret
		default:
			f.input.Fields[name] = v
		}
	}
	return f, nil
}

// secretText answers a secret as text. A passkey's answer is an object, sent as
// one or as the text of one.
func secretText(page *block.PageRequest, name string, v any) (string, bool) {
	if text, ok := v.(string); ok {
		return text, true
	}
	for _, f := range page.Fields {
		if f.Name == name && f.Type == credentialType {
			text, err := json.Marshal(v, json.Deterministic(true))
			return string(text), err == nil && len(text) <= maxValue
		}
	}
	return "", false
}
