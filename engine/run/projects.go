package run

import (
	"context"
	"fmt"
	"sync"
	"time"

	"github.com/go-json-experiment/json"

	"github.com/authflow-studio/authflow/engine/flow"
	"github.com/authflow-studio/authflow/engine/store"
)

// ProjectsBucket holds what runs under way began with (rule X8), by digest.
const ProjectsBucket = "projects"

// maxCached bounds how many versions of projects are held in memory.
const maxCached = 64

// projects answers project versions by digest, from memory or from the store,
// so that another process can continue a run on the version it began with.
type projects struct {
	mu     sync.Mutex
	parsed map[string]*flow.Project
	stored map[string]time.Time // until when the store holds a version
}

// keepLonger is added to what is asked, so that a version is not written again
// for each run.
const keepLonger = 24 * time.Hour

// keep writes the version, so that it can be had until the given time; when the
// store is known to hold it long enough, nothing is written.
func (c *projects) keep(w store.Writer, p *flow.Project, until time.Time) error {
	c.mu.Lock()
	c.remember(p)
	held := c.stored[p.Digest]
	c.mu.Unlock()
	if held.After(until) {
		return nil
	}
	text, err := json.Marshal(p.Files, json.Deterministic(true))
	if err != nil {
		return fmt.Errorf("run: %w", err)
	}
	w.Put(ProjectsBucket, p.Digest, text, until.Add(keepLonger))
	return nil
}

// kept notes that what keep wrote was committed.
func (c *projects) kept(p *flow.Project, until time.Time) {
	c.mu.Lock()
	defer c.mu.Unlock()
	if !c.stored[p.Digest].After(until) {
		c.stored[p.Digest] = until.Add(keepLonger)
	}
}

// remember needs the lock.
func (c *projects) remember(p *flow.Project) {
	if c.parsed == nil {
		c.parsed, c.stored = map[string]*flow.Project{}, map[string]time.Time{}
	}
	if len(c.parsed) >= maxCached {
		for digest := range c.parsed {
			delete(c.parsed, digest)
			break
		}
	}
	c.parsed[p.Digest] = p
}

// get answers the version with that digest.
func (c *projects) get(ctx context.Context, r store.Reader, digest string) (*flow.Project, error) {
	c.mu.Lock()
	p := c.parsed[digest]
	c.mu.Unlock()
	if p != nil {
		return p, nil
	}
	entry, err := r.Get(ctx, ProjectsBucket, digest)
	if err != nil {
		return nil, fmt.Errorf("run: the project version %.12s that the run began with: %w", digest, err)
	}
	files := map[string][]byte{}
	if err := json.Unmarshal(entry.Value, &files); err != nil {
		return nil, fmt.Errorf("run: the project version %.12s cannot be read: %w", digest, err)
	}
	p, problems := flow.Parse(files)
	if len(problems) > 0 {
		return nil, fmt.Errorf("run: the project version %.12s: %w", digest, problems[0])
	}
	c.mu.Lock()
	c.remember(p)
	c.mu.Unlock()
	return p, nil
}
