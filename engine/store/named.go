package store

import (
	"context"
	"sync"
)

// Named are named locks of one process. For a store that no other process
// shares they are all there is to Lock; in front of one that many share, they
// let one goroutine at a time ask outside. The zero value is ready.
type Named struct {
	mu    sync.Mutex
	named map[string]*namedLock
}

type namedLock struct {
	token chan struct{} // holds one token while the lock is held
	users int           // holders and waiters, so that the last one removes it
}

// Lock excludes other holders of name; see Store. unlock may be called more
// than once.
func (ls *Named) Lock(ctx context.Context, name string) (unlock func(), err error) {
	if err := ctx.Err(); err != nil {
		return nil, err
	}
	l := ls.enter(name)
	select {
	case l.token <- struct{}{}:
		return sync.OnceFunc(func() {
			<-l.token
			ls.leave(name, l)
		}), nil
	case <-ctx.Done():
		ls.leave(name, l)
		return nil, ctx.Err()
	}
}

func (ls *Named) enter(name string) *namedLock {
	ls.mu.Lock()
	defer ls.mu.Unlock()
	l := ls.named[name]
	if l == nil {
		l = &namedLock{token: make(chan struct{}, 1)}
		if ls.named == nil {
			ls.named = map[string]*namedLock{}
		}
		ls.named[name] = l
	}
	l.users++
	return l
}

func (ls *Named) leave(name string, l *namedLock) {
	ls.mu.Lock()
	defer ls.mu.Unlock()
	if l.users--; l.users == 0 {
		delete(ls.named, name)
	}
}
