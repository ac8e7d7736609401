package flow_test

import (
	"errors"
	"strings"
	"testing"

	"github.com/authflow-studio/authflow/engine/flow"
)

// What would keep messages and events from leaving is found when the project is
// read, not when somebody waits for a code.
func TestSettingsOfMessages(t *testing.T) {
	const head = `{"format": 1, "name": "Shop", "version": "1", "egress_hosts": ["partner.example"], "secrets": [{"name": "KEY"}], `
	for name, c := range map[string]struct{ rest, pointer string }{
		"good":              {`"messages": {"mail": {"from": "Shop <a@example.com>"}, "sms": {"url": "https://partner.example/x?k=[secret KEY]"}}, "events": [{"types": ["*"], "url": "https://partner.example/e", "secret": "KEY"}]}`, ""},
		"harness":           {`"harness": {"loopback_hosts": ["127.0.0.1:9"]}, "events": [{"types": ["a"], "url": "http://127.0.0.1:9/e", "secret": "KEY"}]}`, ""},
		"no address":        {`"messages": {"mail": {"from": "Shop"}}}`, "/messages/mail/from"},
		"two senders":       {`"messages": {"mail": {"reply_to": "a@example.com, b@example.com"}}}`, "/messages/mail/reply_to"},
		"not https":         {`"messages": {"sms": {"url": "http://partner.example/x"}}}`, "/messages/sms/url"},
		"another host":      {`"messages": {"sms": {"url": "https://other.example/x"}}}`, "/messages/sms/url"},
		"computed host":     {`"messages": {"sms": {"url": "https://{{to}}/x"}}}`, "/messages/sms/url"},
		"loopback":          {`"events": [{"types": ["a"], "url": "http://127.0.0.1:9/e", "secret": "KEY"}]}`, "/events/0/url"},
		"undeclared secret": {`"messages": {"sms": {"url": "https://partner.example/x", "body": "[secret OTHER]"}}}`, "/messages/sms"},
		"unsigned event":    {`"events": [{"types": ["a"], "url": "https://partner.example/e", "secret": ""}]}`, "/events/0/secret"},
		"no types":          {`"events": [{"types": [], "url": "https://partner.example/e", "secret": "KEY"}]}`, "/events/0/types"},
	} {
		_, err := flow.DecodeSettings(flow.SettingsFile, []byte(head+c.rest))
		var problem *flow.FileError
		switch {
		case c.pointer == "" && err != nil:
			t.Errorf("%s: %v", name, err)
		case c.pointer != "" && (!errors.As(err, &problem) || problem.Pointer != c.pointer || problem.Hint == ""):
			t.Errorf("%s: %v", name, err)
		}
	}
}

func TestSubscriptionsCoverTypes(t *testing.T) {
	s := flow.Subscription{Types: []string{"order.*", "user.created"}}
	for kind, want := range map[string]bool{"order.paid": true, "order.": true, "orders": false, "user.created": true, "user.created.x": false} {
		if s.Wants(kind) != want {
			t.Errorf("%s: %v", kind, !want)
		}
	}
}

func FuzzSecretNames(f *testing.F) {
	f.Add("Bearer [secret KEY]")
	f.Add("[secret ][secret a b][secret x")
	f.Fuzz(func(t *testing.T, text string) {
		for _, n := range flow.SecretNames(text) {
			if n == "" || !strings.Contains(text, "[secret "+n+"]") {
				t.Errorf("%q names %q", text, n)
			}
		}
	})
}
