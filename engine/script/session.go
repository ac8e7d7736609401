package script

// This file is the engine's side of one call: it sends it, answers what the
// script asks of its host, and ends a worker that does not end by itself.

import (
	"context"
	"errors"
	"fmt"
	"strings"
	"time"

	"github.com/authflow-studio/authflow/engine/world"
)

const (
	// grace is how long after its budget a worker may still be ending politely.
	grace = 120 * time.Millisecond
	// maxAsks is how often one call may turn to its host.
	maxAsks = 200
)

type session struct {
	process *process
	call    Call
	budget  *world.Budget
	asks    int
	secrets secrets
	stopped error  // the host's ErrStop, or ErrEnded
	broken  bool   // the worker cannot be used again
	lost    *Error // why it cannot go on
	backing bool   // the worker runs the Action again, up to a moment
	// patience bounds how long the worker may run the Action again.
	patience *time.Timer
}

func (s *session) run(ctx context.Context) (Result, error) {
	c := s.call
	frame := callFrame{c.unit(), c.Event, c.Step, c.Input, c.Config, c.Budget, c.Cover, c.Debug.frame()}
	end, used, err := s.exchange(ctx, message{Call: &frame})
	switch {
	case s.lost != nil && ctx.Err() == nil:
		return Result{Duration: used}, s.lost.of(c.Action)
	case s.stopped != nil:
		return Result{Logs: s.secrets.redactLogs(end.Result.Logs), Duration: used}, s.stopped
	case err != nil:
		return Result{Duration: used}, err
	}
	result := end.Result
	result.Duration = used
	result.Logs = s.secrets.redactLogs(result.Logs)
	failed := end.Error
	if failed == nil {
		failed = s.secrets.leak(&result)
	}
	if failed != nil {
		failed.Message, failed.Stack = s.secrets.redact(failed.Message), s.secrets.redact(failed.Stack)
		return Result{Logs: result.Logs, Lines: result.Lines, Duration: used}, failed.of(c.Action)
	}
	return result, nil
}

func (s *session) check(ctx context.Context, u Unit) ([]Issue, error) {
	end, _, err := s.exchange(ctx, message{Check: &u})
	return end.Issues, err
}

// exchange sends a message and serves the worker until it is done.
func (s *session) exchange(ctx context.Context, first message) (end done, used time.Duration, err error) {
	limit := s.call.Budget + grace
	if s.call.Debug.looks() {
		limit += conditionsLimit // which the worker counts apart
	}
	s.budget = world.NewBudget(ctx, limit)
	defer s.budget.Stop()
	s.patience = time.AfterFunc(limit, func() {})
	defer func() { s.patience.Stop() }()
	release := context.AfterFunc(s.budget.Context(), s.process.kill)
	defer func() {
		if !release() {
			s.broken = true // the time ran out at the last moment: the worker is being killed
		}
	}()
	err = writeMessage(s.process.in, first)
	if errors.Is(err, errFrameTooLarge) {
		return end, 0, (&Error{Code: CodeTooLarge, Message: "event, step, input and config are too large together"}).of(s.call.Action)
	}
	for err == nil {
		var m message
		if m, err = readMessage(s.process.out); err != nil {
			break
		}
		switch {
		case m.Done != nil:
			s.broken = m.Done.Error != nil && m.Done.Error.Code == CodeMemory
			return *m.Done, s.budget.Used(), nil
		case m.Ask != nil:
			s.budget.Pause()
			answer := s.answer(ctx, *m.Ask)
			s.budget.Resume()
			err = writeMessage(s.process.in, message{Reply: &answer})
		default:
			err = s.debugged(ctx, m)
		}
	}
	s.broken = true
	return end, s.budget.Used(), s.death(ctx, err)
}

// death says why a worker ended in the middle of a call.
func (s *session) death(ctx context.Context, cause error) error {
	over := s.budget.Exceeded()
	s.process.end()
	if ctx.Err() != nil {
		return fmt.Errorf("script: action %s: %w", s.call.Action, ctx.Err())
	}
	e := &Error{Code: CodeDied, Message: "its worker ended unexpectedly: " + cause.Error()}
	words := s.process.stderr.String()
	switch {
	case s.backing:
		e.Code, e.Message = CodeTimeout, fmt.Sprintf("going back to a moment of it took longer than %v", backLimit)
	case over > 0:
		e.Code, e.Message = CodeTimeout, fmt.Sprintf("it ran longer than %v and had to be ended from outside", s.call.Budget)
	case strings.Contains(words, "out of memory"), strings.Contains(words, "cannot allocate memory"),
		strings.Contains(words, "makeslice"), strings.Contains(words, "allocation size out of range"):
		e.Code, e.Message = CodeMemory, "it asked for more memory than it may have"
	case strings.Contains(words, "stack overflow"), strings.Contains(words, "stack exceeds"):
		e.Code, e.Message = CodeTooDeep, "it went too deep"
	}
	return e.of(s.call.Action)
}

// answer asks the host. What the script learns of an error is limited to the
// words meant for it.
func (s *session) answer(ctx context.Context, a ask) reply {
	if s.asks++; s.asks > maxAsks {
		return reply{Failed: &HostError{string(CodeTooMany), fmt.Sprintf("an Action may turn to the outside %d times at most", maxAsks)}}
	}
	out, err := s.hosted(ctx, a)
	if err == nil {
		return out
	}
	if errors.Is(err, ErrStop) {
		s.stopped = err
		return reply{Stop: true}
	}
	var known *HostError
	if errors.As(err, &known) {
		return reply{Failed: known}
	}
	return reply{Failed: &HostError{a.Kind + "_failed", "the call failed"}}
}

// hosted asks the host, or answers what it has answered before.
func (s *session) hosted(ctx context.Context, a ask) (reply, error) {
	if s.call.Debug == nil || s.call.Debug.Answers == nil {
		return s.askHost(ctx, a)
	}
	kept := s.call.Debug.Answers
	g, ok, err := kept.again(a, a.Ordinal < s.call.Debug.StopAt)
	if err != nil {
		s.lost = &Error{Code: CodeDiverged, Message: "it does not go the way it went: " + err.Error()}
		return reply{}, ErrStop
	}
	if !ok {
		g.reply, g.err = s.askHost(ctx, a)
		g.ask = a
		kept.keep(g)
	} else if a.Kind == "secret" && g.err == nil {
		s.secrets.remember(a.Name, g.reply.Text)
	}
	return g.reply, g.err
}

func (s *session) askHost(ctx context.Context, a ask) (reply, error) {
	switch host := s.call.Host; {
	case host == nil:
		return reply{}, &HostError{"no_host", "this Action is run without a world; " + a.Kind + " is not there"}
	case a.Kind == "now":
		now, err := host.Now(ctx)
		return reply{Time: now}, err
	case a.Kind == "random":
		bytes, err := host.Random(ctx, a.Bytes)
		return reply{Bytes: bytes}, err
	case a.Kind == "fetch" && a.Request != nil:
		response, err := host.Fetch(ctx, *a.Request)
		return reply{Response: &response}, err
	case a.Kind == "secret":
		value, err := host.Secret(ctx, a.Name)
		if err == nil {
			s.secrets.remember(a.Name, value)
		}
		return reply{Text: value}, err
	}
	return reply{}, &HostError{"unknown_call", "there is no such call"}
}

func (e *Error) of(action string) *Error {
	e.Action = action
	return e
}
