package idp_test

import (
	"context"
	"errors"
	"net/http"
	"reflect"
	"testing"

	"github.com/authflow-studio/authflow/engine/idp"
	"github.com/authflow-studio/authflow/engine/session"
	"github.com/authflow-studio/authflow/engine/store"
)

// flow is a Refresher made of one function.
type flow struct {
	o   *op
	run func(ctx context.Context, g *idp.RefreshGrant) error
}

func (f *flow) Refresh(ctx context.Context, g *idp.RefreshGrant) error { return f.run(ctx, g) }

// in runs work in one unit of work and commits it.
func (f *flow) in(ctx context.Context, work func(tx *store.Tx) error) error {
	tx := store.Begin(f.o.store)
	if err := work(tx); err != nil {
		return err
	}
	return tx.Commit(ctx)
}

func newFlowOP(t *testing.T) (*op, *flow) {
	f := &flow{}
	f.o = newOPWith(t, "", 1, func(o *idp.Options) { o.Refresher = f })
	return f.o, f
}

func TestAFlowStandsBetweenARefreshTokenAndTheNext(t *testing.T) {
	o, f := newFlowOP(t)
	var event map[string]any
	f.run = func(ctx context.Context, g *idp.RefreshGrant) error {
		event = g.Event()
		return f.in(ctx, func(tx *store.Tx) error {
			check, err := g.Validate(ctx, tx)
			if err != nil || !check.Valid || check.Reused || check.UserID != "usr_ada" || check.SessionID != o.sessions()[0].ID || len(check.Scopes) != 3 {
				t.Errorf("checked %+v, %v", check, err)
			}
			mark := tx.Position()
			if err := g.Issue(ctx, tx, idp.Claims{AccessToken: map[string]any{"undone": true}}); err != nil {
				return err
			}
			tx.Return(mark) // a step back
			if again, err := g.Validate(ctx, tx); err != nil || !reflect.DeepEqual(again, check) {
				t.Errorf("checked again %+v, %v", again, err)
			}
			if err := g.Issue(ctx, tx, idp.Claims{AccessToken: map[string]any{"fresh": true, "sub": "usr_bob"}}); err != nil {
				return err
			}
			if again, err := g.Validate(ctx, tx); err != nil || !reflect.DeepEqual(again, check) {
				t.Errorf("checked after the rotation %+v, %v", again, err)
			}
			return nil
		})
	}
	first := o.offline("app")
	second := o.tokens(o.refresh("app", first.Refresh))
	if c := claims(t, second.Access); c["fresh"] != true || c["undone"] != nil || c["sub"] != "usr_ada" {
		t.Errorf("the access token says %v", c)
	}
	want := map[string]any{"client": map[string]any{"id": "app", "name": "The App"},
		"transaction": map[string]any{"scopes": []any{"openid", "email", "offline_access"}, "grant_type": "refresh_token"}}
	if !reflect.DeepEqual(event, want) {
		t.Errorf("the flow knows %v, want %v", event, want)
	}
	o.tokens(o.refresh("app", second.Refresh))
}

func TestAFlowThatRefusesLeavesTheTokenAsItWas(t *testing.T) {
	o, f := newFlowOP(t)
	validate := func(ctx context.Context, g *idp.RefreshGrant) error {
		return f.in(ctx, func(tx *store.Tx) error { _, err := g.Validate(ctx, tx); return err })
	}
	got := o.offline("app")
	for name, run := range map[string]func(ctx context.Context, g *idp.RefreshGrant) error{
		"denies": func(ctx context.Context, g *idp.RefreshGrant) error {
			return errors.Join(validate(ctx, g), errors.New("denied"))
		},
		"issues nothing": validate,
		"never commits": func(ctx context.Context, g *idp.RefreshGrant) error {
			return errors.Join(g.Issue(ctx, store.Begin(o.store), idp.Claims{}), errors.New("a crash"))
		},
		"issues, begins anew and denies": func(ctx context.Context, g *idp.RefreshGrant) error {
			return errors.Join(g.Issue(ctx, store.Begin(o.store), idp.Claims{}), validate(ctx, g))
		},
	} {
		f.run = run
		t.Log(name)
		o.wantError(o.refresh("app", got.Refresh), http.StatusBadRequest, "invalid_grant")
	}
	f.run = func(context.Context, *idp.RefreshGrant) error { return idp.ErrNoFlow }
	o.tokens(o.refresh("app", got.Refresh))
	f.run = func(ctx context.Context, _ *idp.RefreshGrant) error {
		return &store.ConflictError{Bucket: "b", ID: "i"}
	}
	o.wantError(o.refresh("app", o.offline("app").Refresh), http.StatusInternalServerError, "server_error")
	o.reports = nil
}

// TestT2_AFlowCannotHideAReuse: the family ends whatever the flow commits.
func TestT2_AFlowCannotHideAReuse(t *testing.T) {
	for name, end := range map[string]error{"the flow fails": errors.New("a crash"), "the flow goes on": nil} {
		o, f := newFlowOP(t)
		f.run = func(context.Context, *idp.RefreshGrant) error { return idp.ErrNoFlow }
		first := o.offline("app")
		second := o.tokens(o.refresh("app", first.Refresh))
		f.run = func(ctx context.Context, g *idp.RefreshGrant) error {
			check, err := g.Validate(ctx, store.Begin(o.store)) // never committed
			if err != nil || check.Valid || !check.Reused {
				t.Errorf("%s: checked %+v, %v", name, check, err)
			}
			if err := g.Issue(ctx, store.Begin(o.store), idp.Claims{}); err == nil {
				t.Error("a reused token gives tokens")
			}
			return end
		}
		o.wantError(o.refresh("app", first.Refresh), http.StatusBadRequest, "invalid_grant")
		f.run = func(context.Context, *idp.RefreshGrant) error { return idp.ErrNoFlow }
		o.dead("app", first, second)
	}
}

// TestARefreshOvertakenByAnotherSeesThat after the conflict of its commit.
func TestARefreshOvertakenByAnotherSeesThat(t *testing.T) {
	o, f := newFlowOP(t)
	got := o.offline("app")
	var inner answer
	f.run = func(ctx context.Context, g *idp.RefreshGrant) error {
		tx := store.Begin(o.store)
		if err := g.Issue(ctx, tx, idp.Claims{}); err != nil {
			return err
		}
		f.run = func(context.Context, *idp.RefreshGrant) error { return idp.ErrNoFlow }
		inner = o.refresh("app", got.Refresh) // wins
		if err := tx.Commit(ctx); !store.IsConflict(err) {
			t.Errorf("the commit answers %v", err)
		}
		return f.in(ctx, func(tx *store.Tx) error {
			check, err := g.Validate(ctx, tx)
			if check.Valid || !check.Reused {
				t.Errorf("checked %+v", check)
			}
			// The flow's own unit of work ends the family.
			if all, err := session.New(tx, o.clock, o.rnd).Families(ctx, "usr_ada"); err != nil || len(all) != 0 {
				t.Errorf("%d families are left, %v", len(all), err)
			}
			return err
		})
	}
	o.wantError(o.refresh("app", got.Refresh), http.StatusBadRequest, "invalid_grant")
	o.dead("app", o.tokens(inner))
}
