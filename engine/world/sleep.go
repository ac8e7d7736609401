package world

import (
	"context"
	"time"
)

// Sleeper is a clock that knows how to wait: one that a test drives moves on
// instead of keeping anybody waiting.
type Sleeper interface {
	Sleep(ctx context.Context, d time.Duration) error
}

// Sleep waits in the time of a clock.
func Sleep(ctx context.Context, c Clock, d time.Duration) error {
	if s, ok := c.(Sleeper); ok {
		return s.Sleep(ctx, d)
	}
	t := time.NewTimer(d)
	defer t.Stop()
	select {
	case <-ctx.Done():
		return ctx.Err()
	case <-t.C:
		return nil
	}
}
