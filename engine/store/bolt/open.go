package bolt

import (
	"errors"
	"fmt"
	"os"
	"runtime/debug"
	"time"

	bbolt "go.etcd.io/bbolt"
	berrors "go.etcd.io/bbolt/errors"

	"github.com/authflow-studio/authflow/engine/store"
)

// This file opens data files and says in plain words why one cannot be opened.

var (
	// ErrLocked says that another process has the file.
	ErrLocked = errors.New("store_locked")
	// ErrDamaged says that the file is no data file, or no longer a whole one.
	ErrDamaged = errors.New("store_damaged")
)

// lockPatience is long enough for a predecessor that is just closing, and short
// enough that a second start does not seem to hang.
const lockPatience = 300 * time.Millisecond

// openFile answers the opened file. It does not sync bbolt's list of free
// pages, which after a large sweep would be written with every commit.
func openFile(path string, o Options) (*bbolt.DB, error) {
	if info, err := os.Stat(path); err == nil && info.Size() > 0 {
		if err := examine(path, info.Size()); err != nil {
			return nil, explain(path, err)
		}
	}
	db, err := bbolt.Open(path, 0o600, &bbolt.Options{
		Timeout: lockPatience, NoSync: o.NoSync, NoFreelistSync: true,
		FreelistType: bbolt.FreelistMapType, NoStatistics: true,
	})
	if err != nil {
		return nil, explain(path, err)
	}
	return db, nil
}

// examine reads the whole structure once, read-only, because bbolt itself would
// end the process when it meets a page that is cut off or makes no sense.
func examine(path string, size int64) (err error) {
	defer debug.SetPanicOnFault(debug.SetPanicOnFault(true))
	defer func() {
		if p := recover(); p != nil {
			err = fmt.Errorf("%w: %v", ErrDamaged, p)
		}
	}()
	db, err := bbolt.Open(path, 0o600, &bbolt.Options{Timeout: lockPatience, ReadOnly: true})
	if err != nil {
		return err
	}
	defer db.Close()
	return db.View(func(tx *bbolt.Tx) error {
		if tx.Size() > size {
			return fmt.Errorf("%w: it should have %d bytes and has %d", ErrDamaged, tx.Size(), size)
		}
		return tx.ForEach(func(_ []byte, b *bbolt.Bucket) error {
			return b.ForEach(func(_, _ []byte) error { return nil })
		})
	})
}

func explain(path string, err error) error {
	switch {
	case errors.Is(err, berrors.ErrTimeout):
		return fmt.Errorf("%w: %s is in use by another process: end that one, or choose another file", ErrLocked, path)
	case errors.Is(err, ErrDamaged):
		return fmt.Errorf("%s: %w: restore it from a backup, or move it away to begin anew", path, err)
	case errors.Is(err, berrors.ErrInvalid), errors.Is(err, berrors.ErrChecksum),
		errors.Is(err, berrors.ErrVersionMismatch), errors.Is(err, berrors.ErrInvalidMapping):
		return fmt.Errorf("%s: %w: it is no data file of this program (%w): restore it from a backup, or move it away to begin anew", path, ErrDamaged, err)
	}
	return fmt.Errorf("store: open %s: %w", path, err)
}

// closedAs gives bbolt's word for a closed file the name of the contract.
func closedAs(err error) error {
	if errors.Is(err, berrors.ErrDatabaseNotOpen) {
		return store.ErrClosed
	}
	return err
}
