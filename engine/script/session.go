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
	secrets map[string]string // those that were handed out, by name
	stopped error             // the host's ErrStop
	broken  bool              // the worker cannot be used again
}

func (s *session) run(ctx context.Context) (Result, error) {
	c := s.call
	frame := callFrame{c.unit(), c.Event, c.Step, c.Input, c.Config, c.Budget, c.Cover}
	end, used, err := s.exchange(ctx, message{Call: &frame})
	switch {
	case s.stopped != nil:
		return Result{Logs: s.redactLogs(end.Result.Logs), Duration: used}, s.stopped
	case err != nil:
		return Result{Duration: used}, err
	}
	result := end.Result
	result.Duration = used
	result.Logs = s.redactLogs(result.Logs)
	failed := end.Error
	if failed == nil {
		failed = s.leak(&result)
	}
	if failed != nil {
		failed.Message, failed.Stack = s.redact(failed.Message), s.redact(failed.Stack)
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
	s.budget = world.NewBudget(ctx, limit)
	defer s.budget.Stop()
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
			return *m.Done, limit - s.budget.Remaining(), nil
		case m.Ask != nil:
			s.budget.Pause()
			answer := s.answer(ctx, *m.Ask)
			s.budget.Resume()
			err = writeMessage(s.process.in, message{Reply: &answer})
		default:
			err = errors.New("script: an unknown message from the worker")
		}
	}
	s.broken = true
	return end, limit - s.budget.Remaining(), s.death(ctx, err)
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
	out, err := s.askHost(ctx, a)
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
			s.remember(a.Name, value)
		}
		return reply{Text: value}, err
	}
	return reply{}, &HostError{"unknown_call", "there is no such call"}
}

func (e *Error) of(action string) *Error {
	e.Action = action
	return e
}
