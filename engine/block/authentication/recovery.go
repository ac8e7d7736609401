package authentication

import (
	"errors"

	"github.com/authflow-studio/authflow/engine/block"
	"github.com/authflow-studio/authflow/engine/session"
)

// This file is what follows when a factor was added: what it ends, and the
// recovery codes that are shown once.

// Which sessions end when a factor has changed.
const (
	endOthers = "others"
	endNone   = "none"
)

// endSessionsField is the choice that docs/sessions.md promises, with its
// default.
var endSessionsField = block.Field{Name: "end_sessions", Title: "When a factor was added", Kind: block.Choice, Default: endOthers,
	Help:    "Whoever is signed in elsewhere without the new factor has to sign in again. Devices are no longer spared the second factor in either case.",
	Options: []block.Option{{Value: endOthers, Title: "End all other sessions"}, {Value: endNone, Title: "Leave the other sessions"}}}

// factorAdded records a new factor, ends what was trusted without it, and the
// other sessions if the block says so.
func factorAdded(c *block.Call, env *block.Env, factor string) error {
	userID := c.EventText("user.id")
	if err := env.Directory.DistrustDevices(c.Ctx, userID); err != nil {
		return err
	}
	if err := recordFactor(c, env, "factor.added", factor); err != nil {
		return err
	}
	if which, _ := c.Text("end_sessions"); which == endNone {
		return nil
	}
	own, err := env.Sessions.Find(c.Ctx, env.Carried.Session)
	if err != nil && !errors.Is(err, session.ErrNotFound) {
		return err
	}
	if own.UserID != userID { // this browser has none to keep
		_, err = env.Sessions.EndUser(c.Ctx, userID, session.ReasonFactorChanged)
		return err
	}
	_, err = env.Sessions.EndOthers(c.Ctx, userID, own.ID, session.ReasonFactorChanged)
	return err
}

// added does so for this block, and answers the person as they are now.
func (e enrolling) added(env *block.Env, factor string) (map[string]any, error) {
	if err := factorAdded(e.Call, env, factor); err != nil {
		return nil, err
	}
	u, err := env.Directory.Get(e.Ctx, e.userID)
	return block.UserEvent(u), err
}

// enrolled takes the first use of a factor for its proof.
func (e enrolling) enrolled(factor string, user map[string]any) (block.Result, error) {
	now, err := e.Now()
	if err != nil {
		return block.Result{}, err
	}
	e.SetEvent("user", user)
	e.SetSubject(e.Call.Subject.With(e.userID, methodOf(factor), now.UnixMilli()))
	return e.afterwards(factor)
}

// afterwards shows recovery codes to who has none, and leaves.
func (e enrolling) afterwards(factor string) (block.Result, error) {
	if e.Bool("recovery_codes") {
		left, err := block.Effect(e.Call, "recovery.left", map[string]any{"user_id": e.userID}, func(env *block.Env) (int, error) {
			return env.Directory.RecoveryCodesLeft(e.Ctx, e.userID)
		})
		if err != nil {
			return block.Result{}, err
		}
		if left == 0 {
			return e.showCodes(factor)
		}
	}
	return block.Go("ok", map[string]any{"enrolled": true, "factor": factor}), nil
}

// drawnCodes is a new set: where it can be read until it is kept, and the
// person that has it.
type drawnCodes struct {
	Reveal string         `json:"reveal"`
	User   map[string]any `json:"user"`
}

// showCodes draws a new set, which ends the old one. The codes themselves are
// in no part of the run: the page reads them from where they wait.
func (e enrolling) showCodes(factor string) (block.Result, error) {
	drawn, err := block.Effect(e.Call, "recovery.draw", map[string]any{"user_id": e.userID}, func(env *block.Env) (drawnCodes, error) {
		id, err := env.Directory.DrawRecoveryCodes(e.Ctx, e.userID)
		if err != nil {
			return drawnCodes{}, err
		}
		if factor == Recovery {
			user, err := e.added(env, Recovery)
			return drawnCodes{Reveal: id, User: user}, err
		}
		u, err := env.Directory.Get(e.Ctx, e.userID)
		if err == nil {
			err = recordFactor(e.Call, env, "factor.added", Recovery)
		}
		return drawnCodes{Reveal: id, User: block.UserEvent(u)}, err
	})
	if err != nil {
		return block.Result{}, err
	}
	e.SetEvent("user", drawn.User)
	e.Remember("doing", "codes")
	e.Remember("factor", factor)
	e.Remember("reveal", drawn.Reveal)
	return block.Ask(block.PageRequest{Template: "mfa/recovery_codes.html", Reveal: drawn.Reveal,
		Model: map[string]any{"title": "page.recovery_codes.title", "intro": "page.recovery_codes.intro", "submit": "button.codes_kept"}}), nil
}

// codesKept ends the showing.
func (e enrolling) codesKept() (block.Result, error) {
	id := e.RecallText("reveal")
	_, err := block.Effect(e.Call, "recovery.kept", map[string]any{"user_id": e.userID}, func(env *block.Env) (block.Void, error) {
		env.Directory.HideRecoveryCodes(id)
		return block.Void{}, nil
	})
	return block.Go("ok", map[string]any{"enrolled": true, "factor": e.RecallText("factor")}), err
}
