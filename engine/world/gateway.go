package world

import (
	"context"
	"encoding/json"
	"errors"
	"fmt"
	"net/http"
	"net/url"
	"strings"
)

// This file hands text messages to an SMS gateway: one https call that the
// project describes.

// Gateway is that call. {{to}}, {{text}}, {{id}} and [secret NAME] stand in URL,
// headers and body; what is put in is escaped for the place it stands in.
type Gateway struct {
	URL    string
	Method string
	Header map[string]string
	Body   string
	// Secret answers a secret by its name.
	Secret func(ctx context.Context, name string) (string, error)
	HTTP   HTTP
}

// Send hands a message over. An answer of 4xx other than 408 and 429 is a
// PermanentError.
func (g Gateway) Send(ctx context.Context, id string, m Message) error {
	values := map[string]string{"to": m.To, "text": m.Text, "id": id}
	r := Request{Method: g.Method, Header: map[string]string{}}
	if r.Method == "" {
		r.Method = http.MethodPost
	}
	var err error
	if r.URL, err = g.fill(ctx, g.URL, values, url.QueryEscape); err != nil {
		return err
	}
	kind := ""
	for name, v := range g.Header {
		if r.Header[name], err = g.fill(ctx, v, values, oneLine); err != nil {
			return err
		}
		if strings.EqualFold(name, "Content-Type") {
			kind = strings.ToLower(v)
		}
	}
	if r.Body, err = g.fill(ctx, g.Body, values, escaper(kind)); err != nil {
		return err
	}
	res, err := g.HTTP.Do(ctx, r)
	refused := (*EgressError)(nil)
	switch {
	case errors.As(err, &refused):
		// Its address holds what the message says.
		return fmt.Errorf("sms gateway: the call was refused: %s", refused.Why)
	case err != nil:
		return fmt.Errorf("sms gateway: %w", err)
	case res.Status >= 200 && res.Status < 300:
		return nil
	}
	failure := fmt.Errorf("sms gateway: it answered %d", res.Status)
	if res.Status >= 400 && res.Status < 500 && res.Status != http.StatusRequestTimeout && res.Status != http.StatusTooManyRequests {
		return &PermanentError{failure}
	}
	return failure
}

// escaper answers how a value is written in a body of that type.
func escaper(contentType string) func(string) string {
	switch {
	case strings.Contains(contentType, "json"):
		return jsonText
	case strings.Contains(contentType, "x-www-form-urlencoded"):
		return url.QueryEscape
	}
	return func(s string) string { return s }
}

// jsonText answers a text as it stands between the quotes of a JSON string.
func jsonText(s string) string {
	raw, err := json.Marshal(s)
	if err != nil {
		return ""
	}
	return string(raw[1 : len(raw)-1])
}

// fill puts values and secrets in, in one pass: what was put in is not looked
// at again, so a text that reads like a placeholder stays a text.
func (g Gateway) fill(ctx context.Context, template string, values map[string]string, escape func(string) string) (string, error) {
	var out strings.Builder
	for template != "" {
		at := strings.IndexAny(template, "{[")
		if at < 0 {
			break
		}
		out.WriteString(template[:at])
		template = template[at:]
		name, rest, isValue := cut(template, "{{", "}}")
		secret, after, isSecret := cut(template, "[secret ", "]")
		switch {
		case isValue && known(values, name):
			out.WriteString(escape(values[name]))
			template = rest
		case isSecret:
			v, err := g.Secret(ctx, secret)
			if err != nil {
				return "", fmt.Errorf("sms gateway: %w", err)
			}
			out.WriteString(escape(v))
			template = after
		default:
			out.WriteByte(template[0])
			template = template[1:]
		}
	}
	out.WriteString(template)
	return out.String(), nil
}

func known(values map[string]string, name string) bool {
	_, ok := values[name]
	return ok
}

func cut(text, open, end string) (inner, rest string, ok bool) {
	text, ok = strings.CutPrefix(text, open)
	if !ok {
		return "", "", false
	}
	inner, rest, ok = strings.Cut(text, end)
	return strings.TrimSpace(inner), rest, ok
}
