package store

import (
	"math"
	"time"
)

// Times outside of these do not fit in 64 bits of nanoseconds.
var (
	earliest = time.Unix(0, math.MinInt64)
	latest   = time.Unix(0, math.MaxInt64)
)

// Expiry answers a time as stores keep it, in nanoseconds since 1970; the zero
// time is 0, never.
func Expiry(t time.Time) int64 {
	switch {
	case t.IsZero():
		return 0
	case t.Before(earliest):
		return math.MinInt64
	case t.After(latest):
		return math.MaxInt64
	case t.UnixNano() == 0:
		return 1 // 0 is taken
	}
	return t.UnixNano()
}
