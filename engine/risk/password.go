package risk

import (
	"crypto/sha1"
	"encoding/hex"
	"strings"
	"unicode"
	"unicode/utf8"

	validator "github.com/wagslane/go-password-validator"
)

// PasswordRules are what a password is held against.
type PasswordRules struct {
	MinLength int
	// Classes is how many of lower case, upper case, digits and others it must
	// have. NIST SP 800-63B-4 advises against asking for any.
	Classes int
	// Entropy is how many bits it must have at least, by its length and the
	// kinds of its characters; runs, repetitions and rows of the keyboard count
	// little.
	Entropy int
	// Dictionary refuses what is guessed first: 35,000 passwords and words, also
	// with digits at the end and with numbers for letters.
	Dictionary bool
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
	if r.Dictionary && guessed(lower) || r.Entropy > 0 && validator.GetEntropy(password) < float64(r.Entropy) {
		failed = append(failed, Guessable)
	}
	return failed
}

// leet are the numbers and signs that people write for letters.
var leet = strings.NewReplacer("0", "o", "1", "l", "3", "e", "4", "a", "5", "s", "7", "t", "@", "a", "$", "s", "!", "i")

// guessed tells whether a password in lower case is one of those that are tried
// first, or such a one with a usual change.
func guessed(lower string) bool {
	words := guessedFirst()
	bare := strings.TrimRightFunc(lower, func(r rune) bool { return !unicode.IsLetter(r) })
	half := lower[:len(lower)/2]
	for _, candidate := range []string{lower, bare, leet.Replace(lower), leet.Replace(bare)} {
		if words.Has(candidate) {
			return true
		}
	}
	return half != "" && half+half == lower && words.Has(half)
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
