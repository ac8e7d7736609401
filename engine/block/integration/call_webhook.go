package integration

import (
	"mime"
	"net/http"
	"slices"
	"strings"
	"time"

	"github.com/go-json-experiment/json"

	"github.com/authflow-studio/authflow/engine/block"
	"github.com/authflow-studio/authflow/engine/world"
)

// CallWebhook makes an https call and reads the answer.
type CallWebhook struct{}

// retryPause is how long it waits before the second try; each further pause is
// twice as long.
const retryPause = 100 * time.Millisecond

// Describe answers the descriptor.
func (CallWebhook) Describe() block.Descriptor {
	zero, three := 0.0, 3.0
	var methods []block.Option
	for _, m := range []string{http.MethodPost, http.MethodGet, http.MethodPut, http.MethodPatch, http.MethodDelete} {
		methods = append(methods, block.Option{Value: m, Title: m})
	}
	return block.Descriptor{
		ID: "call_webhook", Family: "integration", Title: "Call webhook", Icon: "webhook",
		Summary:  "An https call with templates in address, headers and body",
		Help:     "Asks another service and waits for its answer. The host must stand in egress_hosts of authflow.json; private addresses are refused. Write [secret NAME] where a secret belongs: its value is in no journal. An answer other than 2xx, none in time, or one that is not the JSON it claims to be leads to failed. To tell others what happened without waiting, emit an event.",
		Synonyms: []string{"http", "https", "rest", "api", "fetch", "request", "webhook", "partner", "post", "get"},
		Fields: []block.Field{
			{Name: "method", Title: "Method", Kind: block.Choice, Default: http.MethodPost, Options: methods},
			{Name: "url", Title: "Address", Kind: block.Template, Required: true, Placeholder: "https://partner.example/score"},
			{Name: "headers", Title: "Headers", Kind: block.Map, Help: "Names and values, such as Authorization and Bearer [secret PARTNER_KEY]."},
			{Name: "body", Title: "Body", Kind: block.Map, Help: "Names and values, sent as a JSON object; values may hold {{ … }}."},
			{Name: "text", Title: "Body as text", Kind: block.Template, Help: "In place of the body, for what is no JSON object; give its Content-Type in a header."},
			{Name: "timeout", Title: "Waits at most", Kind: block.Length, Help: "For one try; at most the project's budget of one call (2s), which is the default."},
			{Name: "retry", Title: "Further tries", Kind: block.Number, Default: 0.0, Min: &zero, Max: &three, Help: "After 5xx, 429 or no answer, within the time that the run has left."},
			{Name: "sign_with", Title: "Signed with", Kind: block.Text, Placeholder: "PARTNER_SIGNING_KEY", Help: "Name of a secret that signs the body, after the Standard Webhooks specification."},
		},
		Outputs: []block.Output{
			{Name: "status", Type: "integer", Help: "HTTP status; 0 when there was no answer"},
			{Name: "body", Type: "any", Help: "The answer: a value when it is JSON, else text"},
			{Name: "ms", Type: "integer", Help: "How long the last try took, in milliseconds"},
			{Name: "problem", Type: "string", Help: "Why it failed: status, timeout, unreachable or garbage; empty when it did not"},
		},
		Ports:   []block.Port{{ID: "ok", Title: "ok", Tone: "good"}, {ID: "failed", Title: "failed", Tone: "bad"}},
		Effects: []string{block.CallsHost},
	}
}

// Run makes the call.
func (w CallWebhook) Run(c *block.Call) (block.Result, error) {
	o, err := w.outcall(c)
	if err != nil {
		return block.Result{}, err
	}
	var got block.Answered
	for try := 0; ; try++ {
		if got, err = c.Call(c.Ctx, o); err != nil {
			return block.Result{}, err
		}
		again := got.Problem != "" || got.Status >= 500 || got.Status == http.StatusTooManyRequests
		if !again || try >= c.Int("retry") || !pause(c, retryPause<<try) {
			break
		}
	}
	return answered(got), nil
}

// pause waits, unless the run's time is over before.
func pause(c *block.Call, d time.Duration) bool {
	t := time.NewTimer(d)
	defer t.Stop()
	select {
	case <-c.Ctx.Done():
		return false
	case <-t.C:
		return true
	}
}

func answered(got block.Answered) block.Result {
	out := map[string]any{"status": got.Status, "body": nil, "ms": got.MS, "problem": got.Problem}
	if got.Problem != "" {
		return block.Go("failed", out)
	}
	body, ok := decoded(got.Response)
	out["body"] = body
	switch {
	case got.Status < 200 || got.Status > 299:
		out["problem"] = "status"
	case !ok:
		out["problem"] = "garbage"
	default:
		return block.Go("ok", out)
	}
	return block.Go("failed", out)
}

// decoded answers a body as a value when it says that it is JSON; false when it
// says so and is not.
func decoded(res world.Response) (any, bool) {
	kind, _, _ := mime.ParseMediaType(res.Header["content-type"])
	if kind != "application/json" && !strings.HasSuffix(kind, "+json") {
		return res.Body, true
	}
	if res.Body == "" {
		return nil, res.Status == http.StatusNoContent
	}
	var v any
	if err := json.Unmarshal([]byte(res.Body), &v); err != nil {
		return nil, false
	}
	return v, true
}

// outcall fills the config in.
func (CallWebhook) outcall(c *block.Call) (o block.Outcall, err error) {
	o.Request.Method, _ = c.Text("method")
	if o.SignWith, err = c.Text("sign_with"); err != nil {
		return o, err
	}
	text := func(field, template string) (string, error) {
		v, names, err := c.FillWithSecrets(field, template)
		o.Secrets = append(o.Secrets, names...)
		s, ok := v.(string)
		if err == nil && !ok && v != nil {
			err = block.Fail("config", "what is written here must give a text").In(field)
		}
		return s, err
	}
	if o.Request.URL, err = text("url", configText(c, "url")); err != nil {
		return o, err
	}
	o.Request.Header = map[string]string{}
	for _, name := range sortedNames(c.Object("headers")) {
		template, _ := c.Object("headers")[name].(string)
		if o.Request.Header[name], err = text("headers."+name, template); err != nil {
			return o, err
		}
	}
	if o.Request.Body, err = webhookBody(c, &o, text); err != nil {
		return o, err
	}
	if o.Request.Timeout, err = c.Duration("timeout"); err != nil {
		return o, err
	}
	if budget := time.Duration(c.CallBudget()); o.Request.Timeout <= 0 || o.Request.Timeout > budget {
		o.Request.Timeout = budget
	}
	o.ID, err = c.RandomID("msg_")
	o.Request.Header[world.SignatureID] = o.ID
	return o, err
}

func webhookBody(c *block.Call, o *block.Outcall, text func(field, template string) (string, error)) (string, error) {
	if raw := configText(c, "text"); raw != "" {
		return text("text", raw)
	}
	fields := c.Object("body")
	if len(fields) == 0 {
		return "", nil
	}
	values := map[string]any{}
	for _, name := range sortedNames(fields) {
		template, ok := fields[name].(string)
		if !ok {
			values[name] = fields[name]
			continue
		}
		v, names, err := c.FillWithSecrets("body."+name, template)
		if err != nil {
			return "", err
		}
		o.Secrets = append(o.Secrets, names...)
		values[name] = v
	}
	body, err := json.Marshal(values, json.Deterministic(true))
	if err != nil {
		return "", block.Fail("config", "the body cannot be written as JSON: %w", err).In("body")
	}
	if !hasHeader(o.Request.Header, "Content-Type") {
		o.Request.Header["Content-Type"] = "application/json"
	}
	return string(body), nil
}

func hasHeader(h map[string]string, name string) bool {
	for n := range h {
		if strings.EqualFold(n, name) {
			return true
		}
	}
	return false
}

func configText(c *block.Call, name string) string {
	s, _ := c.Block.Config[name].(string)
	return s
}

func sortedNames(m map[string]any) []string {
	names := make([]string, 0, len(m))
	for n := range m {
		names = append(names, n)
	}
	slices.Sort(names)
	return names
}
