package directory

import (
	"context"
	"errors"
	"fmt"
	"time"

	"github.com/authflow-studio/authflow/engine/store"
)

// This file keeps which identity at another OpenID Provider is whose: issuer and
// subject together name one account here, or none. An address never does.

const (
	bucketFederated     = "federated"      // hash of issuer and subject → user id
	bucketUserFederated = "user_federated" // user id/that hash
)

// FederatedLink is an identity elsewhere that proves an account here.
type FederatedLink struct {
	Provider string    `json:"provider"`
	Issuer   string    `json:"issuer"`
	Subject  string    `json:"subject"`
	Created  time.Time `json:"created"`
}

// LinkedElsewhereError says that the identity proves another account.
type LinkedElsewhereError struct{ Issuer string }

func (e *LinkedElsewhereError) Error() string {
	return fmt.Sprintf("identity_linked: this identity of %s belongs to another user", e.Issuer)
}

func federatedKey(issuer, subject string) string { return hashOf(issuer + "\x00" + subject) }

// FindLinked answers whose identity that is, or ErrNotFound.
func (d *Directory) FindLinked(ctx context.Context, issuer, subject string) (User, error) {
	e, err := d.w.Get(ctx, bucketFederated, federatedKey(issuer, subject))
	if errors.Is(err, store.ErrNotFound) {
		return User{}, ErrNotFound
	}
	if err != nil {
		return User{}, fmt.Errorf("directory: %w", err)
	}
	return d.Get(ctx, string(e.Value))
}

// Link lets an identity prove an account. One that is linked to it already
// stays; one of somebody else answers a LinkedElsewhereError, here, or as a
// conflict of the commit when both come at the same moment.
func (d *Directory) Link(ctx context.Context, userID string, l FederatedLink) error {
	if l.Issuer == "" || l.Subject == "" {
		return &InvalidError{"identity", "needs issuer and subject"}
	}
	if _, err := d.Get(ctx, userID); err != nil {
		return err
	}
	key := federatedKey(l.Issuer, l.Subject)
	switch e, err := d.w.Get(ctx, bucketFederated, key); {
	case err == nil && string(e.Value) == userID:
		return nil
	case err == nil:
		return &LinkedElsewhereError{l.Issuer}
	case !errors.Is(err, store.ErrNotFound):
		return fmt.Errorf("directory: %w", err)
	}
	l.Created = d.clock.Now().UTC()
	d.w.Create(bucketFederated, key, []byte(userID), time.Time{})
	return d.write(bucketUserFederated, userID+"/"+key, l, time.Time{})
}

// Links answers the identities that prove an account.
func (d *Directory) Links(ctx context.Context, userID string) ([]FederatedLink, error) {
	entries, err := d.w.List(ctx, bucketUserFederated, userID+"/", "", 0)
	if err != nil {
		return nil, fmt.Errorf("directory: %w", err)
	}
	var out []FederatedLink
	for _, e := range entries {
		var l FederatedLink
		if err := parse(e, &l); err != nil {
			return nil, err
		}
		out = append(out, l)
	}
	return out, nil
}

// Unlink takes an identity away from an account; one that is not its own stays.
func (d *Directory) Unlink(ctx context.Context, userID, issuer, subject string) error {
	key := federatedKey(issuer, subject)
	e, err := d.w.Get(ctx, bucketFederated, key)
	if errors.Is(err, store.ErrNotFound) || err == nil && string(e.Value) != userID {
		return nil
	}
	if err != nil {
		return fmt.Errorf("directory: %w", err)
	}
	d.w.Delete(bucketFederated, key)
	d.w.Delete(bucketUserFederated, userID+"/"+key)
	return nil
}

// forgetLinks removes the identities of a user that is deleted.
func (d *Directory) forgetLinks(ctx context.Context, userID string) error {
	links, err := d.Links(ctx, userID)
	if err != nil {
		return err
	}
	for _, l := range links {
		if err := d.Unlink(ctx, userID, l.Issuer, l.Subject); err != nil {
			return err
		}
	}
	return nil
}
