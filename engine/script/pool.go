package script

// This file hands calls out to workers.

import (
	"context"
	"errors"
	"fmt"
	"os"
	"sync"
)

// Options of a pool. The zero value is a good one.
type Options struct {
	Workers     int    // processes at most; default 2
	MemoryLimit int64  // bytes an Action may hold; default 64 MiB
	Executable  string // what to start as worker; default this program itself
}

// Pool owns the workers. It is safe for concurrent use; calls beyond the number
// of workers wait for their turn.
type Pool struct {
	opts  Options
	slots chan *process // nil: a worker may be started
	apart chan struct{} // one for each call that is debugged

	mu     sync.Mutex
	closed bool
	live   map[*process]bool
	idle   *process // of the calls that were debugged
}

// maxApart is how many calls can be debugged at the same time.
const maxApart = 128

// ErrClosed is the answer of a pool that was closed.
var ErrClosed = errors.New("script: the pool is closed")

// NewPool prepares a pool. Workers start when they are first needed.
func NewPool(opts Options) *Pool {
	if opts.Workers <= 0 {
		opts.Workers = 2
	}
	if opts.MemoryLimit <= 0 {
		opts.MemoryLimit = 64 << 20
	}
	p := &Pool{opts: opts, slots: make(chan *process, opts.Workers), apart: make(chan struct{}, maxApart), live: map[*process]bool{}}
	for range opts.Workers {
		p.slots <- nil
	}
	return p
}

// Run runs an Action. A failed one answers an *Error, and its logs in the
// Result; any other error means that it could not be run, or that its context
// or its host ended it.
func (p *Pool) Run(ctx context.Context, c Call) (Result, error) {
	if c.Budget <= 0 {
		c.Budget = defaultBudget
	}
	if err := c.unit().checkSize(); err != nil {
		return Result{}, err.of(c.Action)
	}
	take, give := p.take, p.give
	if c.Debug != nil {
		take, give = p.takeApart, p.giveApart
	}
	w, err := take(ctx)
	if err != nil {
		return Result{}, err
	}
	session := &session{process: w, call: c}
	result, err := session.run(ctx)
	give(w, session.broken)
	return result, err
}

// takeApart finds a worker for a call that is debugged. It may stand still for
// long, and must not keep the others waiting.
func (p *Pool) takeApart(ctx context.Context) (*process, error) {
	select {
	case p.apart <- struct{}{}:
	case <-ctx.Done():
		return nil, fmt.Errorf("script: waiting for a worker: %w", ctx.Err())
	}
	p.mu.Lock()
	idle, closed := p.idle, p.closed
	p.idle = nil
	p.mu.Unlock()
	if closed {
		<-p.apart
		return nil, ErrClosed
	}
	if idle != nil {
		return idle, nil
	}
	w, err := p.start()
	if err != nil {
		<-p.apart
		return nil, fmt.Errorf("script: start a worker: %w", err)
	}
	return w, nil
}

// giveApart keeps one such worker for the next call.
func (p *Pool) giveApart(w *process, broken bool) {
	p.mu.Lock()
	keep := !broken && p.idle == nil && !p.closed
	if keep {
		p.idle = w
	} else {
		delete(p.live, w)
	}
	p.mu.Unlock()
	if !keep {
		w.end()
	}
	<-p.apart
}

// Check finds the problems of a source: syntax, the missing function, slow
// regular expressions. It runs nothing of it. Parsing happens in a worker, for
// goja's parser can be kept busy for minutes by a few characters.
func (p *Pool) Check(ctx context.Context, u Unit) ([]Issue, error) {
	if err := u.checkSize(); err != nil {
		return []Issue{{Line: 1, Column: 1, Message: err.Message, Code: err.Code, Severity: severityError}}, nil
	}
	w, err := p.take(ctx)
	if err != nil {
		return nil, err
	}
	session := &session{process: w, call: Call{Budget: 2 * defaultBudget}}
	issues, err := session.check(ctx, u)
	p.give(w, session.broken)
	var failed *Error
	if errors.As(err, &failed) {
		return []Issue{{Line: 1, Column: 1, Message: "the source is too complicated to be read: " + failed.Message, Code: CodeTooLarge, Severity: severityError}}, nil
	}
	return issues, err
}

// take waits for a worker, and starts one if there is none.
func (p *Pool) take(ctx context.Context) (*process, error) {
	var w *process
	select {
	case w = <-p.slots:
	case <-ctx.Done():
		return nil, fmt.Errorf("script: waiting for a worker: %w", ctx.Err())
	}
	p.mu.Lock()
	closed := p.closed
	p.mu.Unlock()
	if closed {
		p.slots <- nil
		return nil, ErrClosed
	}
	if w != nil {
		return w, nil
	}
	w, err := p.start()
	if err != nil {
		p.slots <- nil
		return nil, fmt.Errorf("script: start a worker: %w", err)
	}
	return w, nil
}

func (p *Pool) start() (*process, error) {
	executable := p.opts.Executable
	if executable == "" {
		self, err := os.Executable()
		if err != nil {
			return nil, err
		}
		executable = self
	}
	w, err := startProcess(executable, p.opts.MemoryLimit)
	if err != nil {
		return nil, err
	}
	p.mu.Lock()
	defer p.mu.Unlock()
	if p.closed {
		w.end()
		return nil, ErrClosed
	}
	p.live[w] = true
	return w, nil
}

// give takes a worker back, or lets a fresh one take the place of a broken one.
func (p *Pool) give(w *process, broken bool) {
	if broken {
		p.mu.Lock()
		delete(p.live, w)
		p.mu.Unlock()
		w.end()
		w = nil
	}
	p.slots <- w
}

// Close ends all workers; calls under way fail.
func (p *Pool) Close() error {
	p.mu.Lock()
	p.closed = true
	live := p.live
	p.live = map[*process]bool{}
	p.mu.Unlock()
	for w := range live {
		w.end()
	}
	return nil
}
