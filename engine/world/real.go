package world

import (
	"crypto/rand"
	"time"
)

// SystemClock is the machine's clock.
type SystemClock struct{}

// Now answers the machine's time.
func (SystemClock) Now() time.Time { return time.Now() }

// SystemRandom is the machine's randomness.
type SystemRandom struct{}

// Read fills p. crypto/rand.Read ends the program when the system has no
// randomness, which is right: nothing secret may be made without it.
func (SystemRandom) Read(p []byte) { _, _ = rand.Read(p) }

// NoNetworks knows nothing of any address, except that this machine's own are
// loopback.
type NoNetworks struct{}

// Lookup answers what is known of an address.
func (NoNetworks) Lookup(ip string) Network { return local(ip) }
