package server

import (
	"bytes"
	"context"
	"errors"
	"fmt"
	"os"
	"sort"
	"time"

	"github.com/go-json-experiment/json"

	"github.com/authflow-studio/authflow/engine/bundle"
	"github.com/authflow-studio/authflow/engine/check"
	"github.com/authflow-studio/authflow/engine/check/contract"
	"github.com/authflow-studio/authflow/engine/flow"
	"github.com/authflow-studio/authflow/engine/store"
)

// This file brings bundles into service, and back (rules B3, B4).

// bundlesBucket holds the bundles that were active, by digest, and what must be
// known of them after a restart.
const bundlesBucket = "bundles"

const (
	// highestID stands for the highest revision that was ever active.
	highestID = "@highest"
	// activeID stands for the digest that is active.
	activeID = "@active"
	// keptBundles bounds how many bundles can be rolled back to.
	keptBundles = 5
)

// Activation says how a bundle is to be activated.
type Activation struct {
	// Expect is the digest that it must have; empty: any.
	Expect string
	// DryRun judges it and changes nothing.
	DryRun bool
	// Rollback allows a revision that is lower than one that was active.
	Rollback bool
}

// keptBundle is one that was active.
type keptBundle struct {
	Digest      string    `json:"digest"`
	Version     string    `json:"version"`
	Revision    int       `json:"revision,omitzero"`
	ActivatedAt time.Time `json:"activated_at"`
	Data        []byte    `json:"data"`
}

// ActivateFile reads, checks and activates a bundle: at once for new runs, or
// not at all (rule B3). Runs under way stay on what they began with (rule X8).
func (s *Server) ActivateFile(ctx context.Context, path string) error {
	data, err := os.ReadFile(path)
	if err != nil {
		s.activating.Lock()
		defer s.activating.Unlock()
		return s.refuse(ctx, fmt.Errorf("bundle: %w", err), nil)
	}
	return s.Activate(ctx, data, Activation{})
}

// Activate checks and activates a bundle. A *RefusedError says why it did not
// become active; the one before stays.
func (s *Server) Activate(ctx context.Context, data []byte, a Activation) error {
	s.activating.Lock()
	defer s.activating.Unlock()
	policy := s.policy
	policy.Now = s.World.Clock.Now()
	b, err := bundle.Load(bytes.NewReader(data), int64(len(data)), policy)
	if err != nil {
		return s.refuseIn(ctx, a, err, nil)
	}
	if a.Expect != "" && b.Manifest.Digest != a.Expect {
		return s.refuseIn(ctx, a, &bundle.Error{Code: bundle.CodeExpected, Message: fmt.Sprintf("the bundle is %.12s, and %.12s was asked for", b.Manifest.Digest, a.Expect)}, nil)
	}
	if problems, err := s.judge(ctx, b, a); err != nil {
		return s.refuseIn(ctx, a, err, problems)
	}
	tried, err := Smoke(ctx, b.Project(), s.scripts)
	if err != nil {
		return s.refuseIn(ctx, a, err, nil)
	}
	if a.DryRun {
		return nil
	}
	return s.activate(ctx, b, data, a, len(tried))
}

// refuseIn answers a refusal; a dry run leaves no trace of it.
func (s *Server) refuseIn(ctx context.Context, a Activation, cause error, problems []check.Problem) error {
	if !a.DryRun {
		return s.refuse(ctx, cause, problems)
	}
	return &RefusedError{refusalOf(s.World.Clock.Now(), cause, problems), cause}
}

// judge makes the server's own check of everything; the builder's verdict counts
// for nothing.
func (s *Server) judge(ctx context.Context, b *bundle.Bundle, a Activation) ([]check.Problem, error) {
	if err := s.judgeRevision(ctx, b.Manifest, a); err != nil {
		return nil, err
	}
	problems := s.checker.Project(ctx, b.Project(), nil)
	if check.HasErrors(problems) {
		return problems, fmt.Errorf("its flows have errors, the first: %s", firstError(problems).Message)
	}
	if broken := s.brokenContract(b.Project()); broken != nil {
		return nil, broken
	}
	for _, needed := range b.Manifest.Secrets {
		if _, err := s.Secrets(ctx, needed.Name); err != nil {
			return nil, &bundle.Error{Code: bundle.CodeSecretMissing, Message: err.Error(), Hint: "supply it to the server, and activate the bundle again"}
		}
	}
	return nil, nil
}

// judgeRevision refuses what is older than what was active once, unless it is a
// rollback, or what a rollback has made active.
func (s *Server) judgeRevision(ctx context.Context, m bundle.Manifest, a Activation) error {
	highest, err := store.Begin(s.Store).Count(ctx, bundlesBucket, highestID)
	if err != nil {
		return err
	}
	if int64(m.Revision) >= highest || a.Rollback {
		return nil
	}
	active, err := s.Store.Get(ctx, bundlesBucket, activeID)
	if err == nil && string(active.Value) == m.Digest {
		return nil
	}
	if err != nil && !errors.Is(err, store.ErrNotFound) {
		return err
	}
	return &bundle.Error{Code: bundle.CodeRevision, Message: fmt.Sprintf("the bundle has revision %d, and %d was active here", m.Revision, highest),
		Hint: "export it with --previous, or roll back if an older one is meant"}
}

func (s *Server) activate(ctx context.Context, b *bundle.Bundle, data []byte, a Activation, tried int) error {
	if err := s.use(ctx, b.Project()); err != nil {
		return s.refuse(ctx, err, nil)
	}
	active := &ActiveBundle{Digest: b.Manifest.Digest, Name: b.Manifest.Name, Version: b.Manifest.Version, Revision: b.Manifest.Revision, Scope: b.Manifest.Scope, Expires: b.Manifest.Expires, SignedBy: b.Verified, SmokeTests: tried, ActivatedAt: s.World.Clock.Now().UTC()}
	s.mu.Lock()
	if before := s.status.Active; before != nil && before.Digest != active.Digest {
		s.status.Previous = before
	}
	s.status.Active = active
	s.mu.Unlock()
	s.metrics.activated(active)
	s.Log.Info("a bundle is active", "digest", active.Digest, "name", active.Name, "version", active.Version, "rollback", a.Rollback)
	kind := "bundle.activated"
	if a.Rollback {
		kind = "bundle.rolled_back"
	}
	return errors.Join(s.keepBundle(ctx, active, data), s.note(ctx, kind, map[string]any{"digest": active.Digest, "version": active.Version, "revision": active.Revision, "signed_by": active.SignedBy}))
}

// keepBundle keeps a bundle for a rollback, and forgets the oldest.
func (s *Server) keepBundle(ctx context.Context, active *ActiveBundle, data []byte) error {
	kept, err := s.kept(ctx)
	if err != nil {
		return err
	}
	text, err := json.Marshal(keptBundle{active.Digest, active.Version, active.Revision, active.ActivatedAt, data})
	if err != nil {
		return err
	}
	tx := store.Begin(s.Store)
	highest, err := tx.Count(ctx, bundlesBucket, highestID)
	if err != nil {
		return err
	}
	if more := int64(active.Revision) - highest; more > 0 {
		tx.Add(bundlesBucket, highestID, more, time.Time{})
	}
	replaced, err := s.replace(ctx, tx, active.Digest)
	if err != nil {
		return err
	}
	tx.Overwrite(bundlesBucket, activeID, []byte(active.Digest), time.Time{})
	tx.Overwrite(bundlesBucket, active.Digest, text, time.Time{})
	others := 0
	for _, k := range kept {
		if k.Digest == active.Digest {
			continue
		}
		if others++; others >= keptBundles {
			tx.Remove(bundlesBucket, k.Digest)
		}
	}
	if err := tx.Commit(ctx); err != nil {
		return err
	}
	s.draining.Store(&replaced)
	return nil
}

// kept answers the bundles that can be rolled back to, the last one first.
func (s *Server) kept(ctx context.Context) ([]keptBundle, error) {
	entries, err := s.Store.List(ctx, bundlesBucket, "", "", 0)
	if err != nil {
		return nil, fmt.Errorf("bundles: %w", err)
	}
	var out []keptBundle
	for _, e := range entries {
		if e.ID == highestID || e.ID == activeID || e.ID == replacedID {
			continue
		}
		var k keptBundle
		if err := json.Unmarshal(e.Value, &k); err != nil {
			return nil, fmt.Errorf("bundles: the kept %.12s cannot be read: %w", e.ID, err)
		}
		out = append(out, k)
	}
	sort.SliceStable(out, func(i, j int) bool { return out[i].ActivatedAt.After(out[j].ActivatedAt) })
	return out, nil
}

// Rollback activates a bundle that was active before, from the store alone; an
// empty digest is the one before the one that is active.
func (s *Server) Rollback(ctx context.Context, digest string) error {
	kept, err := s.kept(ctx)
	if err != nil {
		return err
	}
	s.mu.Lock()
	now := ""
	if s.status.Active != nil {
		now = s.status.Active.Digest
	}
	s.mu.Unlock()
	for _, k := range kept {
		if digest == "" && k.Digest != now || digest != "" && k.Digest == digest {
			return s.Activate(ctx, k.Data, Activation{Expect: k.Digest, Rollback: true})
		}
	}
	if digest == "" {
		return fmt.Errorf("no other bundle was active here")
	}
	return fmt.Errorf("the bundle %.12s was never active here, or it is too long ago: the last %d are kept", digest, keptBundles)
}

// brokenContract proves the contracts again, whatever the builder said of them.
func (s *Server) brokenContract(p *flow.Project) error {
	results, bad := (&contract.Prover{Catalogue: s.engine.Catalogue}).Project(p)
	if len(bad) > 0 {
		return &bundle.Error{Code: bundle.CodeContract, Path: bad[0].File, Message: bad[0].Message, Hint: bad[0].Hint}
	}
	for _, r := range results {
		if r.Verdict == contract.Refuted {
			return &bundle.Error{Code: bundle.CodeContract, Path: r.File, Message: fmt.Sprintf("the contract %q is refuted", r.Name), Hint: "authflow check shows the path that breaks it"}
		}
	}
	return nil
}

func firstError(problems []check.Problem) check.Problem {
	for _, p := range problems {
		if p.Severity == check.Error {
			return p
		}
	}
	return check.Problem{}
}

// refuse keeps what is active and says why.
func (s *Server) refuse(ctx context.Context, cause error, problems []check.Problem) error {
	r := refusalOf(s.World.Clock.Now(), cause, problems)
	s.mu.Lock()
	s.status.Refused = &r
	s.mu.Unlock()
	s.metrics.refused.WithLabelValues(r.Code).Inc()
	s.Log.Error("a bundle was refused", "code", r.Code, "reason", r.Message)
	err := s.note(ctx, "bundle.refused", map[string]any{"code": r.Code, "reason": r.Message})
	return errors.Join(&RefusedError{r, cause}, err)
}

func refusalOf(now time.Time, cause error, problems []check.Problem) Refusal {
	r := Refusal{At: now.UTC(), Code: "bundle_check", Message: cause.Error(), Problems: problems}
	var be *bundle.Error
	if errors.As(cause, &be) {
		r.Code = string(be.Code)
	}
	return r
}
