package world_test

import (
	"context"
	"crypto/hmac"
	"crypto/sha256"
	"encoding/base64"
	"encoding/json"
	"errors"
	"io"
	"net/http"
	"net/http/httptest"
	"net/url"
	"strings"
	"testing"
	"time"

	"github.com/authflow-studio/authflow/engine/world"
)

func TestSMSGatewayIsCalledAsDescribed(t *testing.T) {
	const text = `Code: 123456 "{{to}}" [secret KEY] & more` + "\n"
	var body, key, query string
	status := 202
	server := httptest.NewServer(http.HandlerFunc(func(w http.ResponseWriter, r *http.Request) {
		raw, _ := io.ReadAll(r.Body)
		body, key, query = string(raw), r.Header.Get("Authorization"), r.URL.Query().Get("account")
		w.WriteHeader(status)
	}))
	defer server.Close()
	host := strings.TrimPrefix(server.URL, "http://")
	g := world.Gateway{URL: server.URL + "/send?account=[secret KEY]", Header: map[string]string{"Authorization": "Bearer [secret KEY]", "Content-Type": "application/json"},
		Body: `{"to": "{{to}}", "text": "{{ text }}", "ref": "{{id}}", "other": {"a": {"b": 1}}}`,
		HTTP: world.NewEgress(func() []string { return nil }, func() []string { return []string{host} }),
		Secret: func(_ context.Context, name string) (string, error) {
			if name != "KEY" {
				return "", errors.New("no such secret")
			}
			return "k e/y", nil
		}}
	m := world.Message{Channel: "sms", To: "+491701234567", Text: text}
	if err := g.Send(context.Background(), "msg-1", m); err != nil {
		t.Fatal(err)
	}
	var got map[string]any
	if err := json.Unmarshal([]byte(body), &got); err != nil || got["to"] != m.To || got["text"] != text || got["ref"] != "msg-1" {
		t.Errorf("body %s, %v", body, err)
	}
	if key != "Bearer k e/y" || query != "k e/y" {
		t.Errorf("key %q, query %q", key, query)
	}
	g.Header["Content-Type"], g.Body = "application/x-www-form-urlencoded", "to={{to}}&text={{text}}"
	if err := g.Send(context.Background(), "msg-2", m); err != nil {
		t.Fatal(err)
	}
	if form, err := url.ParseQuery(body); err != nil || form.Get("to") != m.To || form.Get("text") != text {
		t.Errorf("form %s, %v", body, err)
	}
	for status = range map[int]bool{400: true, 429: true, 500: true} {
		var permanent *world.PermanentError
		if err := g.Send(context.Background(), "msg-3", m); err == nil || errors.As(err, &permanent) != (status == 400) {
			t.Errorf("%d: %v", status, err)
		}
	}
}

// The signature is the one of the Standard Webhooks specification, computed
// here by its text.
func TestSignedCallsFollowStandardWebhooks(t *testing.T) {
	raw := []byte("0123456789abcdef0123456789abcdef")
	at := time.Unix(1674087231, 0)
	for secret, key := range map[string][]byte{"whsec_" + base64.StdEncoding.EncodeToString(raw): raw, "plain-secret": []byte("plain-secret")} {
		m := hmac.New(sha256.New, key)
		m.Write([]byte(`evt_1.1674087231.{"a":1}`))
		want := map[string]string{"webhook-id": "evt_1", "webhook-timestamp": "1674087231", "webhook-signature": "v1," + base64.StdEncoding.EncodeToString(m.Sum(nil))}
		got := world.SignCall(secret, "evt_1", at, `{"a":1}`)
		for name, v := range want {
			if got[name] != v {
				t.Errorf("%s is %q, want %q", name, got[name], v)
			}
		}
	}
}
