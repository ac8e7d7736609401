package world

import (
	"context"
	"sync"
	"time"
)

// Stopwatch measures how long something took by the machine's own clock: a
// budget protects the machine, so it does not follow a clock that a tester set.
type Stopwatch struct{ began time.Time }

// NewStopwatch starts one.
func NewStopwatch() Stopwatch { return Stopwatch{began: time.Now()} }

// Elapsed answers how long ago it was started.
func (s Stopwatch) Elapsed() time.Duration { return time.Since(s.began) }

// Budget is a time limit that stands still while it is paused (rule D4). Its
// context ends when the time is over.
type Budget struct {
	ctx    context.Context
	cancel context.CancelFunc
	outer  context.Context
	limit  time.Duration

	mu    sync.Mutex
	used  time.Duration
	since time.Time // zero while paused
	timer *time.Timer
}

// NewBudget begins a budget; Stop frees it.
func NewBudget(ctx context.Context, limit time.Duration) *Budget {
	b := &Budget{limit: limit, since: time.Now(), outer: ctx}
	b.ctx, b.cancel = context.WithCancel(context.WithValue(ctx, budgetKey{}, b))
	b.timer = time.AfterFunc(limit, b.cancel)
	return b
}

type budgetKey struct{}

// Spend takes time off the budget of a context, and off those around it, as if
// it had passed: a clock that a test drives moves on without anybody waiting.
func Spend(ctx context.Context, d time.Duration) {
	for b, _ := ctx.Value(budgetKey{}).(*Budget); b != nil; b, _ = b.outer.Value(budgetKey{}).(*Budget) {
		b.mu.Lock()
		b.used += d
		over := b.used > b.limit
		b.mu.Unlock()
		if over {
			b.cancel()
		}
	}
}

// Hold stops the budgets of a context and those around it (rule D4) until
// release is called.
func Hold(ctx context.Context) (release func()) {
	var held []*Budget
	for b, _ := ctx.Value(budgetKey{}).(*Budget); b != nil; b, _ = b.outer.Value(budgetKey{}).(*Budget) {
		b.Pause()
		held = append(held, b)
	}
	return func() {
		for _, b := range held {
			b.Resume()
		}
	}
}

// Context ends when the budget is used up, or its parent ended.
func (b *Budget) Context() context.Context { return b.ctx }

// Pause stops the time.
func (b *Budget) Pause() {
	b.mu.Lock()
	defer b.mu.Unlock()
	if b.since.IsZero() {
		return
	}
	b.timer.Stop()
	b.used += time.Since(b.since)
	b.since = time.Time{}
}

// Resume lets the time run again.
func (b *Budget) Resume() {
	b.mu.Lock()
	defer b.mu.Unlock()
	if !b.since.IsZero() {
		return
	}
	b.since = time.Now()
	b.timer.Reset(max(0, b.limit-b.used))
}

// Extend gives the budget more time.
func (b *Budget) Extend(more time.Duration) {
	b.mu.Lock()
	defer b.mu.Unlock()
	b.limit += more
	if !b.since.IsZero() {
		b.timer.Reset(max(0, b.limit-b.used-time.Since(b.since)))
	}
}

// Exceeded answers how long it ran when it is used up, else 0.
func (b *Budget) Exceeded() time.Duration {
	if used, limit := b.reading(); used > limit {
		return used
	}
	return 0
}

// Remaining answers how much is left.
func (b *Budget) Remaining() time.Duration {
	used, limit := b.reading()
	return max(0, limit-used)
}

// Used answers how long it ran.
func (b *Budget) Used() time.Duration {
	used, _ := b.reading()
	return used
}

func (b *Budget) reading() (used, limit time.Duration) {
	b.mu.Lock()
	defer b.mu.Unlock()
	used = b.used
	if !b.since.IsZero() {
		used += time.Since(b.since)
	}
	return used, b.limit
}

// Stop ends the budget and its context.
func (b *Budget) Stop() {
	b.timer.Stop()
	b.cancel()
}
