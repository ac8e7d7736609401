package world

import (
	"context"
	"encoding/json"
	"fmt"
	"net/http"
	"net/netip"
	"net/url"
	"path"
	"slices"
	"strings"
	"sync"
	"time"
)

// Stub answers outgoing calls in place of a partner (rule W1).
type Stub struct {
	Name string `yaml:"name,omitempty" json:"name,omitempty"`
	// Method that it answers; empty: any.
	Method string `yaml:"method,omitempty" json:"method,omitempty"`
	// URL that it answers, without a query: exact, or with * for any run of
	// characters but a slash.
	URL string `yaml:"url" json:"url"`
	// Body is a text that the request's body must hold.
	Body string `yaml:"body,omitempty" json:"body,omitempty"`
	// Answer is what it says, again and again.
	Answer StubAnswer `yaml:"answer,omitempty" json:"answer,omitzero"`
	// Answers, where given, are said one after the other, the last one again
	// and again.
	Answers []StubAnswer `yaml:"answers,omitempty" json:"answers,omitempty"`
	// Times bounds how often it answers; 0 does not.
	Times int `yaml:"times,omitempty" json:"times,omitempty"`
}

// StubAnswer is one answer of a stub.
type StubAnswer struct {
	Status int               `yaml:"status,omitempty" json:"status,omitempty"` // 200 when absent
	Header map[string]string `yaml:"headers,omitempty" json:"headers,omitempty"`
	JSON   any               `yaml:"json,omitempty" json:"json,omitempty"`
	Text   string            `yaml:"text,omitempty" json:"text,omitempty"`
	// Delay in the world's time; one beyond the call's time-out is a time-out.
	Delay string `yaml:"delay,omitempty" json:"delay,omitempty"`
	// Fault in place of an answer: unreachable or garbage.
	Fault string `yaml:"fault,omitempty" json:"fault,omitempty"`
}

// Faults of a StubAnswer.
const (
	FaultUnreachable = "unreachable"
	FaultGarbage     = "garbage"
)

// Check says what is wrong with a stub.
func (s Stub) Check() error {
	u, err := url.Parse(s.URL)
	if err != nil || u.Host == "" {
		return fmt.Errorf("%q is no URL", s.URL)
	}
	for _, a := range append([]StubAnswer{s.Answer}, s.Answers...) {
		if _, err := a.delay(); err != nil {
			return err
		}
		if a.Fault != "" && a.Fault != FaultUnreachable && a.Fault != FaultGarbage {
			return fmt.Errorf("the fault %q is none of %s, %s", a.Fault, FaultUnreachable, FaultGarbage)
		}
		if a.JSON != nil && a.Text != "" {
			return fmt.Errorf("an answer has json or text, not both")
		}
	}
	return nil
}

func (a StubAnswer) delay() (time.Duration, error) {
	if a.Delay == "" {
		return 0, nil
	}
	d, err := time.ParseDuration(a.Delay)
	if err != nil || d < 0 {
		return 0, fmt.Errorf("%q is no length of time such as 3s", a.Delay)
	}
	return d, nil
}

// matches tells whether a stub is meant for a request.
func (s Stub) matches(r Request, u *url.URL) bool {
	if s.Method != "" && !strings.EqualFold(s.Method, methodOf(r)) {
		return false
	}
	bare := *u
	bare.RawQuery, bare.Fragment = "", ""
	hit, err := path.Match(s.URL, bare.String())
	return err == nil && (hit || s.URL == u.String()) && strings.Contains(r.Body, s.Body)
}

func methodOf(r Request) string {
	if r.Method == "" {
		return http.MethodGet
	}
	return strings.ToUpper(r.Method)
}

// StubbedCall is one call that came to stubs.
type StubbedCall struct {
	Method string            `json:"method"`
	URL    string            `json:"url"`
	Header map[string]string `json:"header,omitempty"`
	Body   string            `json:"body,omitempty"`
	// Stub that answered, by name or address; empty: none did.
	Stub string `json:"stub,omitempty"`
	// Answer of a service that was asked for real: it can be taken as a stub.
	Answer *StubAnswer `json:"answer,omitempty"`
	Status int         `json:"status,omitempty"`
	Error  string      `json:"error,omitempty"`
	// Unmatched says that no stub was meant for it.
	Unmatched bool `json:"unmatched,omitempty"`
	// Recalled says that nothing left: the run had been taken back to before the
	// call, and the answer of then was given again.
	Recalled bool `json:"recalled,omitempty"`
}

// UnmatchedError says that no stub was meant for a call.
type UnmatchedError struct{ Method, URL, Nearest string }

func (e *UnmatchedError) Error() string {
	s := fmt.Sprintf("no stub answers %s %s, and nothing leaves for the network unasked", e.Method, e.URL)
	if e.Nearest != "" {
		s += "; the nearest is " + e.Nearest
	}
	return s
}

// Stubs is a network of stubs. The egress guard judges every address as if it
// were real (rule A8).
type Stubs struct {
	Guard *Egress
	Clock Clock
	// Real asks for real what no stub answers; without it nobody is there.
	Real bool

	mu    sync.Mutex
	stubs []Stub
	used  []int
	calls []StubbedCall
	// names are hosts and what they resolve to.
	names map[string]netip.Addr
	// recall holds the real calls that were taken back.
	recall []StubbedCall
}

// Set replaces the stubs.
func (s *Stubs) Set(stubs []Stub) {
	s.mu.Lock()
	defer s.mu.Unlock()
	s.stubs, s.used = slices.Clone(stubs), make([]int, len(stubs))
}

// Stubs answers what was set.
func (s *Stubs) Stubs() []Stub {
	s.mu.Lock()
	defer s.mu.Unlock()
	return slices.Clone(s.stubs)
}

// Forget empties the list of calls.
func (s *Stubs) Forget() {
	s.mu.Lock()
	defer s.mu.Unlock()
	s.calls = nil
}

// keptCalls bounds the list of calls; the oldest are forgotten.
const keptCalls = 1000

// Calls answers what was called so far.
func (s *Stubs) Calls() []StubbedCall {
	s.mu.Lock()
	defer s.mu.Unlock()
	return slices.Clone(s.calls)
}

// Do answers a call, and follows redirects of stubs as the real thing does.
func (s *Stubs) Do(ctx context.Context, r Request) (Response, error) {
	for range maxRedirects + 1 {
		res, err := s.once(ctx, r)
		to := res.Header["location"] // the real thing has followed its own
		if err != nil || res.Status < 300 || res.Status > 399 || to == "" {
			return res, err
		}
		from, err := url.Parse(r.URL)
		if err != nil {
			return Response{}, &EgressError{r.URL, "this is no URL"}
		}
		next, err := from.Parse(to)
		if err != nil {
			return Response{}, &EgressError{to, "this is no URL"}
		}
		r = Request{Method: http.MethodGet, URL: next.String(), Timeout: r.Timeout}
	}
	return Response{}, &EgressError{r.URL, "too many redirects"}
}

func (s *Stubs) once(ctx context.Context, r Request) (Response, error) {
	u, err := url.Parse(r.URL)
	if err != nil {
		return Response{}, &EgressError{r.URL, "this is no URL"}
	}
	call := StubbedCall{Method: methodOf(r), URL: r.URL, Header: shownHeader(r.Header), Body: r.Body}
	res, err := s.answer(ctx, r, u, &call)
	call.Status = res.Status
	if err != nil {
		call.Error = err.Error()
	}
	s.mu.Lock()
	if s.calls = append(s.calls, call); len(s.calls) > keptCalls {
		s.calls = s.calls[len(s.calls)-keptCalls:]
	}
	s.mu.Unlock()
	return res, err
}

func (s *Stubs) answer(ctx context.Context, r Request, u *url.URL, call *StubbedCall) (Response, error) {
	if err := s.Guard.Permits(u); err != nil {
		return Response{}, err
	}
	if err := s.permitsName(u); err != nil {
		return Response{}, err
	}
	a, name, ok := s.take(r, u)
	if !ok && s.Real {
		if old, made := s.recalled(r); made {
			call.Recalled, call.Answer = true, old
			return old.response()
		}
		res, err := s.Guard.Do(ctx, r)
		if err == nil {
			call.Answer = answerOf(res)
		}
		return res, err
	}
	if !ok {
		call.Unmatched = true
		return Response{}, &UnmatchedError{call.Method, r.URL, s.nearest(u)}
	}
	call.Stub = name
	timeout := r.Timeout
	if timeout <= 0 {
		timeout = DefaultCallTimeout
	}
	delay, err := a.delay()
	if err != nil {
		return Response{}, err
	}
	if err := Sleep(ctx, s.Clock, min(delay, timeout)); err != nil {
		return Response{}, err
	}
	switch {
	case delay >= timeout:
		return Response{}, fmt.Errorf("no answer from %s within %v: %w", u.Host, timeout, context.DeadlineExceeded)
	case a.Fault == FaultUnreachable:
		return Response{}, fmt.Errorf("%s cannot be reached: connection refused", u.Host)
	case a.Fault == FaultGarbage:
		return Response{Status: http.StatusOK, Header: map[string]string{"content-type": "application/json"}, Body: "\x00\xff<html>{\"un"}, nil
	}
	return a.response()
}

// answerOf makes of a real answer one that a stub can give.
func answerOf(r Response) *StubAnswer {
	a := &StubAnswer{Status: r.Status}
	if json.Unmarshal([]byte(r.Body), &a.JSON) != nil || a.JSON == nil {
		a.JSON, a.Text = nil, r.Body
	}
	return a
}

// shownHeader leaves out what proves who calls.
func shownHeader(h map[string]string) map[string]string {
	out := map[string]string{}
	for name, v := range h {
		if SensitiveHeader(name) {
			v = "[redacted]"
		}
		out[name] = v
	}
	return out
}

// SensitiveHeader tells whether a header proves who calls: no record has it.
func SensitiveHeader(name string) bool {
	switch strings.ToLower(name) {
	case "authorization", "proxy-authorization", "cookie", "x-api-key":
		return true
	}
	return false
}

func (a StubAnswer) response() (Response, error) {
	res := Response{Status: a.Status, Header: map[string]string{}, Body: a.Text}
	if res.Status == 0 {
		res.Status = http.StatusOK
	}
	if a.JSON != nil {
		text, err := json.Marshal(a.JSON)
		if err != nil {
			return Response{}, fmt.Errorf("the stub's json cannot be written: %w", err)
		}
		res.Body = string(text)
		res.Header["content-type"] = "application/json"
	}
	for name, v := range a.Header {
		res.Header[strings.ToLower(name)] = v
	}
	return res, nil
}

// take answers the first stub that is meant for a request and not used up.
func (s *Stubs) take(r Request, u *url.URL) (StubAnswer, string, bool) {
	s.mu.Lock()
	defer s.mu.Unlock()
	for i, stub := range s.stubs {
		if !stub.matches(r, u) || stub.Times > 0 && s.used[i] >= stub.Times {
			continue
		}
		n := s.used[i]
		s.used[i]++
		name := stub.Name
		if name == "" {
			name = stub.URL
		}
		if len(stub.Answers) > 0 {
			return stub.Answers[min(n, len(stub.Answers)-1)], name, true
		}
		return stub.Answer, name, true
	}
	return StubAnswer{}, "", false
}

// nearest answers the stub of the same host, else any.
func (s *Stubs) nearest(u *url.URL) string {
	s.mu.Lock()
	defer s.mu.Unlock()
	best := ""
	for _, stub := range s.stubs {
		at, err := url.Parse(stub.URL)
		if best == "" || err == nil && at.Host == u.Host {
			best = strings.TrimSpace(stub.Method + " " + stub.URL)
		}
	}
	return best
}
