package directory

import (
	"context"
	"errors"
	"strings"
	"time"
	"unicode"

	"golang.org/x/text/cases"
	"golang.org/x/text/unicode/norm"

	"github.com/authflow-studio/authflow/engine/store"
)

// This file finds people by what they type: an address, a name, a number.

type kind string

const (
	kindEmail    kind = "email"
	kindUsername kind = "username"
	kindPhone    kind = "phone"
)

const maxIdentifier = 254 // the longest address that can be delivered to

// FindByIdentifier answers who has this address, user name or phone number, or
// ErrNotFound. Upper and lower case, composed and decomposed letters are the
// same.
func (d *Directory) FindByIdentifier(ctx context.Context, identifier string) (User, error) {
	kinds := []kind{kindUsername, kindPhone}
	if strings.Contains(identifier, "@") {
		kinds = []kind{kindEmail} // no user name may look like another's address
	}
	for _, k := range kinds {
		key, why := normalise(k, identifier)
		if key == "" || why != "" {
			continue
		}
		e, err := d.w.Get(ctx, bucketIdentifiers, key)
		if errors.Is(err, store.ErrNotFound) {
			continue
		}
		if err != nil {
			return User{}, err
		}
		return d.Get(ctx, string(e.Value))
	}
	return User{}, ErrNotFound
}

// reindex brings the index from before to u, whose identifiers it tidies.
func (d *Directory) reindex(ctx context.Context, before User, u *User) error {
	for _, f := range []struct {
		kind kind
		was  string
		is   *string
	}{
		{kindEmail, before.Email, &u.Email},
		{kindUsername, before.Username, &u.Username},
		{kindPhone, before.Phone, &u.Phone},
	} {
		*f.is = norm.NFC.String(strings.TrimSpace(*f.is))
		was, _ := normalise(f.kind, f.was)
		is, why := normalise(f.kind, *f.is)
		if why != "" {
			return &InvalidError{string(f.kind), why}
		}
		if was == is {
			continue
		}
		if was != "" {
			d.w.Delete(bucketIdentifiers, was)
		}
		if is == "" {
			continue
		}
		if _, err := d.w.Get(ctx, bucketIdentifiers, is); err == nil {
			return &TakenError{string(f.kind)}
		} else if !errors.Is(err, store.ErrNotFound) {
			return err
		}
		d.w.Create(bucketIdentifiers, is, []byte(u.ID), time.Time{})
	}
	return nil
}

func sameIdentifier(k kind, a, b string) bool {
	ka, _ := normalise(k, a)
	kb, _ := normalise(k, b)
	return ka == kb
}

func identifierKind(key string) string {
	k, _, _ := strings.Cut(key, ":")
	return k
}

// normalise answers the key under which an identifier is found, empty for an
// empty one, and why it cannot be one.
func normalise(k kind, s string) (key, why string) {
	s = strings.TrimSpace(s)
	if s == "" {
		return "", ""
	}
	if len(s) > maxIdentifier {
		return "", "is too long"
	}
	s = norm.NFKC.String(cases.Fold().String(norm.NFKC.String(s)))
	if strings.ContainsFunc(s, func(r rune) bool { return unicode.IsControl(r) || r == unicode.ReplacementChar }) {
		return "", "holds characters that cannot be typed"
	}
	switch k {
	case kindEmail:
		at := strings.LastIndex(s, "@")
		if at < 1 || at == len(s)-1 || strings.ContainsFunc(s, unicode.IsSpace) {
			return "", "is no address"
		}
	case kindUsername:
		if strings.Contains(s, "@") || strings.HasPrefix(s, "+") {
			return "", "looks like an address or a phone number"
		}
	case kindPhone:
		if s = phoneNumber(s); s == "" {
			return "", "is no international number such as +49 30 123456"
		}
	}
	return string(k) + ":" + s, ""
}

// PhoneNumber answers a number as it is stored, "" for what is no international
// number.
func PhoneNumber(s string) string { return phoneNumber(strings.TrimSpace(s)) }

// phoneNumber answers + and digits only (E.164), or nothing.
func phoneNumber(s string) string {
	s = strings.Map(func(r rune) rune {
		if strings.ContainsRune(" -./()\u2010\u2011\u2013", r) {
			return -1
		}
		return r
	}, s)
	if rest, international := strings.CutPrefix(s, "00"); international {
		s = "+" + rest
	}
	digits, plus := strings.CutPrefix(s, "+")
	if !plus || len(digits) < 7 || len(digits) > 15 || strings.Trim(digits, "0123456789") != "" {
		return ""
	}
	return s
}
