package cli

import (
	"context"
	"errors"
	"fmt"
	"io/fs"
	"log/slog"
	"os"
	"path/filepath"
	"regexp"
	"strings"

	"github.com/authflow-studio/authflow/engine/bundle"
)

// This file finds what a bundle must be given: in a folder of files, one for each
// secret, or in the environment.

// secretName is what may name a file of the folder.
var secretName = regexp.MustCompile(`^[A-Za-z0-9_][A-Za-z0-9_.-]*$`)

// secretsFrom answers secrets by name; dir may be empty. They are read each time,
// so that one that was replaced is taken at once.
func secretsFrom(dir string) func(context.Context, string) (string, error) {
	return func(_ context.Context, name string) (string, error) {
		if dir != "" && secretName.MatchString(name) {
			text, err := os.ReadFile(filepath.Join(dir, name))
			if err == nil {
				return strings.TrimRight(string(text), "\r\n"), nil
			}
			if !errors.Is(err, fs.ErrNotExist) {
				return "", fmt.Errorf("the secret %s: %w", name, err)
			}
		}
		return environmentSecret(name)
	}
}

// environmentSecret answers a secret from the environment or from a file that
// the environment names.
func environmentSecret(name string) (string, error) {
	variable := bundle.SecretVariable(name)
	if v, ok := os.LookupEnv(variable); ok {
		return v, nil
	}
	if file, ok := os.LookupEnv(variable + "_FILE"); ok {
		text, err := os.ReadFile(file)
		if err != nil {
			return "", fmt.Errorf("the secret %s: %w", name, err)
		}
		return strings.TrimRight(string(text), "\r\n"), nil
	}
	return "", fmt.Errorf("the secret %s is missing: set %s, or %s_FILE to a file that holds it, or put it into the folder of --secrets", name, variable, variable)
}

// hidden are the keys of a log whose values are never written.
var hidden = regexp.MustCompile(`(?i)password|passwd|secret|token|authorization|cookie|api_?key|code_verifier|assertion`)

// redacted keeps what proves who somebody is out of a log, whoever wrote it there.
func redacted(_ []string, a slog.Attr) slog.Attr {
	if hidden.MatchString(a.Key) {
		return slog.String(a.Key, "[redacted]")
	}
	return a
}
