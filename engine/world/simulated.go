package world

import (
	"context"
	"sync"
	"time"
)

// SimulatedClock runs like the machine's, ahead by an offset that a tester sets.
// It never goes back by itself: what was issued stays issued before now.
type SimulatedClock struct {
	mu     sync.Mutex
	offset time.Duration
	frozen time.Time // zero while it runs
}

// Now answers the simulated time.
func (c *SimulatedClock) Now() time.Time {
	c.mu.Lock()
	defer c.mu.Unlock()
	if !c.frozen.IsZero() {
		return c.frozen
	}
	return time.Now().Add(c.offset)
}

// Advance moves the clock forward. A negative duration is ignored.
func (c *SimulatedClock) Advance(d time.Duration) {
	c.mu.Lock()
	defer c.mu.Unlock()
	if d <= 0 {
		return
	}
	c.offset += d
	if !c.frozen.IsZero() {
		c.frozen = c.frozen.Add(d)
	}
}

// Offset answers how far it is ahead of the machine's clock.
func (c *SimulatedClock) Offset() time.Duration {
	c.mu.Lock()
	defer c.mu.Unlock()
	return c.offset
}

// SetOffset sets how far it is ahead. Setting it back is allowed for a tester
// who starts over; users and sessions are reset then.
func (c *SimulatedClock) SetOffset(d time.Duration) {
	c.mu.Lock()
	defer c.mu.Unlock()
	c.offset = max(0, d)
}

// Freeze stops the clock (rule D4), Thaw lets it go on from there.
func (c *SimulatedClock) Freeze() {
	c.mu.Lock()
	defer c.mu.Unlock()
	if c.frozen.IsZero() {
		c.frozen = time.Now().Add(c.offset)
	}
}

// FreezeAt stops the clock at a moment: where a scenario begins.
func (c *SimulatedClock) FreezeAt(t time.Time) {
	c.mu.Lock()
	defer c.mu.Unlock()
	c.frozen = t
	c.offset = time.Until(t)
}

// Sleep waits; a frozen clock moves on instead, and the time is spent.
func (c *SimulatedClock) Sleep(ctx context.Context, d time.Duration) error {
	c.mu.Lock()
	frozen := !c.frozen.IsZero()
	c.mu.Unlock()
	if !frozen {
		return Sleep(ctx, SystemClock{}, d)
	}
	c.Advance(d)
	Spend(ctx, d)
	return ctx.Err()
}

// Thaw lets a frozen clock go on from where it stood.
func (c *SimulatedClock) Thaw() {
	c.mu.Lock()
	defer c.mu.Unlock()
	if c.frozen.IsZero() {
		return
	}
	c.offset = time.Until(c.frozen)
	c.frozen = time.Time{}
}

// Mark answers what sets the clock back to now: for a run that is taken back in
// its history, with all of its world.
func (c *SimulatedClock) Mark() (restore func()) {
	then := c.Now()
	return func() {
		c.mu.Lock()
		defer c.mu.Unlock()
		c.offset = time.Until(then)
		if !c.frozen.IsZero() {
			c.frozen = then
		}
	}
}
