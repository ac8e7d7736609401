package script

// This file is the engine's side of a stop: a stopped worker is asked what is
// there to be seen.

import (
	"context"
	"errors"
	"fmt"
	"sync"
	"time"
)

// Stop is a call that stands still. It can be used until Stopped has returned,
// by one goroutine at a time or by several.
type Stop struct {
	Reason Reason
	// Text is the exception's, or the denial's reason.
	Text string
	// Problem says what was wrong with a breakpoint's condition; then the call
	// has stopped there, for nobody knows whether it was meant to.
	Problem string
	// Ordinal says how many statements have been reached so far, this one too.
	Ordinal int
	Frames  []Frame // the innermost first

	session *session
	ctx     context.Context
	mu      sync.Mutex
	over    bool
}

// ErrGoesOn says that the call is not stopped any more.
var ErrGoesOn = errors.New("script: the call is not stopped any more")

// LookError says why something cannot be seen, evaluated or changed; its words
// are for the person who asked.
type LookError struct{ Message string }

func (e *LookError) Error() string { return e.Message }

// Scopes answers the scopes of a frame.
func (s *Stop) Scopes(frame int) ([]Scope, error) {
	seen, err := s.look(look{Kind: lookScopes, Frame: frame})
	return seen.Scopes, err
}

// Children answers what is in a scope or a value, count of them from start on,
// and how many there are.
func (s *Stop) Children(ref, start, count int) ([]Variable, int, error) {
	seen, err := s.look(look{Kind: lookChildren, Ref: ref, Start: start, Count: count})
	return seen.Variables, seen.Total, err
}

// Evaluate runs an expression in a frame, for 200 ms at most. It can do what
// the script could do there, save reach the outside: no call is made, no
// randomness drawn, and nothing asked of the api is noted.
func (s *Stop) Evaluate(frame int, expression string) (Evaluation, error) {
	return s.evaluation(look{Kind: lookEvaluate, Frame: frame, Expression: expression})
}

// Whole evaluates like Evaluate; a text is answered bare, and not cut at the
// length that is shown.
func (s *Stop) Whole(frame int, expression string) (Evaluation, error) {
	return s.evaluation(look{Kind: lookWhole, Frame: frame, Expression: expression})
}

// Assign gives what target leads to, in a frame, the value of an expression.
func (s *Stop) Assign(frame int, target, expression string) (Evaluation, error) {
	return s.evaluation(look{Kind: lookAssign, Frame: frame, Name: target, Expression: expression})
}

// Set gives a variable of a scope, or a property of a value, the value of an
// expression.
func (s *Stop) Set(ref int, name, expression string) (Evaluation, error) {
	return s.evaluation(look{Kind: lookSet, Ref: ref, Name: name, Expression: expression})
}

func (s *Stop) evaluation(l look) (Evaluation, error) {
	seen, err := s.look(l)
	if err != nil || len(seen.Variables) == 0 {
		return Evaluation{}, err
	}
	return Evaluation{seen.Variables[0], seen.Logs, seen.Changed}, nil
}

const (
	// lookBudget is how long looking may take in the worker, which ends it by itself.
	lookBudget = 200 * time.Millisecond
	// lookPatience is how long it is waited for a worker that does not: a native
	// loop takes no notice of its budget, and a busy machine is no reason to end one.
	lookPatience = 2 * time.Second
	// backLimit is how long going back to a moment may take.
	backLimit = 5 * time.Second
)

// look asks the worker. One that does not answer in time is ended: a native
// loop takes no notice of anything else.
func (s *Stop) look(l look) (seen, error) {
	s.mu.Lock()
	defer s.mu.Unlock()
	if s.over {
		return seen{}, ErrGoesOn
	}
	late := time.AfterFunc(lookPatience, s.session.process.kill)
	defer late.Stop()
	err := writeMessage(s.session.process.in, message{Look: &l})
	if errors.Is(err, errFrameTooLarge) {
		return seen{}, &LookError{"the expression is too long"}
	}
	var m message
	if err == nil {
		m, err = readMessage(s.session.process.out)
	}
	if err == nil && m.Seen == nil {
		err = errors.New("script: an unknown message from the worker")
	}
	if err != nil {
		s.over = true
		s.session.lost = &Error{Code: CodeTimeout, Message: "an expression that the debugger evaluated took the Action with it"}
		if s.ctx.Err() != nil {
			return seen{}, fmt.Errorf("script: %w", s.ctx.Err())
		}
		return seen{}, &LookError{"it did not end in time, and the Action had to be ended with it"}
	}
	if m.Seen.Failed != "" {
		return seen{}, &LookError{s.session.secrets.redact(m.Seen.Failed)}
	}
	m.Seen.redact(s.session.secrets)
	return *m.Seen, nil
}

// close ends the stop; whoever still holds it learns that.
func (s *Stop) close() {
	s.mu.Lock()
	defer s.mu.Unlock()
	s.over = true
}

func (s *seen) redact(hidden secrets) {
	for i := range s.Variables {
		v := &s.Variables[i]
		v.Name, v.Value, v.Path = hidden.redact(v.Name), hidden.redact(v.Value), hidden.redact(v.Path)
	}
	s.Logs = hidden.redactLogs(s.Logs)
}

// stopAt lets the debugger look and decide.
func (s *session) stopAt(ctx context.Context, f stopFrame) error {
	stop := &Stop{Reason: f.Reason, Text: s.secrets.redact(f.Text), Problem: s.secrets.redact(f.Problem),
		Ordinal: f.Ordinal, Frames: f.Frames, session: s, ctx: ctx}
	s.patience.Stop()
	s.backing = false
	s.budget.Pause()
	command := Command{Move: End}
	if s.call.Debug != nil && s.call.Debug.Stopped != nil {
		command = s.call.Debug.Stopped(ctx, stop)
	}
	stop.close()
	if s.lost != nil {
		return errLost
	}
	if command.Move == End {
		s.stopped = ErrEnded
	}
	s.budget.Extend(grace) // what a stop costs beside the script's own time, which the worker counts
	s.budget.Resume()
	return writeMessage(s.process.in, message{Go: &command})
}

var errLost = errors.New("script: the worker was ended while it was looked into")

// goBack gives the worker time of its own to come to a moment again.
func (s *session) goBack() {
	s.budget.Pause()
	s.backing = true
	s.patience.Stop()
	s.patience = time.AfterFunc(backLimit+grace, s.process.kill)
}

// debugged takes the messages of a worker that is debugged.
func (s *session) debugged(ctx context.Context, m message) error {
	switch {
	case s.call.Debug == nil:
	case m.Back:
		s.goBack()
		return nil
	case m.Stop != nil:
		return s.stopAt(ctx, *m.Stop)
	case m.Said != nil:
		if s.call.Debug.Logged != nil {
			s.call.Debug.Logged(m.Said.At, s.secrets.redact(m.Said.Text))
		}
		return nil
	}
	return errors.New("script: an unknown message from the worker")
}

func (d *Debug) frame() *debugFrame {
	if d == nil {
		return nil
	}
	if d.Answers != nil {
		d.Answers.rewind()
	}
	return &debugFrame{d.Breakpoints, d.AtEntry, d.OnThrow, d.OnDeny, d.StopAt}
}
