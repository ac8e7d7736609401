package cli

import (
	"context"
	"errors"
	"fmt"
	"net/url"
	"os"
	"strings"

	"github.com/authflow-studio/authflow/engine/store"
	"github.com/authflow-studio/authflow/engine/store/bolt"
	"github.com/authflow-studio/authflow/engine/store/postgres"
	"github.com/authflow-studio/authflow/engine/world"
)

// This file is where a server's data is: a file, or a database that several
// servers share.

// storeVariable holds the address of the store where --store says nothing;
// storePassword the password of a database. Each may end in _FILE instead.
const (
	storeVariable = "AUTHFLOW_STORE"
	storePassword = "AUTHFLOW_STORE_PASSWORD"
	storeFile     = "authflow.db"
)

const storeUsage = "file that holds users, sessions, runs and keys, or postgres://USER@HOST/DATABASE for several servers\n(default AUTHFLOW_STORE, or authflow.db); its password is AUTHFLOW_STORE_PASSWORD, or in the file that AUTHFLOW_STORE_PASSWORD_FILE names"

// openServing opens the store of a server, and makes it if it is not there.
func openServing(ctx context.Context, name string) (store.Store, error) {
	where, err := storeAt(name)
	if err != nil {
		return nil, err
	}
	if isDatabase(where) {
		return openDatabase(ctx, where)
	}
	return bolt.Open(where, world.SystemClock{})
}

// openStore opens what a server has left: a file that none uses, or a database,
// which they may go on using.
func openStore(ctx context.Context, name string) (store.Store, error) {
	where, err := storeAt(name)
	if err != nil {
		return nil, err
	}
	if isDatabase(where) {
		return openDatabase(ctx, where)
	}
	st, err := bolt.OpenExisting(where, world.SystemClock{})
	if errors.Is(err, bolt.ErrLocked) {
		return nil, fmt.Errorf("%s is in use by a server; stop it first, or take a copy of the file", where)
	}
	if err != nil {
		return nil, err
	}
	return st, nil
}

// openDatabase keeps a nil *postgres.Store from looking like a store.
func openDatabase(ctx context.Context, address string) (store.Store, error) {
	st, err := postgres.Open(ctx, address, world.SystemClock{})
	if err != nil {
		return nil, err
	}
	return st, nil
}

func isDatabase(name string) bool {
	return strings.HasPrefix(name, "postgres://") || strings.HasPrefix(name, "postgresql://")
}

// storeAt answers the address with its password. What stands on a command line
// everybody on the machine can read, so no password is taken from there.
func storeAt(name string) (string, error) {
	if isDatabase(name) {
		u, err := url.Parse(name)
		if err != nil {
			return "", errors.New("the address of the store cannot be read: it must be postgres://USER@HOST/DATABASE")
		}
		if _, has := u.User.Password(); has || u.Query().Has("password") {
			return "", fmt.Errorf("a password on the command line is seen by everybody on this machine: set %s, or %s_FILE to a file that holds it", storePassword, storePassword)
		}
	}
	if name == "" {
		var err error
		if name, _, err = setting(storeVariable); err != nil {
			return "", err
		}
	}
	if name == "" {
		return storeFile, nil
	}
	if !isDatabase(name) {
		return name, nil
	}
	password, given, err := setting(storePassword)
	if err != nil || !given {
		return name, err
	}
	u, err := url.Parse(name)
	if err != nil {
		return "", fmt.Errorf("%s cannot be read: it must be postgres://USER@HOST/DATABASE", storeVariable)
	}
	u.User = url.UserPassword(u.User.Username(), password)
	return u.String(), nil
}

// setting answers a variable, or what stands in the file that its _FILE names.
func setting(variable string) (text string, given bool, err error) {
	if v := os.Getenv(variable); v != "" {
		return v, true, nil
	}
	file := os.Getenv(variable + "_FILE")
	if file == "" {
		return "", false, nil
	}
	data, err := os.ReadFile(file)
	if err != nil {
		return "", false, fmt.Errorf("%s_FILE: %w", variable, err)
	}
	return strings.TrimRight(string(data), "\r\n"), true, nil
}
