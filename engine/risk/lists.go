package risk

import (
	"bytes"
	"compress/gzip"
	_ "embed"
	"fmt"
	"io"
	"net/netip"
	"strings"
	"sync"
)

// This file holds the lists that come with the program and reads those of a
// project: one entry a line, # begins a comment.

//go:embed lists/disposable.txt.gz
var disposableGz []byte

//go:embed lists/guessed.txt.gz
var guessedGz []byte

//go:embed lists/free.txt
var freeText string

//go:embed lists/roles.txt
var rolesText string

var (
	freeDomains = sync.OnceValue(func() Set { return ReadSet(freeText) })
	roleNames   = sync.OnceValue(func() Set { return ReadSet(rolesText) })
	// The two large ones are unpacked when they are first asked for.
	disposable   = sync.OnceValue(func() Set { return unpacked(disposableGz) })
	guessedFirst = sync.OnceValue(func() Set { return unpacked(guessedGz) })
)

func unpacked(packed []byte) Set {
	z, err := gzip.NewReader(bytes.NewReader(packed))
	if err != nil {
		panic("risk: a list in this program is broken: " + err.Error())
	}
	text, err := io.ReadAll(z)
	if err != nil {
		panic("risk: a list in this program is broken: " + err.Error())
	}
	return ReadSet(string(text))
}

// Set is a list of names in lower case.
type Set map[string]struct{}

// ReadSet reads a list.
func ReadSet(text string) Set {
	s := make(Set, strings.Count(text, "\n"))
	for line := range strings.Lines(text) {
		if entry := entryOf(line); entry != "" {
			s[strings.ToLower(entry)] = struct{}{}
		}
	}
	return s
}

func entryOf(line string) string {
	entry, _, _ := strings.Cut(line, "#")
	return strings.TrimSpace(entry)
}

// Has reports whether the list holds the name.
func (s Set) Has(name string) bool {
	_, ok := s[strings.ToLower(name)]
	return ok
}

// HasDomain reports whether the list holds the domain or one above it: who
// lists mailinator.com means a.mailinator.com as well.
func (s Set) HasDomain(domain string) bool {
	for domain = strings.ToLower(domain); domain != ""; {
		if s.Has(domain) {
			return true
		}
		_, domain, _ = strings.Cut(domain, ".")
	}
	return false
}

// ListError says which line of a list cannot be read.
type ListError struct {
	Line  int
	Entry string
}

func (e *ListError) Error() string {
	return fmt.Sprintf("line %d: %q is neither an address nor a prefix such as 203.0.113.0/24", e.Line, e.Entry)
}

// AddressListed reports whether a list of addresses and prefixes holds the
// address. A list with a line that cannot be read is refused: skipping it could
// let through what it was to stop.
func AddressListed(text, ip string) (bool, error) {
	a, err := netip.ParseAddr(ip)
	known := err == nil
	n, listed := 0, false
	for line := range strings.Lines(text) {
		n++
		entry := entryOf(line)
		if entry == "" {
			continue
		}
		p, err := netip.ParsePrefix(entry)
		if err != nil {
			single, aerr := netip.ParseAddr(entry)
			if aerr != nil {
				return false, &ListError{n, entry}
			}
			p = netip.PrefixFrom(single.Unmap(), single.Unmap().BitLen())
		}
		listed = listed || known && p.Masked().Contains(a.Unmap())
	}
	return listed, nil
}
