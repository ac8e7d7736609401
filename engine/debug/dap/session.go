package dap

import (
	"bufio"
	"context"
	"encoding/json"
	"errors"
	"fmt"
	"io"
	"sync"
	"time"

	protocol "github.com/google/go-dap"

	"github.com/authflow-studio/authflow/engine/debug"
)

// session is one client.
type session struct {
	*Server
	out *outbox
	// client is what initialize said.
	client   protocol.InitializeRequestArguments
	launched launchArguments
	state    state
	leaving  bool
	suspend  bool

	// waiting and cancelled are requests that were not begun, and the one that is
	// under way.
	queued    sync.Mutex
	pending   map[int]bool
	cancelled map[int]bool
	running   int
	interrupt context.CancelFunc

	// mu guards what the debugger's events change.
	mu         sync.Mutex
	configured bool
	threads    map[string]*thread
	byID       map[int]*thread
	handles    handles
	sources    []snapshot
	placed     map[int]*placed // by breakpoint
	catching   debug.Catching
	targets    []target
}

// state is how far a client has come.
type state int

const (
	isNew state = iota
	isInitialized
	isAttached
)

var (
	errCancelled = errors.New("the request was cancelled")
	errAttach    = errors.New("nothing is debugged yet: send launch or attach first")
)

// drain is how long a client may take to read what it is told last.
const drain = 2 * time.Second

// Serve speaks with one client until it disconnects, is gone, or ctx ends. Only
// a client that cannot be understood is an error.
func (s *Server) Serve(ctx context.Context, rw io.ReadWriteCloser) error {
	ctx, cancel := context.WithCancel(ctx)
	defer cancel()
	c := &session{Server: s, out: newOutbox(rw), pending: map[int]bool{}, cancelled: map[int]bool{}, threads: map[string]*thread{}, byID: map[int]*thread{}, placed: map[int]*placed{}, handles: newHandles()}
	requests, failed := make(chan *request, 256), make(chan error, 1)
	go func() { failed <- c.read(ctx, bufio.NewReaderSize(rw, maxHeader), requests) }()
	err := c.serve(ctx, requests, failed)
	c.leave(c, c.suspend)
	c.out.close()
	select {
	case <-c.out.done:
	case <-time.After(drain):
	}
	_ = rw.Close()
	return err
}

func (c *session) serve(ctx context.Context, requests <-chan *request, failed <-chan error) error {
	for !c.leaving {
		select {
		case r := <-requests:
			c.handle(ctx, r)
		case err := <-failed:
			for len(requests) > 0 && !c.leaving {
				c.handle(ctx, <-requests)
			}
			if errors.Is(err, errFraming) {
				c.say("stderr", err.Error()+"; the connection is closed.")
				return err
			}
			return nil
		case <-ctx.Done():
			c.out.event("terminated", nil)
			return nil
		}
	}
	return nil
}

// read passes requests on in their order; cancelling overtakes them.
func (c *session) read(ctx context.Context, r *bufio.Reader, to chan<- *request) error {
	for {
		content, err := readMessage(r)
		if err != nil {
			return err
		}
		q := &request{}
		if err := json.Unmarshal(content, q); err != nil {
			c.out.aside(q, nil, fmt.Errorf("this is no request: %w", err))
			continue
		}
		switch {
		case q.Type != "request":
			continue // we ask a client nothing
		case q.Command == "cancel":
			c.out.aside(q, nil, c.cancel(q))
			continue
		}
		c.queued.Lock()
		c.pending[q.Seq] = true
		c.queued.Unlock()
		select {
		case to <- q:
		case <-ctx.Done():
			return nil
		}
	}
}

// cancel ends a request that was not begun; one that is under way is told.
func (c *session) cancel(q *request) error {
	var a protocol.CancelArguments
	if err := decode(q, &a); err != nil {
		return err
	}
	c.queued.Lock()
	defer c.queued.Unlock()
	switch {
	case c.pending[a.RequestId]:
		c.cancelled[a.RequestId] = true
	case c.running == a.RequestId && c.interrupt != nil:
		c.interrupt()
	}
	return nil
}

func (c *session) handle(ctx context.Context, q *request) {
	ctx, cancel := context.WithCancel(ctx)
	defer cancel()
	c.queued.Lock()
	cancelled := c.cancelled[q.Seq]
	delete(c.pending, q.Seq)
	delete(c.cancelled, q.Seq)
	c.running, c.interrupt = q.Seq, cancel
	c.queued.Unlock()
	c.out.hold()
	var body any
	err := errCancelled
	if !cancelled {
		body, err = c.perform(ctx, q)
		if err != nil && ctx.Err() != nil {
			err = errCancelled
		}
	}
	c.out.answer(q, body, err)
}

func (c *session) perform(ctx context.Context, q *request) (any, error) {
	f, known := commands[q.Command]
	switch {
	case !known:
		return nil, fmt.Errorf("the request %q is not supported", q.Command)
	case c.state == isNew && q.Command != "initialize" && q.Command != "disconnect":
		return nil, errors.New("the first request is initialize")
	case c.state < isAttached && f.attached:
		return nil, errAttach
	}
	return f.do(c, ctx, q)
}

// command is how a request is answered.
type command struct {
	do       func(c *session, ctx context.Context, q *request) (any, error)
	attached bool // only once something is debugged
}

// on makes a command of a method that takes the arguments.
func on[A any](f func(c *session, ctx context.Context, a A) (any, error)) command {
	return command{attached: true, do: func(c *session, ctx context.Context, q *request) (any, error) {
		var a A
		if err := decode(q, &a); err != nil {
			return nil, err
		}
		return f(c, ctx, a)
	}}
}

// early makes a command that comes before anything is debugged.
func early(c command) command {
	c.attached = false
	return c
}

func decode(q *request, to any) error {
	if len(q.Arguments) == 0 {
		return nil
	}
	if err := json.Unmarshal(q.Arguments, to); err != nil {
		return fmt.Errorf("the arguments of %s cannot be read: %w", q.Command, err)
	}
	return nil
}

// say shows a line to the person.
func (c *session) say(category, words string) {
	c.out.event("output", protocol.OutputEventBody{Category: category, Output: words + "\n"})
}
