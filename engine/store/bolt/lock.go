package bolt

import (
	"context"
	"sync"
)

// locks are named locks. They need not leave the process: the file has only
// one at a time.
type locks struct {
	mu    sync.Mutex
	named map[string]*namedLock
}

type namedLock struct {
	token chan struct{} // holds one token while the lock is held
	users int           // holders and waiters, so that the last one removes it
}

// Lock excludes other holders of name; see store.Store. unlock may be called
// more than once.
func (s *Store) Lock(ctx context.Context, name string) (unlock func(), err error) {
	if err := ctx.Err(); err != nil {
		return nil, err
	}
	l := s.locks.enter(name)
	select {
	case l.token <- struct{}{}:
		return sync.OnceFunc(func() {
			<-l.token
			s.locks.leave(name, l)
		}), nil
	case <-ctx.Done():
		s.locks.leave(name, l)
		return nil, ctx.Err()
	}
}

func (ls *locks) enter(name string) *namedLock {
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

func (ls *locks) leave(name string, l *namedLock) {
	ls.mu.Lock()
	defer ls.mu.Unlock()
	if l.users--; l.users == 0 {
		delete(ls.named, name)
	}
}
