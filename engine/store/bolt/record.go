package bolt

import (
	"encoding/binary"
	"errors"
	"fmt"
	"strings"
	"time"

	bbolt "go.etcd.io/bbolt"

	"github.com/authflow-studio/authflow/engine/store"
)

// This file is how one entry looks in the file: a format byte, the version and
// the expiry (nanoseconds of Unix time, 0 for never), 8 bytes each, the value.

const (
	recordFormat = 1
	recordHead   = 1 + 8 + 8
)

// record is one stored entry; its value points into the file's memory.
type record struct {
	version uint64
	expires int64
	value   []byte
}

func decode(raw []byte) (record, error) {
	if len(raw) < recordHead || raw[0] != recordFormat {
		return record{}, errors.New("it is not in a format of this version")
	}
	return record{
		version: binary.BigEndian.Uint64(raw[1:]),
		expires: int64(binary.BigEndian.Uint64(raw[9:])),
		value:   raw[recordHead:],
	}, nil
}

func (r record) encode() []byte {
	raw := make([]byte, recordHead, recordHead+len(r.value))
	raw[0] = recordFormat
	binary.BigEndian.PutUint64(raw[1:], r.version)
	binary.BigEndian.PutUint64(raw[9:], uint64(r.expires))
	return append(raw, r.value...)
}

func (r record) expired(now time.Time) bool { return r.expires != 0 && store.Expiry(now) >= r.expires }

// entry copies the record out of the file.
func (r record) entry(bucket, id string) store.Entry {
	e := store.Entry{Bucket: bucket, ID: id, Value: append([]byte{}, r.value...), Version: r.version}
	if r.expires != 0 {
		e.Expires = time.Unix(0, r.expires).UTC()
	}
	return e
}

// expiryBucket is the index of all entries that expire: keys are the expiry,
// ordered as numbers, the bucket, a zero byte and the id. Sweep reads it from
// its start, so it never looks at an entry that still lives.
var expiryBucket = []byte("\x00expiry")

func expiryKey(expires int64, bucket, id string) []byte {
	k := make([]byte, 8, 8+len(bucket)+1+len(id))
	binary.BigEndian.PutUint64(k, uint64(expires)^(1<<63)) // negative before positive
	return append(append(append(k, bucket...), 0), id...)
}

func parseExpiryKey(k []byte) (bucket, id string, err error) {
	if len(k) > 8 {
		if bucket, id, found := strings.Cut(string(k[8:]), "\x00"); found {
			return bucket, id, nil
		}
	}
	return "", "", fmt.Errorf("%w: the index of expiries", ErrDamaged)
}

// keys leave room for the expiry and the zero byte of an index key within bbolt's
// limit.
var keys = store.Keys{Bucket: 16 << 10, Both: bbolt.MaxKeySize - 8 - 1}
