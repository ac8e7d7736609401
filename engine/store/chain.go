package store

import (
	"crypto/sha256"
	"encoding/hex"
	"encoding/json"
	"fmt"
)

// ChainRecord is how OpChain keeps one value: entry N of the bucket, with the
// id of ChainID(N), in which Hash covers Prev and Value. Cutting, changing or
// reordering entries breaks the hashes after that place; entries cut from the
// end are missed by ChainHead.
type ChainRecord struct {
	Seq   uint64          `json:"seq"`
	Prev  string          `json:"prev"` // hex; empty for the first
	Hash  string          `json:"hash"` // hex SHA-256 of prev + "\n" + the canonical value
	Value json.RawMessage `json:"value"`
}

// ChainHead is the id under which a store keeps the last record of a chain.
const ChainHead = "head"

// ChainPrefix begins the ids of all records of a chain, and not ChainHead.
const ChainPrefix = "n"

// ChainID is the id of the record with that sequence number, sorted as numbers.
func ChainID(seq uint64) string { return fmt.Sprintf("%s%020d", ChainPrefix, seq) }

// ChainLink makes the record that follows prev (the zero record for none). The
// value must be JSON; the record holds its canonical form.
func ChainLink(prev ChainRecord, value []byte) (ChainRecord, error) {
	canonical, err := chainCanonical(value)
	if err != nil {
		return ChainRecord{}, err
	}
	return ChainRecord{Seq: prev.Seq + 1, Prev: prev.Hash, Hash: chainHash(prev.Hash, canonical), Value: canonical}, nil
}

// ChainCheck says whether rec rightly follows prev.
func ChainCheck(prev, rec ChainRecord) error {
	if rec.Seq != prev.Seq+1 {
		return fmt.Errorf("chain: record %d follows record %d: something between them is missing", rec.Seq, prev.Seq)
	}
	if rec.Prev != prev.Hash {
		return fmt.Errorf("chain: record %d does not name the hash of record %d: one of them was changed", rec.Seq, prev.Seq)
	}
	canonical, err := chainCanonical(rec.Value)
	if err != nil || rec.Hash != chainHash(rec.Prev, canonical) {
		return fmt.Errorf("chain: the content of record %d does not fit its hash: it was changed", rec.Seq)
	}
	return nil
}

// chainCanonical answers what encoding/json makes of a value: compact, with
// <, > and & escaped. A record keeps that form through every later encoding, so
// a chain still verifies after an export that was indented.
func chainCanonical(value []byte) ([]byte, error) {
	canonical, err := json.Marshal(json.RawMessage(value))
	if err != nil {
		return nil, fmt.Errorf("chain: a value must be JSON: %w", err)
	}
	return canonical, nil
}

func chainHash(prev string, canonical []byte) string {
	h := sha256.New()
	h.Write([]byte(prev + "\n"))
	h.Write(canonical)
	return hex.EncodeToString(h.Sum(nil))
}
