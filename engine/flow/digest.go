package flow

import (
	"crypto/sha256"
	"encoding/hex"
)

// Digest is the digest of meaning: it does not change when a block is moved,
// relabelled or annotated (rule G1).
func (f *Flow) Digest() (string, error) {
	bare := *f
	bare.Schema, bare.Description = "", ""
	bare.Blocks = make(map[string]*Block, len(f.Blocks))
	for id, b := range f.Blocks {
		c := *b
		c.Label, c.Note = "", ""
		bare.Blocks[id] = &c
	}
	text, err := Canonical(&bare)
	if err != nil {
		return "", err
	}
	sum := sha256.Sum256(text)
	return hex.EncodeToString(sum[:]), nil
}
