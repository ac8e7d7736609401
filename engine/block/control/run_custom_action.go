package control

import (
	"errors"
	"maps"
	"slices"
	"time"

	"github.com/authflow-studio/authflow/engine/block"
	"github.com/authflow-studio/authflow/engine/script"
)

// RunCustomAction runs an Action of the project.
type RunCustomAction struct{}

// Describe answers the descriptor.
func (RunCustomAction) Describe() block.Descriptor {
	return block.Descriptor{
		ID: "run_custom_action", Family: "control", Title: "Run custom Action", Icon: "square-function",
		Summary:     "Runs JavaScript of the project",
		Help:        "Runs a file below actions/ with event, step and api. It runs in a process of its own with limits; a throw, a time-out or too much memory is a denial. It can never see a password or a key.",
		Synonyms:    []string{"javascript", "script", "code", "function", "custom", "hook"},
		OpenOutputs: true,
		Fields: []block.Field{
			{Name: "action", Title: "Action", Kind: block.Action, Required: true, Placeholder: "tag_account.js"},
			{Name: "config", Title: "Config", Kind: block.Map, Help: "What the Action sees as api.config; values may hold {{ … }}."},
		},
		Outputs: []block.Output{
			{Name: "denied", Type: "boolean", Help: "Whether the Action called api.deny"},
			{Name: "params", Type: "object", Help: "What came back from where api.redirect.to sent the person, by name, as texts"},
			{Name: "mfa_required", Type: "boolean", Help: "Whether the Action called api.requireMfa: lead to a second factor then"},
		},
		Ports:   []block.Port{{ID: "next", Title: "next", Tone: "neutral"}},
		Effects: []string{block.CallsHost, block.WritesUser, block.SetsClaim}, Changes: []string{"user.app_metadata", "user.user_metadata"},
	}
}

// Run runs the Action and takes over what it asked for.
func (a RunCustomAction) Run(c *block.Call) (block.Result, error) {
	if c.Resumed() {
		return returned(c)
	}
	name, err := c.Text("action")
	if err != nil {
		return block.Result{}, err
	}
	unit, err := c.ActionOf(name)
	if err != nil {
		return block.Result{}, err
	}
	config, err := configured(c, unit)
	if err != nil {
		return block.Result{}, err
	}
	res, err := c.RunScript(script.Call{Action: name, Source: unit.Source, Modules: unit.Modules, Event: c.View.Event, Step: c.View.Step, Input: c.View.Input, Config: config, Budget: c.ActionBudget()})
	if err := note(c, name, res, err); err != nil {
		return block.Result{}, err
	}
	if err != nil {
		return block.Result{}, actionError(name, err)
	}
	if res.Denied != nil {
		return block.Finish(block.End{Success: false, Reason: res.Denied.Reason, Message: res.Denied.UserMessage}), nil
	}
	return leave(c, name, res)
}

func configured(c *block.Call, u script.Unit) (map[string]any, error) {
	given, err := c.FilledMap("config")
	if err != nil {
		return nil, err
	}
	h, _ := script.ReadHeader(u.Source)
	config, err := h.Configured(given)
	if err != nil {
		return nil, block.Fail("config", "%s: %w", u.Name, err).In("config")
	}
	return config, nil
}

// leave applies what the Action asked for and goes on by the port it chose.
func leave(c *block.Call, name string, res script.Result) (block.Result, error) {
	port := "next"
	if res.Port != "" {
		port = res.Port
	}
	if !slices.ContainsFunc(c.Desc.Ports, func(p block.Port) bool { return p.ID == port }) {
		return block.Result{}, block.Fail("unknown_port", "%s left by %q, which its header does not name", name, port).In("action").Hinted("write @port " + port + " into the comment that begins the file")
	}
	if err := takeOver(c, res); err != nil {
		return block.Result{}, err
	}
	out := map[string]any{"denied": false, "mfa_required": res.RequireMFA != nil}
	for k, v := range res.Outputs {
		out[k] = v
	}
	if res.Redirect == "" {
		return block.Go(port, out), nil
	}
	c.Remember("port", port)
	c.Remember("outputs", out)
	return block.SendAway(res.Redirect), nil
}

// returned goes on when the person is back from where the Action sent them.
func returned(c *block.Call) (block.Result, error) {
	out, _ := c.Recall("outputs").(map[string]any)
	out = maps.Clone(out)
	params := map[string]any{}
	maps.Copy(params, c.Submit)
	out["params"] = params
	return block.Go(c.RecallText("port"), out), nil
}

// note records what the Action said and did (rule A9).
func note(c *block.Call, name string, res script.Result, failed error) error {
	logs := make([]any, 0, len(res.Logs))
	for _, l := range res.Logs {
		logs = append(logs, map[string]any{"level": l.Level, "message": l.Message, "fields": l.Fields})
	}
	summary := map[string]any{"logs": logs, "ms": float64(res.Duration) / float64(time.Millisecond), "denied": res.Denied != nil, "failed": failed != nil}
	_, err := block.Effect(c, "action", map[string]any{"action": name}, func(*block.Env) (map[string]any, error) { return summary, nil })
	return err
}

func actionError(name string, err error) error {
	var se *script.Error
	if !errors.As(err, &se) {
		return block.Fail("action_failed", "%s: %w", name, err)
	}
	e := block.Fail("action_"+string(se.Code), "%s: %s", name, se.Message)
	e.Line, e.Column = se.Line, se.Column
	if se.File != "" {
		e.Message = se.File + ", imported by " + e.Message
	}
	return e
}

// takeOver applies claims and metadata. What an Action cannot do is not there
// to be taken over: it verifies no factor and issues no session.
func takeOver(c *block.Call, res script.Result) error {
	for target, claims := range map[string]map[string]any{"access_token": res.Claims.AccessToken, "id_token": res.Claims.IDToken, "session": res.Claims.Session} {
		for name, v := range claims {
			c.SetClaim(target, name, v)
		}
	}
	if len(res.AppMetadata) == 0 && len(res.UserMetadata) == 0 {
		return nil
	}
	user, err := block.SetMetadata(c, c.EventText("user.id"), res.AppMetadata, res.UserMetadata)
	if err != nil {
		return err
	}
	// What else has changed meanwhile is none of the Action's doing.
	event := block.CloneGroup(c.View.Event, "user")
	event["app_metadata"], event["user_metadata"] = user["app_metadata"], user["user_metadata"]
	c.SetEvent("user", event)
	return nil
}
