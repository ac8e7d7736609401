package flow

import (
	"fmt"
	"time"
)

// Settings is the content of authflow.json.
type Settings struct {
	Schema      string `json:"$schema,omitempty"`
	Format      int    `json:"format"`
	Name        string `json:"name"`
	Version     string `json:"version"`
	Description string `json:"description,omitempty"`
	// DefaultLocale is the last resort of rule N10.
	DefaultLocale string   `json:"default_locale,omitempty"`
	Budgets       Budgets  `json:"budgets,omitzero"`
	RunLifetime   Duration `json:"run_lifetime,omitzero"`
	// EgressHosts are the hosts that blocks and Actions may call (rule A8).
	EgressHosts []string `json:"egress_hosts,omitempty"`
	// FrameAncestors are the origins that may frame the pages (rule N4).
	FrameAncestors []string `json:"frame_ancestors,omitempty"`
	Secrets        []Secret `json:"secrets,omitempty"`
	// Messages says how mail and SMS leave.
	Messages Messages `json:"messages,omitzero"`
	// Events are those who are told of what flows emit.
	Events   []Subscription `json:"events,omitempty"`
	Sessions Sessions       `json:"sessions,omitzero"`
	Provider Provider       `json:"provider,omitzero"`
	// Providers are other OpenID Providers that people may come from, by id.
	Providers map[string]SocialProvider `json:"providers,omitempty"`
	// Checks say how strictly the project is checked.
	Checks Checks `json:"checks,omitzero"`
	// Harness holds what is true on a developer's machine only; it is never
	// exported.
	Harness *Harness `json:"harness,omitempty"`
}

// Budgets are the limits of rule X6; zero values take the defaults.
type Budgets struct {
	Run    Duration `json:"run,omitzero"`
	Action Duration `json:"action,omitzero"`
	Call   Duration `json:"call,omitzero"`
	Blocks int      `json:"blocks,omitzero"`
}

// Secret is the name of a value that the server must supply.
type Secret struct {
	Name    string `json:"name"`
	Purpose string `json:"purpose,omitempty"`
}

// Harness are the settings of the local harness.
type Harness struct {
	// FastHashing takes a cheap password hash, for tests with many sign-ins.
	FastHashing bool `json:"fast_hashing,omitzero"`
	// LoopbackHosts are host:port addresses on this machine that outgoing
	// calls may reach although they are private.
	LoopbackHosts []string `json:"loopback_hosts,omitempty"`
	// Hosts are further names under which the harness is an issuer, besides
	// localhost, 127.0.0.1 and [::1].
	Hosts []string `json:"hosts,omitempty"`
}

// Defaults of rule X6 and of the run's lifetime.
const (
	DefaultRunBudget    = Duration(5 * time.Second)
	DefaultActionBudget = Duration(time.Second)
	DefaultCallBudget   = Duration(2 * time.Second)
	DefaultBlockBudget  = 1000
	DefaultRunLifetime  = Duration(15 * time.Minute)
	DefaultLocale       = "en"
)

// WithDefaults fills what the project left open.
func (s Settings) WithDefaults() Settings {
	b := &s.Budgets
	b.Run, b.Action, b.Call = orDefault(b.Run, DefaultRunBudget), orDefault(b.Action, DefaultActionBudget), orDefault(b.Call, DefaultCallBudget)
	if b.Blocks <= 0 {
		b.Blocks = DefaultBlockBudget
	}
	s.RunLifetime = orDefault(s.RunLifetime, DefaultRunLifetime)
	if s.DefaultLocale == "" {
		s.DefaultLocale = DefaultLocale
	}
	return s
}

func orDefault(d, def Duration) Duration {
	if d <= 0 {
		return def
	}
	return d
}

// Duration is written as Go writes durations ("1m30s").
type Duration time.Duration

// MarshalText writes "1m30s".
func (d Duration) MarshalText() ([]byte, error) { return []byte(time.Duration(d).String()), nil }

// UnmarshalText reads "1m30s".
func (d *Duration) UnmarshalText(text []byte) error {
	v, err := time.ParseDuration(string(text))
	if err != nil {
		return fmt.Errorf("%q is no duration: write a number and a unit, such as 90s or 15m", text)
	}
	*d = Duration(v)
	return nil
}

// DecodeSettings reads authflow.json.
func DecodeSettings(file string, data []byte) (Settings, error) {
	var s Settings
	if err := decodeStrict(file, data, &s); err != nil {
		return s, err
	}
	if s.Format != Format {
		return s, &FileError{Code: "format", File: file, Line: 1, Column: 1, Pointer: "/format",
			Message: fmt.Sprintf("this is a project of format %d, and this version reads format %d", s.Format, Format)}
	}
	if s.Name == "" {
		return s, &FileError{Code: "json_type", File: file, Line: 1, Column: 1, Pointer: "/name", Message: "the project has no name", Hint: `add "name": "…"`}
	}
	if problem := s.checkMessages(); problem != nil {
		return s, problem
	}
	return s, checkSettings(file, data, s)
}
