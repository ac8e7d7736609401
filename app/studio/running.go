package studio

import (
	"context"
	"fmt"
	"net/netip"
	"time"

	"github.com/authflow-studio/authflow/engine/risk"
	"github.com/authflow-studio/authflow/engine/scenario/agent"
	"github.com/authflow-studio/authflow/engine/server"
	"github.com/authflow-studio/authflow/engine/web"
)

// Harness is how to reach the harness from outside.
type Harness struct {
	Issuer     string        `json:"issuer"`
	ClientID   string        `json:"client_id"`
	DemoURL    string        `json:"demo_url"`
	ControlURL string        `json:"control_url"`
	Users      []HarnessUser `json:"users"`
}

// HarnessUser is somebody who can sign in.
type HarnessUser struct {
	Identifier string   `json:"identifier"`
	Password   string   `json:"password"`
	Name       string   `json:"name"`
	Factors    []string `json:"factors"`
}

func (s *Studio) harness(context.Context, none) (*Harness, error) {
	w, err := s.workspace()
	if err != nil {
		return nil, err
	}
	h := &Harness{Issuer: w.harness.Issuer, ClientID: w.harness.PublicClient(), DemoURL: w.harness.DemoURL(), ControlURL: w.harness.ControlURL(), Users: []HarnessUser{}}
	for _, p := range w.harness.People() {
		u := HarnessUser{Identifier: p.Identifier(), Password: p.Password, Name: p.Name, Factors: []string{}}
		if p.TOTPSecret != "" {
			u.Factors = append(u.Factors, "totp")
		}
		h.Users = append(h.Users, u)
	}
	return h, nil
}

// World is what the tester sets for the person at the browser panel.
type World struct {
	IP          string `json:"ip"`
	UserAgent   string `json:"user_agent"`
	Device      string `json:"device"` // known or new
	ClockOffset int    `json:"clock_offset"`
	// Risk are signals that are so whatever would be found, besides those of
	// world.yaml.
	Risk map[string]any `json:"risk"`
	// Signals are the names that there are.
	Signals []string `json:"signals"`
}

func (s *Studio) world(context.Context, none) (*World, error) {
	w, err := s.workspace()
	if err != nil {
		return nil, err
	}
	return w.worldView(), nil
}

func (w *workspace) worldView() *World {
	set := w.browser.agent.Settings()
	v := &World{IP: set.IP, UserAgent: set.UserAgent, Device: "known", ClockOffset: int(w.harness.Clock.Offset().Round(time.Second) / time.Second)}
	v.Risk, v.Signals = w.harness.Risk(), risk.GivenNames()
	if w.newDevice() {
		v.Device = "new"
	}
	return v
}

func (w *workspace) newDevice() bool {
	w.mu.Lock()
	defer w.mu.Unlock()
	return w.freshDevice
}

func (s *Studio) setWorld(_ context.Context, a World) (*World, error) {
	w, err := s.workspace()
	if err != nil {
		return nil, err
	}
	if a.IP != "" {
		if _, err := netip.ParseAddr(a.IP); err != nil {
			return nil, &Error{Code: "bad_argument", Message: fmt.Sprintf("%q is no IP address.", a.IP), Hint: "Write one such as 198.51.100.7 or 2001:db8::1."}
		}
	}
	if a.ClockOffset < 0 {
		return nil, &Error{Code: "bad_argument", Message: "The clock can only be ahead of the real one."}
	}
	if err := w.harness.SetRisk(a.Risk); err != nil {
		return nil, &Error{Code: "bad_argument", Message: sentence(err)}
	}
	w.browser.agent.Set(agent.Settings{IP: a.IP, UserAgent: a.UserAgent})
	if now := int(w.harness.Clock.Offset().Round(time.Second) / time.Second); now != a.ClockOffset {
		w.harness.Clock.SetOffset(time.Duration(a.ClockOffset) * time.Second)
	}
	w.mu.Lock()
	w.freshDevice = a.Device == "new"
	w.mu.Unlock()
	return w.worldView(), nil
}

type startArg struct {
	Flow string
	// To is a block of the flow before which the run stops once; "" for none.
	To string
}

// startRun begins a sign-in in the browser panel the way a client does (rule
// W3): the login flow through the authorization endpoint, others by their
// address.
func (s *Studio) startRun(_ context.Context, a startArg) (any, error) {
	w, err := s.workspace()
	if err != nil {
		return nil, err
	}
	// What is on disk runs, also where the watcher has not told of it yet.
	if err := w.reload(); err != nil {
		return nil, err
	}
	p := w.current()
	f := p.Flows[a.Flow]
	switch {
	case f == nil:
		return nil, &Error{Code: "no_flow", Message: fmt.Sprintf("The flow %q cannot be run: its file cannot be read.", a.Flow), Hint: "See Problems."}
	case !f.Startable():
		return nil, &Error{Code: "not_startable", Message: "This flow cannot be started by itself.", Hint: "It is disabled or marked subflow-only; change that in the flow's settings, or run a flow that uses it."}
	}
	if err := w.debugger.NextTo(p, a.Flow, a.To); err != nil {
		return nil, err
	}
	if w.newDevice() {
		w.browser.agent.Forget()
	} else {
		w.browser.agent.ForgetSession()
	}
	address := w.harness.Issuer + web.LaunchPath + a.Flow
	if slug, ok := p.FlowByTrigger("login"); ok && slug == a.Flow {
		address = w.harness.DemoURL() + "/login"
	}
	w.browse(address)
	return nil, nil
}

func (w *workspace) browse(address string) {
	w.browser.do(address, func(ctx context.Context) (*agent.Page, error) { return w.browser.agent.Get(ctx, address) })
}

func (s *Studio) browser(context.Context, none) (BrowserView, error) {
	w, err := s.workspace()
	if err != nil {
		return BrowserView{}, err
	}
	return w.browser.current(), nil
}

type urlArg struct{ URL string }

func (s *Studio) browserOpen(_ context.Context, a urlArg) (any, error) {
	w, err := s.workspace()
	if err != nil {
		return nil, err
	}
	w.browse(a.URL)
	return nil, nil
}

type submitArg struct {
	Action string
	Method string
	Fields [][2]string
}

func (s *Studio) browserSubmit(_ context.Context, a submitArg) (any, error) {
	w, err := s.workspace()
	if err != nil {
		return nil, err
	}
	w.browser.do("", func(ctx context.Context) (*agent.Page, error) {
		return w.browser.agent.Send(ctx, a.Method, a.Action, a.Fields)
	})
	return nil, nil
}

func (s *Studio) browserReload(context.Context, none) (any, error) {
	w, err := s.workspace()
	if err != nil {
		return nil, err
	}
	w.browse(w.browser.current().URL)
	return nil, nil
}

func (s *Studio) browserBack(context.Context, none) (any, error) {
	w, err := s.workspace()
	if err != nil {
		return nil, err
	}
	w.browser.do("", w.browser.agent.Back)
	return nil, nil
}

// Tokens is what the demo client received last.
type Tokens struct {
	server.TokenSet
	Run string `json:"run,omitempty"`
}

func (w *workspace) gotTokens(t server.TokenSet) {
	v := &Tokens{TokenSet: t, Run: w.browser.current().Run}
	w.mu.Lock()
	w.tokens = v
	w.mu.Unlock()
	w.s.Emit("tokens", v)
}

func (s *Studio) tokens(context.Context, none) (*Tokens, error) {
	w, err := s.workspace()
	if err != nil {
		return nil, err
	}
	w.mu.Lock()
	defer w.mu.Unlock()
	return w.tokens, nil
}
