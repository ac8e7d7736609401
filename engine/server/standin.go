package server

import (
	"context"
	"errors"
	"fmt"
	"slices"
	"strings"

	"github.com/authflow-studio/authflow/engine/directory"
	"github.com/authflow-studio/authflow/engine/idp"
	"github.com/authflow-studio/authflow/engine/session"
	"github.com/authflow-studio/authflow/engine/store"
)

// This file is who signs in without being asked, for the control API and the
// studio alike: the next user, and the page on which people are picked.

// Provider answers the provider, whose orders of tests the control API and the
// studio give alike.
func (h *Harness) Provider() *idp.Provider { return h.idp }

// ErrNoPerson says that nobody of that name is there.
var ErrNoPerson = errors.New("there is no such person")

// NextUser is one entry of the queue.
type NextUser struct {
	User  string `json:"user"` // as one would sign in
	ID    string `json:"id"`
	AAL   string `json:"aal"`
	Times int    `json:"times"`
}

// QueueUser lets the next authorization requests sign a person in with no page.
// The person is named as one would sign in, or by id.
func (h *Harness) QueueUser(ctx context.Context, name, aal string, times int) error {
	u, err := h.person(ctx, name)
	if err != nil {
		return err
	}
	if times < 1 {
		return fmt.Errorf("%w: times must be 1 or more", ErrOrder)
	}
	if err := h.idp.QueueUser(ctx, idp.NextUser{UserID: u.ID, AAL: session.AAL(aal), Times: times}); err != nil {
		return fmt.Errorf("%w: %w", ErrOrder, err)
	}
	return nil
}

// NextUsers answers the queue.
func (h *Harness) NextUsers(ctx context.Context) ([]NextUser, error) {
	d := h.directory()
	out := []NextUser{}
	for _, n := range h.idp.NextUsers() {
		u, err := d.Get(ctx, n.UserID)
		if err != nil && !errors.Is(err, directory.ErrNotFound) {
			return nil, err
		}
		out = append(out, NextUser{User: identifierOf(u), ID: n.UserID, AAL: string(n.AAL), Times: n.Times})
	}
	return out, nil
}

func (h *Harness) directory() *directory.Directory {
	return directory.New(store.Begin(h.core.Store), h.Clock, h.World.Random, h.hasher.Load())
}

// person answers who is meant, or an error that names those who might be.
func (h *Harness) person(ctx context.Context, name string) (directory.User, error) {
	d := h.directory()
	u, err := d.FindByIdentifier(ctx, name)
	if errors.Is(err, directory.ErrNotFound) {
		u, err = d.Get(ctx, name)
	}
	if !errors.Is(err, directory.ErrNotFound) {
		return u, err
	}
	all, err := d.List(ctx, "", 0)
	if err != nil {
		return u, err
	}
	if near := nearestPeople(name, all); len(near) > 0 {
		return u, fmt.Errorf("%w as %q; the nearest: %s", ErrNoPerson, name, strings.Join(near, ", "))
	}
	return u, fmt.Errorf("%w as %q, nor anybody else: add people to world.yaml", ErrNoPerson, name)
}

func identifierOf(u directory.User) string {
	for _, name := range []string{u.Email, u.Username, u.Phone} {
		if name != "" {
			return name
		}
	}
	return u.ID
}

// suggested bounds how many names an error tells.
const suggested = 3

func nearestPeople(name string, all []directory.User) []string {
	name = strings.ToLower(name)
	type near struct {
		name string
		far  int
	}
	var list []near
	for _, u := range all {
		best := near{identifierOf(u), distance(name, strings.ToLower(identifierOf(u)))}
		for _, other := range []string{u.Username, u.Phone} {
			if d := distance(name, strings.ToLower(other)); other != "" && d < best.far {
				best = near{other, d}
			}
		}
		list = append(list, best)
	}
	slices.SortStableFunc(list, func(a, b near) int { return a.far - b.far })
	var out []string
	for _, n := range list[:min(len(list), suggested)] {
		out = append(out, n.name)
	}
	return out
}

// distance counts the edits between two names.
func distance(a, b string) int {
	row := make([]int, len(b)+1)
	for j := range row {
		row[j] = j
	}
	for i := range len(a) {
		diagonal := row[0]
		row[0] = i + 1
		for j := range len(b) {
			change := diagonal
			if a[i] != b[j] {
				change++
			}
			diagonal = row[j+1]
			row[j+1] = min(change, row[j+1]+1, row[j]+1)
		}
	}
	return row[len(b)]
}

// personNames are those of world.yaml, in its order.
func (h *Harness) personNames() []string {
	var out []string
	for _, p := range h.People() {
		out = append(out, p.Identifier())
	}
	return out
}
