package postgres

import (
	"context"
	"errors"
	"fmt"

	"github.com/jackc/pgx/v5"
	"github.com/jackc/pgx/v5/pgconn"
)

// schema is the version of the tables that this program knows.
const schema = 1

// ErrSchema says that the tables were made by another version of the program.
var ErrSchema = errors.New("postgres: the tables have another version")

// tables makes what is missing. authflow_meta has one row: who writes holds it
// locked. Everything else is an entry. Keys are bytes, so that no collation
// takes part in their order.
var tables = []string{
	`CREATE TABLE IF NOT EXISTS authflow_entries (
		bucket bytea NOT NULL, id bytea NOT NULL, value bytea NOT NULL,
		version bigint NOT NULL, expires bigint NOT NULL,
		PRIMARY KEY (bucket, id))`,
	`CREATE INDEX IF NOT EXISTS authflow_entries_expires ON authflow_entries (expires) WHERE expires <> 0`,
	`CREATE TABLE IF NOT EXISTS authflow_meta (
		id integer PRIMARY KEY, version integer NOT NULL, sequence bigint NOT NULL)`,
	fmt.Sprintf(`INSERT INTO authflow_meta (id, version, sequence) VALUES (1, %d, 0) ON CONFLICT (id) DO NOTHING`, schema),
}

// prepare makes the tables unless they are there: a server whose role may only
// read and write can use those that an administrator made.
func (s *Store) prepare(ctx context.Context) error {
	version, err := s.schemaVersion(ctx)
	if isCode(err, undefinedTable) || errors.Is(err, pgx.ErrNoRows) {
		if err = s.create(ctx); err == nil {
			version, err = s.schemaVersion(ctx)
		}
	}
	if err != nil {
		return err
	}
	return knownSchema(version)
}

func (s *Store) create(ctx context.Context) error {
	for _, statement := range tables {
		_, err := s.pool.Exec(ctx, statement)
		// Of several servers that begin at once, all but one may meet what the
		// others are making: the table, its type, or their names in the catalogue.
		if isCode(err, duplicateTable) || isCode(err, duplicateObject) || isCode(err, uniqueViolation) {
			return fmt.Errorf("%w: %w", errBusy, err)
		}
		if err != nil {
			return err
		}
	}
	return nil
}

func (s *Store) schemaVersion(ctx context.Context) (version int, err error) {
	return version, s.pool.QueryRow(ctx, `SELECT version FROM authflow_meta WHERE id = 1`).Scan(&version)
}

func knownSchema(version int) error {
	if version != schema {
		return fmt.Errorf("%w: %d, and this program knows %d: start the version of the program that made them", ErrSchema, version, schema)
	}
	return nil
}

// Codes of PostgreSQL, which others that speak its protocol share.
const (
	uniqueViolation = "23505"
	undefinedTable  = "42P01"
	duplicateTable  = "42P07"
	duplicateObject = "42710"
)

func isCode(err error, code string) bool {
	var p *pgconn.PgError
	return errors.As(err, &p) && p.Code == code
}
