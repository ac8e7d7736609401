package script

// This file keeps secrets out of what leaves a call (rule T3): they are struck
// out of its words, and a result that holds one is refused.

import (
	"fmt"
	"maps"
	"slices"
	"sort"
	"strings"
)

// shortSecret is the length below which a value is only recognised as a whole:
// striking "1" out of every text would help nobody.
const shortSecret = 6

// secrets are those that were handed out, by name.
type secrets map[string]string

func (s *secrets) remember(name, value string) {
	if value == "" {
		return
	}
	if *s == nil {
		*s = secrets{}
	}
	(*s)[name] = value
}

// names are sorted by the length of the value, so that a secret that is part
// of another one does not leave the rest behind.
func (s secrets) names() []string {
	names := make([]string, 0, len(s))
	for name := range s {
		names = append(names, name)
	}
	sort.Slice(names, func(i, j int) bool {
		a, b := s[names[i]], s[names[j]]
		return len(a) > len(b) || len(a) == len(b) && names[i] < names[j]
	})
	return names
}

func (s secrets) redact(text string) string {
	for _, name := range s.names() {
		value := s[name]
		if len(value) >= shortSecret || text == value {
			text = strings.ReplaceAll(text, value, "[secret "+name+"]")
		}
	}
	return text
}

func (s secrets) redactLogs(lines []LogLine) []LogLine {
	if len(s) == 0 {
		return lines
	}
	for i := range lines {
		lines[i].Message = s.redact(lines[i].Message)
		if fields, ok := s.redactValue(lines[i].Fields).(map[string]any); ok {
			lines[i].Fields = fields
		}
	}
	return lines
}

func (s secrets) redactValue(v any) any {
	switch v := v.(type) {
	case string:
		return s.redact(v)
	case []any:
		for i := range v {
			v[i] = s.redactValue(v[i])
		}
		return v
	case map[string]any:
		out := make(map[string]any, len(v))
		for key, value := range v {
			out[s.redact(key)] = s.redactValue(value)
		}
		return out
	}
	return v
}

// leak finds the value of a secret in what the call would leave behind.
func (s secrets) leak(r *Result) *Error {
	if len(s) == 0 {
		return nil
	}
	places := []struct {
		name  string
		value any
	}{
		{"state.set", r.Outputs}, {"session.setCustomClaim", r.Claims.Session},
		{"accessToken.setCustomClaim", r.Claims.AccessToken}, {"idToken.setCustomClaim", r.Claims.IDToken},
		{"user.setAppMetadata", r.AppMetadata}, {"user.setUserMetadata", r.UserMetadata},
		{"redirect.to", r.Redirect}, {"its return value", r.Return},
	}
	if r.Denied != nil {
		r.Denied.Reason, r.Denied.UserMessage = s.redact(r.Denied.Reason), s.redact(r.Denied.UserMessage)
	}
	for _, place := range places {
		if name := s.holds(place.value); name != "" {
			return &Error{Code: CodeSecret, Message: fmt.Sprintf("the value of the secret %s would have left through %s", name, place.name)}
		}
	}
	return nil
}

// holds answers the name of a secret that v contains, or "".
func (s secrets) holds(v any) string {
	switch v := v.(type) {
	case string:
		for _, name := range s.names() {
			value := s[name]
			if v == value || len(value) >= shortSecret && strings.Contains(v, value) {
				return name
			}
		}
	case []any:
		for _, item := range v {
			if name := s.holds(item); name != "" {
				return name
			}
		}
	case map[string]any:
		for _, key := range slices.Sorted(maps.Keys(v)) {
			if name := s.holds(key); name != "" {
				return name
			}
			if name := s.holds(v[key]); name != "" {
				return name
			}
		}
	}
	return ""
}
