package server

import (
	"context"
	"slices"
	"sync"

	"github.com/authflow-studio/authflow/engine/block"
	"github.com/authflow-studio/authflow/engine/script"
)

// lineCounter runs Actions with their lines counted.
type lineCounter struct {
	block.Scripts
	mu    sync.Mutex
	lines map[string]script.Lines
}

// Run runs an Action and notes which of its lines ran.
func (l *lineCounter) Run(ctx context.Context, c script.Call) (script.Result, error) {
	c.Cover = true
	res, err := l.Scripts.Run(ctx, c)
	l.mu.Lock()
	defer l.mu.Unlock()
	for name, lines := range res.Lines {
		l.lines[name] = lines.With(l.lines[name])
	}
	res.Lines = nil
	return res, err
}

// counted answers the lines of every file, as they were counted so far.
func (l *lineCounter) counted() map[string]script.Lines {
	l.mu.Lock()
	defer l.mu.Unlock()
	out := map[string]script.Lines{}
	for name, lines := range l.lines {
		out[name] = script.Lines{All: slices.Clone(lines.All), Ran: slices.Clone(lines.Ran)}
	}
	return out
}
