package bundle

// This file looks for secrets that stand in a project's sources. It knows the
// forms that carry a mark of their own; what is merely random it cannot judge.

import (
	"bytes"
	"regexp"
)

var literals = []struct {
	what    string
	pattern *regexp.Regexp
}{
	{"a private key", regexp.MustCompile(`-----BEGIN [A-Z ]*PRIVATE KEY-----`)},
	{"an access key of a cloud provider", regexp.MustCompile(`\b(AKIA|ASIA)[0-9A-Z]{16}\b`)},
	{"a live payment key", regexp.MustCompile(`\b[rs]k_live_[0-9A-Za-z]{16,}`)},
	{"a token of a code host", regexp.MustCompile(`\b(gh[pousr]_[0-9A-Za-z]{36}|github_pat_[0-9A-Za-z_]{40,}|glpat-[0-9A-Za-z_-]{20,})`)},
	{"a chat token", regexp.MustCompile(`\bxox[abprs]-[0-9A-Za-z-]{20,}`)},
	{"a signed token", regexp.MustCompile(`\beyJ[0-9A-Za-z_-]{10,}\.eyJ[0-9A-Za-z_-]{10,}\.[0-9A-Za-z_-]{20,}`)},
}

func checkLiterals(name string, data []byte) error {
	for _, l := range literals {
		if at := l.pattern.FindIndex(data); at != nil {
			return refuse(CodeSecretLiteral, name, "name a secret in authflow.json and read it with api.secrets.get or secret names; the server supplies the value",
				"line %d holds what looks like %s", 1+bytes.Count(data[:at[0]], []byte("\n")), l.what)
		}
	}
	return nil
}
