package script

// This file lets the operating system bound a worker on Linux.

import (
	"os"
	"runtime"
	"runtime/debug"
	"strconv"
	"strings"
	"syscall"
	"time"
)

// overhead is what the Go runtime may take beside an Action's own values: it
// reserves memory in pieces of 64 MiB and collects garbage late.
const overhead = 256 << 20

// limitProcess bounds this process for good. Where it fails the other limits
// still stand, so that it does not stop the worker.
func limitProcess(memory int64) {
	runtime.GOMAXPROCS(2)
	debug.SetGCPercent(400) // a call leaves little behind: the limit on memory bounds what is kept
	debug.SetMemoryLimit(2 * memory)
	debug.SetMaxStack(64 << 20)
	space := uint64(addressSpace() + 2*memory + overhead)
	_ = syscall.Setrlimit(syscall.RLIMIT_AS, &syscall.Rlimit{Cur: space, Max: space})
	_ = syscall.Setrlimit(syscall.RLIMIT_CORE, &syscall.Rlimit{})
	_ = syscall.Setrlimit(syscall.RLIMIT_FSIZE, &syscall.Rlimit{})
}

// addressSpace is what the process has mapped already.
func addressSpace() int64 {
	text, err := os.ReadFile("/proc/self/statm")
	if err != nil {
		return 1 << 32
	}
	pages, _, _ := strings.Cut(string(text), " ")
	n, err := strconv.ParseInt(pages, 10, 64)
	if err != nil {
		return 1 << 32
	}
	return n * int64(os.Getpagesize())
}

// limitCPU lets this process use the budget and a little more from now on. It
// matters when the engine is gone and cannot end a worker that hangs.
func limitCPU(budget time.Duration) {
	var used syscall.Rusage
	if syscall.Getrusage(syscall.RUSAGE_SELF, &used) != nil {
		return
	}
	seconds := used.Utime.Sec + used.Stime.Sec + 2*int64(budget/time.Second) + 10
	var now syscall.Rlimit
	if syscall.Getrlimit(syscall.RLIMIT_CPU, &now) != nil {
		return
	}
	now.Cur = min(uint64(seconds), now.Max)
	_ = syscall.Setrlimit(syscall.RLIMIT_CPU, &now)
}
