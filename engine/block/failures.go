package block

import "time"

// FailureWindow is how long a failed attempt counts.
const FailureWindow = 10 * time.Minute

// Kinds of failure counters in the directory.
const (
	FailuresByAccount = "account"
	FailuresByAddress = "ip"
)
