package directory

import (
	"context"
	"crypto/subtle"
	"encoding/base64"
	"errors"
	"fmt"
	"runtime"
	"strings"
	"sync/atomic"

	"golang.org/x/crypto/argon2"
)

// This file hashes passwords: argon2id, in a bounded pool, since each hash takes
// its memory for as long as it runs.

// Params are the costs of argon2id.
type Params struct {
	MemoryKiB uint32
	Passes    uint32
	Lanes     uint8
}

var (
	// DefaultParams are what OWASP asks for.
	DefaultParams = Params{MemoryKiB: 19 * 1024, Passes: 2, Lanes: 1}
	// CheapParams are for tests and harness projects that say so; they protect
	// nothing.
	CheapParams = Params{MemoryKiB: 64, Passes: 1, Lanes: 1}
)

const (
	saltBytes = 16
	hashBytes = 32
	maxMemory = 1 << 20 // 1 GiB: a stored hash cannot ask for more
	maxPasses = 64
)

// Hasher hashes passwords, never more at once than it has workers.
type Hasher struct {
	params  Params
	workers chan struct{}
	// computed counts hashes, for who tests that an answer costs the same whoever
	// is asked about.
	computed atomic.Int64
}

// NewHasher makes a pool; without a number of workers it takes one per core.
func NewHasher(params Params, workers int) *Hasher {
	if workers <= 0 {
		workers = runtime.GOMAXPROCS(0)
	}
	return &Hasher{params: params, workers: make(chan struct{}, workers)}
}

// Computed answers how many hashes were computed so far.
func (h *Hasher) Computed() int { return int(h.computed.Load()) }

// derive waits for a worker; ctx bounds the wait, not the work.
func (h *Hasher) derive(ctx context.Context, p Params, password string, salt []byte) ([]byte, error) {
	select {
	case h.workers <- struct{}{}:
	case <-ctx.Done():
		return nil, ctx.Err()
	}
	defer func() { <-h.workers }()
	h.computed.Add(1)
	return argon2.IDKey([]byte(password), salt, p.Passes, p.MemoryKiB, p.Lanes, hashBytes), nil
}

// hash answers the PHC string of a password.
func (h *Hasher) hash(ctx context.Context, password string, salt []byte) (string, error) {
	sum, err := h.derive(ctx, h.params, password, salt)
	if err != nil {
		return "", err
	}
	return phc{h.params, salt, sum}.String(), nil
}

// verify compares a password with a PHC string. stale says that the costs have
// changed since.
func (h *Hasher) verify(ctx context.Context, encoded, password string) (ok, stale bool, err error) {
	p, err := parsePHC(encoded)
	if err != nil {
		return false, false, err
	}
	sum, err := h.derive(ctx, p.params, password, p.salt)
	if err != nil {
		return false, false, err
	}
	return subtle.ConstantTimeCompare(sum, p.sum) == 1, p.params != h.params, nil
}

// pretend takes the time of verify and answers nothing.
func (h *Hasher) pretend(ctx context.Context, password string) error {
	_, err := h.derive(ctx, h.params, password, make([]byte, saltBytes))
	return err
}

// phc is the usual text form of a hash: $argon2id$v=19$m=…,t=…,p=…$salt$hash.
type phc struct {
	params    Params
	salt, sum []byte
}

var phcEncoding = base64.RawStdEncoding.Strict()

func (p phc) String() string {
	return fmt.Sprintf("$argon2id$v=%d$m=%d,t=%d,p=%d$%s$%s", argon2.Version,
		p.params.MemoryKiB, p.params.Passes, p.params.Lanes,
		phcEncoding.EncodeToString(p.salt), phcEncoding.EncodeToString(p.sum))
}

var errPHC = errors.New("directory: a stored password hash is not readable")

// parsePHC reads exactly what String writes.
func parsePHC(s string) (phc, error) {
	parts := strings.Split(s, "$")
	if len(parts) != 6 || parts[0] != "" || parts[1] != "argon2id" || parts[2] != fmt.Sprintf("v=%d", argon2.Version) {
		return phc{}, errPHC
	}
	var p phc
	if _, err := fmt.Sscanf(parts[3], "m=%d,t=%d,p=%d", &p.params.MemoryKiB, &p.params.Passes, &p.params.Lanes); err != nil {
		return phc{}, errPHC
	}
	var saltErr, sumErr error
	p.salt, saltErr = phcEncoding.DecodeString(parts[4])
	p.sum, sumErr = phcEncoding.DecodeString(parts[5])
	sane := p.params.Lanes > 0 && p.params.Passes > 0 && p.params.Passes <= maxPasses && p.params.MemoryKiB <= maxMemory
	if saltErr != nil || sumErr != nil || len(p.sum) != hashBytes || !sane || p.String() != s {
		return phc{}, errPHC
	}
	return p, nil
}
