//go:build !linux

package script

// This file bounds a worker where only the Go runtime can: the engine ends a
// worker that does not end by itself, and the heap watch ends a greedy script.

import (
	"runtime"
	"runtime/debug"
	"time"
)

func limitProcess(memory int64) {
	runtime.GOMAXPROCS(2)
	debug.SetGCPercent(400) // a call leaves little behind: the limit on memory bounds what is kept
	debug.SetMemoryLimit(2 * memory)
	debug.SetMaxStack(64 << 20)
}

func limitCPU(time.Duration) {}
