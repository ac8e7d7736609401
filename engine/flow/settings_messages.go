package flow

import (
	"fmt"
	"net/mail"
	"net/url"
	"regexp"
	"slices"
	"strings"
)

// This file is the part of authflow.json that says how messages and events
// leave: who mail comes from, which gateway takes SMS, who is told of events.

// Messages says how messages leave.
type Messages struct {
	Mail MailSettings `json:"mail,omitzero"`
	// SMS is absent where the project has no gateway.
	SMS *SMSSettings `json:"sms,omitempty"`
}

// MailSettings are the sender of mail. The mail server itself is a matter of the
// server, not of the project.
type MailSettings struct {
	From    string `json:"from,omitempty"`
	ReplyTo string `json:"reply_to,omitempty"`
}

// SMSSettings are the call to a gateway: {{to}}, {{text}}, {{id}} and
// [secret NAME] stand in url, headers and body.
type SMSSettings struct {
	URL     string            `json:"url"`
	Method  string            `json:"method,omitempty"`
	Headers map[string]string `json:"headers,omitempty"`
	Body    string            `json:"body,omitempty"`
}

// Subscription is somebody who is told of events.
type Subscription struct {
	// Types are names of events; order.* covers all that begin so, * all.
	Types []string `json:"types"`
	URL   string   `json:"url"`
	// Secret names the key that signs what is sent.
	Secret string `json:"secret"`
}

// Wants reports whether the subscription covers an event.
func (s Subscription) Wants(kind string) bool {
	return slices.ContainsFunc(s.Types, func(t string) bool {
		prefix, all := strings.CutSuffix(t, "*")
		return t == kind || all && strings.HasPrefix(kind, prefix)
	})
}

var secretIn = regexp.MustCompile(`\[secret ([^\]\s]+)\]`)

// SecretNames lists the secrets that a text with [secret NAME] in it names.
func SecretNames(text string) []string {
	var out []string
	for _, m := range secretIn.FindAllStringSubmatch(text, -1) {
		out = append(out, m[1])
	}
	return out
}

// checkMessages reports what would keep messages and events from leaving.
func (s Settings) checkMessages() *FileError {
	fail := func(pointer, hint, format string, args ...any) *FileError {
		return &FileError{Code: "settings", File: SettingsFile, Line: 1, Column: 1, Pointer: pointer, Message: fmt.Sprintf(format, args...), Hint: hint}
	}
	for name, address := range map[string]string{"from": s.Messages.Mail.From, "reply_to": s.Messages.Mail.ReplyTo} {
		if _, err := mail.ParseAddress(address); address != "" && err != nil {
			return fail("/messages/mail/"+name, "write it as name@example.com or Name <name@example.com>", "%q is no mail address", address)
		}
	}
	if sms := s.Messages.SMS; sms != nil {
		if why := s.callable(sms.URL); why != "" {
			return fail("/messages/sms/url", "name an https address whose host is in egress_hosts", "the SMS gateway %s", why)
		}
		texts := append([]string{sms.URL, sms.Body}, valuesOf(sms.Headers)...)
		if name := s.undeclared(SecretNames(strings.Join(texts, "\n"))...); name != "" {
			return fail("/messages/sms", "add it to secrets; the server supplies its value", "the secret %q is not declared", name)
		}
	}
	for i, e := range s.Events {
		pointer := fmt.Sprintf("/events/%d", i)
		switch why := s.callable(e.URL); {
		case why != "":
			return fail(pointer+"/url", "name an https address whose host is in egress_hosts", "the subscriber %s", why)
		case len(e.Types) == 0:
			return fail(pointer+"/types", `name event types; "*" stands for all`, "the subscription names no types")
		case e.Secret == "" || s.undeclared(e.Secret) != "":
			return fail(pointer+"/secret", "add it to secrets; the server supplies its value", "the secret %q that signs the events is not declared", e.Secret)
		}
	}
	return nil
}

// callable answers why an address could not be called, or nothing. A host on
// this machine is callable in the harness alone, when it is named there.
func (s Settings) callable(address string) string {
	fixed, _, _ := strings.Cut(address, "?")
	u, err := url.Parse(fixed)
	if err != nil || u.Host == "" || strings.ContainsAny(u.Host, "{}[ ") && !strings.HasPrefix(u.Host, "[") {
		return "has no address with a host"
	}
	if s.Harness != nil && slices.Contains(s.Harness.LoopbackHosts, u.Host) {
		return ""
	}
	if u.Scheme != "https" {
		return "is not called by https"
	}
	if !slices.ContainsFunc(s.EgressHosts, func(h string) bool { return strings.EqualFold(h, u.Hostname()) || strings.EqualFold(h, u.Host) }) {
		return fmt.Sprintf("is at %s, which is not in egress_hosts", u.Hostname())
	}
	return ""
}

func (s Settings) undeclared(names ...string) string {
	for _, n := range names {
		if !slices.ContainsFunc(s.Secrets, func(d Secret) bool { return d.Name == n }) {
			return n
		}
	}
	return ""
}

func valuesOf(m map[string]string) []string {
	out := make([]string, 0, len(m))
	for _, v := range m {
		out = append(out, v)
	}
	slices.Sort(out)
	return out
}
