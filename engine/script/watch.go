package script

// This file is the second line of defence inside a worker: it interrupts a
// script whose time or memory is over.

import (
	"context"
	"fmt"
	"runtime"
	"runtime/metrics"
	"time"

	"github.com/dop251/goja"
)

// contextOfWorker never ends: a worker lives until it is told nothing more.
var contextOfWorker = context.Background()

// interruption is the value goja is interrupted with.
type interruption struct {
	code    Code
	message string
}

// watch looks after a running script until the answered function is called. A
// single interrupt is not enough: goja forgets it when a nested call unwinds.
func (m *machine) watch() (stop func()) {
	ended := make(chan struct{})
	go func() {
		ticker := time.NewTicker(time.Millisecond)
		defer ticker.Stop()
		for {
			select {
			case <-ended:
				return
			case <-ticker.C:
			}
			if m.debug.tooLate() {
				m.rt.Interrupt(interruption{CodeTimeout, fmt.Sprintf("going back to a moment of it took longer than %v", backLimit)})
			} else if m.budget.Exceeded() > 0 {
				m.rt.Interrupt(interruption{CodeTimeout, fmt.Sprintf("it ran longer than %v", m.call.Budget)})
			} else if m.memory > 0 && holds(m.memory) {
				m.rt.Interrupt(interruption{CodeMemory, "it holds more memory than it may have"})
			}
		}
	}()
	return func() { close(ended) }
}

// holds tells whether more than limit is in use. What looks like too much may
// be waste, of an earlier call too: that is cleared away before anyone is accused.
func holds(limit int64) bool {
	if heapInUse() <= limit {
		return false
	}
	runtime.GC()
	return heapInUse() > limit
}

func heapInUse() int64 {
	sample := []metrics.Sample{{Name: "/memory/classes/heap/objects:bytes"}}
	metrics.Read(sample)
	return int64(sample[0].Value.Uint64())
}

// newRuntime is an interpreter as every call gets it.
func newRuntime() *goja.Runtime {
	rt := goja.New()
	rt.SetMaxCallStackSize(500)
	return rt
}
