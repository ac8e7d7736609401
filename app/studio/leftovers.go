package studio

import (
	"context"
	"sync"

	"github.com/authflow-studio/authflow/engine/server"
)

// leftovers is what runs have left behind since the front ends were told last.
// Whoever commits notes it and goes on; one goroutine tells, so that no list is
// followed by an older one, and many commits in a row cost few lists.
type leftovers struct {
	mu   sync.Mutex
	news server.Changed
	wake chan struct{}
}

func newLeftovers() *leftovers { return &leftovers{wake: make(chan struct{}, 1)} }

// changed is told of each commit of the harness.
func (l *leftovers) changed(c server.Changed) {
	l.mu.Lock()
	l.news = l.news.And(c)
	l.mu.Unlock()
	select {
	case l.wake <- struct{}{}:
	default: // it will look anyway
	}
}

func (l *leftovers) take() server.Changed {
	l.mu.Lock()
	defer l.mu.Unlock()
	news := l.news
	l.news = server.Changed{}
	return news
}

// tellOfLeftovers tells the front ends of what has been committed, until ctx ends.
func (w *workspace) tellOfLeftovers(ctx context.Context) {
	for {
		select {
		case <-ctx.Done():
			return
		case <-w.left.wake:
			w.emitLeftovers(ctx, w.left.take())
		}
	}
}

func (w *workspace) emitLeftovers(ctx context.Context, news server.Changed) {
	if news.Sessions {
		emitList(ctx, w, "sessions", w.sessions)
	}
	if news.Users {
		emitList(ctx, w, "users", w.users)
	}
	if news.Outbox {
		emitList(ctx, w, "outbox", w.outbox)
	}
	if news.Audit && w.inFront() {
		// The record may be long: who shows it asks for what it has not got.
		w.s.Emit("audit", struct{}{})
	}
}

func emitList[T any](ctx context.Context, w *workspace, name string, list func(context.Context) ([]T, error)) {
	all, err := list(ctx)
	switch {
	case ctx.Err() != nil:
	case err != nil:
		w.s.Log.Error("what runs left behind cannot be listed", "list", name, "error", err)
	case w.inFront():
		w.s.Emit(name, all)
	}
}

// inFront reports whether this is the project that the front ends show.
func (w *workspace) inFront() bool {
	open, err := w.s.workspace()
	return err == nil && open == w
}
