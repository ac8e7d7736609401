package postgres

import (
	"context"
	"errors"
	"fmt"
	"strings"
	"time"

	"github.com/jackc/pgx/v5"
	"github.com/jackc/pgx/v5/pgconn"

	"github.com/authflow-studio/authflow/engine/store"
)

// This file is patience: a database that restarts, fails over or is busy costs
// people a moment, not their sign-in.

// ErrAway says that the database did not answer for as long as Patience.
var ErrAway = errors.New("postgres: the database does not answer")

// errBusy is another try's worth, and not from the database.
var errBusy = errors.New("postgres: busy")

// attemptPatience ends a try whose connection hangs.
const attemptPatience = 10 * time.Second

// passing are the beginnings of codes of what passes: a connection that broke
// (08), a transaction that others were in the way of (40), no connection left
// (53300), a lock that is taken (55P03), a server that is ending or beginning
// (57P), and one that has become a replica (25006).
var passing = []string{"08", "40", "53300", "55P03", "57P", "25006", "25P03"}

// passes says whether a try that met err is worth another.
func passes(err error) bool {
	if errors.Is(err, errBusy) {
		return true
	}
	if err == nil || errors.Is(err, pgx.ErrNoRows) || errors.Is(err, ErrSchema) {
		return false
	}
	var p *pgconn.PgError
	if errors.As(err, &p) {
		for _, code := range passing {
			if strings.HasPrefix(p.Code, code) {
				return true
			}
		}
		return false
	}
	var parse *pgconn.ParseConfigError
	return !errors.As(err, &parse) // the connection's own: it broke, or could not be made
}

// patiently tries until it succeeds, meets what does not pass, ctx ends, the
// store closes, or patience does.
func (s *Store) patiently(ctx context.Context, try func(context.Context) error) error {
	patience, cancel := context.WithTimeout(ctx, s.options.Patience)
	defer cancel()
	pause := 5 * time.Millisecond
	for {
		attempt, done := context.WithTimeout(patience, attemptPatience)
		err := try(attempt)
		done()
		if !passes(err) {
			return err
		}
		wait := time.NewTimer(pause)
		select {
		case <-wait.C:
			pause = min(2*pause, 250*time.Millisecond)
			continue
		case <-s.closing:
			err = store.ErrClosed
		case <-ctx.Done():
			err = ctx.Err()
		case <-patience.Done():
			if err = fmt.Errorf("%w for %s: %w", ErrAway, s.options.Patience, err); ctx.Err() != nil {
				err = ctx.Err()
			}
		}
		wait.Stop()
		return err
	}
}

// read is patiently for what changes nothing.
func (s *Store) read(ctx context.Context, try func(context.Context) error) error {
	if err := ctx.Err(); err != nil {
		return err
	}
	select {
	case <-s.closing:
		return store.ErrClosed
	default:
		return s.patiently(ctx, try)
	}
}
