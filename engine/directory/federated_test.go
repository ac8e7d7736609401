package directory_test

import (
	"context"
	"errors"
	"testing"

	"github.com/authflow-studio/authflow/engine/directory"
	"github.com/authflow-studio/authflow/engine/store"
)

var elsewhere = directory.FederatedLink{Provider: "example", Issuer: "https://id.example.com", Subject: "1001"}

func TestALinkedIdentityIsFound(t *testing.T) {
	h, ctx := newHouse(t), context.Background()
	ada := h.create(directory.User{Email: "ada@example.com"})
	h.do(func(d *directory.Directory) error { return d.Link(ctx, ada.ID, elsewhere) })
	h.do(func(d *directory.Directory) error { return d.Link(ctx, ada.ID, elsewhere) }) // again is no error
	h.do(func(d *directory.Directory) error {
		u, err := d.FindLinked(ctx, elsewhere.Issuer, elsewhere.Subject)
		if err != nil || u.ID != ada.ID {
			t.Errorf("%v %v", u, err)
		}
		for _, other := range [][2]string{{elsewhere.Issuer + "/", elsewhere.Subject}, {elsewhere.Issuer, "1002"}, {"https://other.example", elsewhere.Subject}} {
			if _, err := d.FindLinked(ctx, other[0], other[1]); !errors.Is(err, directory.ErrNotFound) {
				t.Errorf("%v is linked: %v", other, err)
			}
		}
		links, err := d.Links(ctx, ada.ID)
		if len(links) != 1 || links[0].Provider != "example" || links[0].Created.IsZero() {
			t.Errorf("%v", links)
		}
		return err
	})
}

// Two accounts cannot share one identity, not even when both come at the same
// moment.
func TestAnIdentityProvesOneAccount(t *testing.T) {
	h, ctx := newHouse(t), context.Background()
	ada, mallory := h.create(directory.User{Username: "ada"}), h.create(directory.User{Username: "mallory"})
	one, two := store.Begin(h.store), store.Begin(h.store)
	if err := errors.Join(h.over(one).Link(ctx, ada.ID, elsewhere), h.over(two).Link(ctx, mallory.ID, elsewhere)); err != nil {
		t.Fatal(err)
	}
	if err := one.Commit(ctx); err != nil {
		t.Fatal(err)
	}
	if err := two.Commit(ctx); !store.IsConflict(err) {
		t.Errorf("the second commit: %v", err)
	}
	var taken *directory.LinkedElsewhereError
	if err := h.try(func(d *directory.Directory) error { return d.Link(ctx, mallory.ID, elsewhere) }); !errors.As(err, &taken) {
		t.Errorf("the second link: %v", err)
	}
	if err := h.try(func(d *directory.Directory) error { return d.Link(ctx, "usr_nobody", elsewhere) }); !errors.Is(err, directory.ErrNotFound) {
		t.Errorf("nobody: %v", err)
	}
}

func TestADeletedAccountLeavesItsIdentities(t *testing.T) {
	h, ctx := newHouse(t), context.Background()
	ada, next := h.create(directory.User{Username: "ada"}), h.create(directory.User{Username: "next"})
	h.do(func(d *directory.Directory) error { return d.Link(ctx, ada.ID, elsewhere) })
	h.do(func(d *directory.Directory) error { return d.Unlink(ctx, next.ID, elsewhere.Issuer, elsewhere.Subject) }) // not its own
	h.do(func(d *directory.Directory) error {
		_, err := d.FindLinked(ctx, elsewhere.Issuer, elsewhere.Subject)
		return err
	})
	h.do(func(d *directory.Directory) error { return d.Delete(ctx, ada.ID) })
	h.do(func(d *directory.Directory) error { return d.Link(ctx, next.ID, elsewhere) })
	h.do(func(d *directory.Directory) error { return d.Unlink(ctx, next.ID, elsewhere.Issuer, elsewhere.Subject) })
	h.do(func(d *directory.Directory) error {
		if _, err := d.FindLinked(ctx, elsewhere.Issuer, elsewhere.Subject); !errors.Is(err, directory.ErrNotFound) {
			t.Errorf("it is still linked: %v", err)
		}
		links, err := d.Links(ctx, ada.ID)
		if len(links) != 0 {
			t.Errorf("%v", links)
		}
		return err
	})
}
