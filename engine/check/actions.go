package check

import (
	"context"
	"crypto/sha256"
	"errors"
	"sync"

	"github.com/authflow-studio/authflow/engine/script"
)

// actionCache keeps what was found in a source, so that typing in one Action
// does not read the others again.
type actionCache struct {
	mu     sync.Mutex
	issues map[[sha256.Size]byte][]script.Issue
}

var errNoScripts = errors.New("nothing here can read JavaScript")

// maxCachedActions bounds the cache; typing makes a new source each time.
const maxCachedActions = 512

func (c *Checker) scriptIssues(ctx context.Context, u script.Unit) ([]script.Issue, error) {
	if c.Scripts == nil {
		return nil, errNoScripts
	}
	key := u.Digest()
	c.actions.mu.Lock()
	known, ok := c.actions.issues[key]
	c.actions.mu.Unlock()
	if ok {
		return known, nil
	}
	issues, err := c.Scripts.Check(ctx, u)
	if err != nil {
		return nil, err
	}
	c.actions.mu.Lock()
	defer c.actions.mu.Unlock()
	if c.actions.issues == nil || len(c.actions.issues) >= maxCachedActions {
		c.actions.issues = map[[sha256.Size]byte][]script.Issue{}
	}
	c.actions.issues[key] = issues
	return issues, nil
}
