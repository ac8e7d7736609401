// Package bundle makes one file of a project, signs it, and reads it back on a
// server that trusts nothing about it (rules B1 to B3).
//
// It owns: the archive, the manifest, the digest that names a bundle, keys and
// signatures, and the first half of loading: size, paths, digests, signature,
// engine range.
// It delegates: what the files mean to engine/flow, whether the flows are sound
// to engine/check, and activation to engine/server. Export and load both run
// the same checks; the builder's verdict is not trusted.
// The law: the same project gives the same bytes, anywhere and for good; and a
// bundle that differs by one byte from what this package would have written
// itself is refused.
//
// # The archive
//
// A zip without compression, in one fixed form: manifest.json, manifest.jws if
// it is signed, then the parts sorted by path; no times, no modes, no comments.
// Any program can unpack it, but only the exact form is loaded, so that the
// usual tricks with archives (two entries of one name, a directory that differs
// from its entries, links, bombs) have nothing to hold on to. Compression would
// tie the bytes to the version of a compressor.
//
// # The digest
//
// SHA-256 over the lines "path size sha256" of the sorted parts. The manifest
// is derived from the parts and adds nothing to the identity; the signature
// does not either, so that the same project has the same digest signed or not.
package bundle
