package block

import (
	"context"
	"encoding/json"
	"fmt"
	"sort"
	"strings"
	"time"

	"github.com/go-json-experiment/json/jsontext"

	"github.com/authflow-studio/authflow/engine/script"
	"github.com/authflow-studio/authflow/engine/world"
)

// Fetch makes an outgoing call through the world. What is recorded of it holds
// none of the secrets that this block has read.
func (c *Call) Fetch(ctx context.Context, r world.Request) (world.Response, error) {
	shown := shownRequest{Method: r.Method, URL: c.redact(r.URL), Body: c.redact(r.Body), Header: map[string]string{}}
	for name, v := range r.Header {
		if world.SensitiveHeader(name) {
			v = "[redacted]"
		}
		shown.Header[name] = c.redact(v)
	}
	return Effect(c, "http", shown, func(env *Env) (world.Response, error) {
		res, err := env.World.HTTP.Do(ctx, r)
		if err != nil {
			// Its words may hold the address as it was, with a secret in it.
			return res, Fail("call_failed", "%s %s: %s", r.Method, shown.URL, c.redact(err.Error()))
		}
		return readable(res), nil
	})
}

// readable is an answer as text: what is no UTF-8 in it is replaced, for no
// journal and no Action can hold it.
func readable(res world.Response) world.Response {
	res.Body = strings.ToValidUTF8(res.Body, "\uFFFD")
	for name, v := range res.Header {
		res.Header[name] = strings.ToValidUTF8(v, "\uFFFD")
	}
	return res
}

// shownRequest is an outgoing call as the journal holds it.
type shownRequest struct {
	Method string            `json:"method"`
	URL    string            `json:"url"`
	Header map[string]string `json:"header,omitempty"`
	Body   string            `json:"body,omitempty"`
}

// SecretValue answers a secret of the project by name. Its value never reaches
// the journal (rule T3).
func (c *Call) SecretValue(ctx context.Context, name string) (string, error) {
	// A replay has no secrets: the calls that it compares show the name.
	value := shownSecret(name)
	_, err := Effect(c, "secret", map[string]any{"name": name}, func(env *Env) (Void, error) {
		if env.Secrets == nil {
			return Void{}, Fail("no_secret", "there is no secret %q", name).Hinted("name it in authflow.json and give its value to the server")
		}
		v, err := env.Secrets(ctx, name)
		value = v
		return Void{}, err
	})
	if err == nil && value != "" {
		c.used = append(c.used, usedSecret{name, value})
		sort.Slice(c.used, func(i, j int) bool { return len(c.used[i].value) > len(c.used[j].value) })
	}
	return value, err
}

type usedSecret struct{ name, value string }

// shownSecret stands for a secret wherever one must not be shown.
func shownSecret(name string) string { return "[secret " + name + "]" }

func (c *Call) redact(text string) string {
	for _, s := range c.used {
		text = strings.ReplaceAll(text, s.value, shownSecret(s.name))
	}
	return text
}

// RunScript runs an Action. It is no effect itself: given the same event and
// the same answers of its host it gives the same result, so a replay runs it
// again. Only one whose variables a person changed in the debugger is an effect.
func (c *Call) RunScript(call script.Call) (script.Result, error) {
	if r, ok := c.recorder.(interface{ Skip(effect string) bool }); ok && r.Skip(EffectEdited) {
		return c.edited(call.Action, script.Result{})
	}
	call.Host = scriptHost{c}
	res, err := c.env.Scripts.Run(c.Ctx, call)
	if err != nil || !res.Edited {
		return res, err
	}
	return c.edited(call.Action, res)
}

func (c *Call) edited(action string, res script.Result) (out script.Result, err error) {
	text, err := Effect(c, EffectEdited, map[string]any{"action": action}, func(*Env) (jsontext.Value, error) {
		text, err := json.Marshal(res)
		return jsontext.Value(text), err
	})
	if err == nil {
		err = json.Unmarshal(text, &out)
	}
	return out, err
}

// EffectEdited is what came of an Action whose variables a person has changed.
const EffectEdited = "script.edited"

// scriptHost gives an Action time, randomness, calls and secrets, each through
// an effect (rule X4).
type scriptHost struct{ c *Call }

// DivergedCode is the code of an effect that a replay was asked for and has not
// recorded.
const DivergedCode = "diverged"

// forScript makes an error that an Action may see and catch; a replay that has
// lost its way ends the Action instead.
func forScript(err error) error {
	if err == nil {
		return nil
	}
	e := AsError(err)
	if e.Code == DivergedCode {
		return fmt.Errorf("%w: %w", script.ErrStop, e)
	}
	return &script.HostError{Code: e.Code, Message: e.Message}
}

func (h scriptHost) Now(context.Context) (time.Time, error) {
	t, err := h.c.Now()
	return t, forScript(err)
}

func (h scriptHost) Random(_ context.Context, n int) ([]byte, error) {
	p, err := Effect(h.c, "random", map[string]any{"bytes": n}, func(env *Env) ([]byte, error) {
		p := make([]byte, n)
		env.World.Random.Read(p)
		return p, nil
	})
	return p, forScript(err)
}

func (h scriptHost) Fetch(ctx context.Context, r world.Request) (world.Response, error) {
	res, err := h.c.Fetch(ctx, r)
	return res, forScript(err)
}

func (h scriptHost) Secret(ctx context.Context, name string) (string, error) {
	v, err := h.c.SecretValue(ctx, name)
	return v, forScript(err)
}
