package risk

import (
	"crypto/sha1"
	"encoding/hex"
	"strings"
	"unicode"
	"unicode/utf8"

	"github.com/ccojocar/zxcvbn-go"
)

// PasswordRules are what a password is held against.
type PasswordRules struct {
	MinLength int
	// Classes is how many of lower case, upper case, digits and others it must
	// have. NIST SP 800-63B-4 advises against asking for any.
	Classes int
	// Strength from 0 to 4, after zxcvbn: what a program that knows words,
	// names, dates and keyboards would need to guess it.
	Strength int
	// Words that it must not hold: the names of the person and of the service.
	Words []string
}

// Reasons of PasswordProblems.
const (
	TooShort    = "too_short"
	TooFewKinds = "too_few_classes"
	LikeTheName = "like_the_identifier"
	Guessable   = "guessable"
)

// longestRated bounds the work of the estimate; what is longer is strong by its
// length, unless it repeats itself.
const longestRated = 64

// PasswordProblems answers what is wrong with a password, nothing if it will do.
func PasswordProblems(password string, r PasswordRules) []string {
	failed := []string{}
	if utf8.RuneCountInString(password) < r.MinLength {
		failed = append(failed, TooShort)
	}
	if classes(password) < r.Classes {
		failed = append(failed, TooFewKinds)
	}
	words := significant(r.Words)
	lower := strings.ToLower(password)
	for _, w := range words {
		if strings.Contains(lower, w) {
			failed = append(failed, LikeTheName)
			break
		}
	}
	if r.Strength > 0 {
		rated := password
		if len(rated) > longestRated {
			rated = rated[:longestRated]
		}
		if zxcvbn.PasswordStrength(rated, words).Score < r.Strength {
			failed = append(failed, Guessable)
		}
	}
	return failed
}

// significant answers the parts of names that are long enough to matter.
func significant(names []string) []string {
	var out []string
	for _, n := range names {
		for _, part := range strings.FieldsFunc(strings.ToLower(n), func(r rune) bool { return !unicode.IsLetter(r) && !unicode.IsDigit(r) }) {
			if utf8.RuneCountInString(part) > 3 {
				out = append(out, part)
			}
		}
	}
	return out
}

func classes(password string) int {
	var lower, upper, digit, other int
	for _, r := range password {
		switch {
		case unicode.IsLower(r):
			lower = 1
		case unicode.IsUpper(r):
			upper = 1
		case unicode.IsDigit(r):
			digit = 1
		default:
			other = 1
		}
	}
	return lower + upper + digit + other
}

// BreachKey splits the SHA-1 of a password as the range query does: the prefix
// is asked for, the rest is looked for in the answer, so the password never
// leaves. (SHA-1 is the format of these lists and protects nothing.)
func BreachKey(password string) (prefix, rest string) {
	sum := sha1.Sum([]byte(password))
	text := strings.ToUpper(hex.EncodeToString(sum[:]))
	return text[:5], text[5:]
}

// BreachCount answers how often the rest of a hash stands in the answer to a
// range query: lines of REST:COUNT, padded with lines that count 0.
func BreachCount(answer, rest string) (count int, wellFormed bool) {
	for line := range strings.Lines(answer) {
		hash, number, ok := strings.Cut(strings.TrimSpace(line), ":")
		if !ok {
			if hash == "" {
				continue
			}
			return 0, false
		}
		n := 0
		for _, r := range number {
			if r < '0' || r > '9' || n > 1<<30 {
				return 0, false
			}
			n = n*10 + int(r-'0')
		}
		if strings.EqualFold(hash, rest) {
			count = n
		}
	}
	return count, true
}

// BreachListed reports whether a list of a project holds the password, as
// itself or as its SHA-1.
func BreachListed(list, password string) bool {
	prefix, rest := BreachKey(password)
	for line := range strings.Lines(list) {
		entry := strings.TrimSuffix(strings.TrimSuffix(line, "\n"), "\r")
		hash, _, _ := strings.Cut(entry, ":")
		if entry == password || strings.EqualFold(hash, prefix+rest) {
			return true
		}
	}
	return false
}
