package block

import (
	"context"
	"errors"
	"time"

	"github.com/authflow-studio/authflow/engine/directory"
)

// FailureWindow is how long a failed attempt counts where nobody says otherwise.
const FailureWindow = 10 * time.Minute

// Kinds of failure counters in the directory.
const (
	FailuresByAccount = "account"
	FailuresByAddress = "ip"
)

// FailureAccount answers under what failures of an identifier are counted: the
// account that has it, or itself, so that unknown accounts count alike.
func FailureAccount(ctx context.Context, env *Env, identifier string) (string, error) {
	u, err := env.Directory.FindByIdentifier(ctx, identifier)
	if errors.Is(err, directory.ErrNotFound) {
		return identifier, nil
	}
	return u.ID, err
}

// CountFailure notes a failed attempt on an account and from an address. It is
// called inside an effect.
func CountFailure(ctx context.Context, env *Env, account, ip string) error {
	if _, err := env.Directory.CountFailure(ctx, FailuresByAccount, account, FailureWindow); err != nil {
		return err
	}
	if ip == "" {
		return nil
	}
	_, err := env.Directory.CountFailure(ctx, FailuresByAddress, ip, FailureWindow)
	return err
}
