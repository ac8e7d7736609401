package server

import (
	"context"
	"errors"
	"fmt"

	"github.com/authflow-studio/authflow/engine/directory"
	"github.com/authflow-studio/authflow/engine/session"
	"github.com/authflow-studio/authflow/engine/store"
	"github.com/authflow-studio/authflow/engine/world"
)

// seedPeople creates the people who are not there yet. With reset everybody
// else is removed first and everybody starts over.
func seedPeople(ctx context.Context, c *core, people []world.Person, reset bool) error {
	tx := store.Begin(c.Store)
	d := directory.New(tx, c.World.Clock, c.World.Random, c.hasher.Load())
	if reset {
		if err := removeAll(ctx, c, tx, d); err != nil {
			return err
		}
	}
	for i, p := range people {
		if p.ID != "" {
			if _, err := d.Get(ctx, p.ID); err == nil {
				continue
			} else if !errors.Is(err, directory.ErrNotFound) {
				return err
			}
		} else if _, err := d.FindByIdentifier(ctx, p.Identifier()); err == nil {
			continue
		}
		if err := createPerson(ctx, d, p); err != nil {
			return fmt.Errorf("people[%d] (%s): %w", i, p.Identifier(), err)
		}
	}
	return tx.Commit(ctx)
}

func removeAll(ctx context.Context, c *core, tx *store.Tx, d *directory.Directory) error {
	users, err := d.List(ctx, "", 0)
	if err != nil {
		return err
	}
	sessions := session.New(tx, c.World.Clock, c.World.Random)
	for _, u := range users {
		if _, err := sessions.RevokeUser(ctx, u.ID); err != nil {
			return err
		}
		if err := d.Delete(ctx, u.ID); err != nil {
			return err
		}
	}
	return nil
}

func createPerson(ctx context.Context, d *directory.Directory, p world.Person) error {
	status := directory.Active
	if p.Deactivated {
		status = directory.Deactivated
	}
	u, err := d.Create(ctx, directory.User{ID: p.ID, Email: p.Email, Username: p.Username, Phone: p.Phone, Name: p.Name, Status: status,
		EmailVerified: p.EmailVerified, PhoneVerified: p.PhoneVerified, AppMetadata: p.AppMetadata, UserMetadata: p.UserMetadata})
	if err != nil {
		return err
	}
	if p.Password != "" {
		if err := d.SetPassword(ctx, u.ID, p.Password); err != nil {
			return err
		}
	}
	if p.TOTPSecret != "" {
		_, _, err = d.EnrollTOTP(ctx, u.ID, "Authflow", p.TOTPSecret)
	}
	return err
}
