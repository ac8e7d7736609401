package script

// This file keeps what a Host has answered, so that a moment of a call can be
// come to again without asking anybody.

import (
	"fmt"
	"reflect"
	"sync"
)

// Answers are what a Host answered in a call, in order. They hold secrets and
// are nothing that can be written down: they live in memory only.
type Answers struct {
	mu    sync.Mutex
	given []given
	next  int
}

type given struct {
	ask   ask
	reply reply
	err   error
}

// Len is how many there are.
func (a *Answers) Len() int {
	a.mu.Lock()
	defer a.mu.Unlock()
	return len(a.given)
}

func (a *Answers) rewind() {
	a.mu.Lock()
	defer a.mu.Unlock()
	a.next = 0
}

// again answers what was answered before. Until the moment that is to be come
// to again nothing else may be asked; after it the call may go another way.
func (a *Answers) again(q ask, before bool) (given, bool, error) {
	a.mu.Lock()
	defer a.mu.Unlock()
	if q.Nth > 0 && q.Nth-1 < a.next { // the worker went back and asks what it has not asked on this way
		a.given, a.next = a.given[:q.Nth-1], q.Nth-1
	}
	if a.next < len(a.given) && same(a.given[a.next].ask, q) {
		a.next++
		return a.given[a.next-1], true, nil
	}
	if before {
		return given{}, false, fmt.Errorf("it asked for %s, which it did not the first time", q.Kind)
	}
	a.given = a.given[:a.next]
	return given{}, false, nil
}

func (a *Answers) keep(g given) {
	a.mu.Lock()
	defer a.mu.Unlock()
	a.given = append(a.given, g)
	a.next = len(a.given)
}

func same(a, b ask) bool {
	return a.Kind == b.Kind && a.Bytes == b.Bytes && a.Name == b.Name && reflect.DeepEqual(a.Request, b.Request)
}

// tape is the worker's own: what it has been answered in a call, and when.
type tape struct {
	given []given
	next  int
}

// play answers from the tape. ok is false if the host must be asked.
func (t *tape) play(q ask, before bool) (r reply, ok bool, err error) {
	if t.next < len(t.given) && same(t.given[t.next].ask, q) {
		t.next++
		return t.given[t.next-1].reply, true, nil
	}
	if before {
		return reply{}, false, fmt.Errorf("it asked for %s, which it did not the first time", q.Kind)
	}
	t.given = t.given[:t.next]
	return reply{}, false, nil
}

func (t *tape) record(q ask, r reply) {
	t.given = append(t.given, given{ask: q, reply: r})
	t.next = len(t.given)
}
