package bundle

// This file names what a server must supply to a bundle.

import (
	"errors"
	"fmt"
	"io/fs"
	"os"
	"path/filepath"
	"strings"
)

// SecretVariable is the environment variable in which a server finds a secret.
func SecretVariable(name string) string {
	return "AUTHFLOW_SECRET_" + strings.ToUpper(strings.NewReplacer("-", "_", ".", "_").Replace(name))
}

// WriteEnv makes a file with the names of what a server must supply, beside the
// bundle in the file out, and answers its path; "" where there is nothing to
// supply, or a file already: that one may hold values, and stays as it is.
func WriteEnv(out string, secrets []SecretName) (string, error) {
	if len(secrets) == 0 {
		return "", nil
	}
	var text strings.Builder
	fmt.Fprintf(&text, "# What the server that loads %s must supply. Fill in the values there;\n# %s_FILE=PATH names a file that holds one.\n", filepath.Base(out), SecretVariable(secrets[0].Name))
	for _, s := range secrets {
		if s.Purpose != "" {
			fmt.Fprintf(&text, "\n# %s", strings.ReplaceAll(s.Purpose, "\n", " "))
		}
		fmt.Fprintf(&text, "\n%s=\n", SecretVariable(s.Name))
	}
	name := strings.TrimSuffix(out, filepath.Ext(out)) + ".env"
	f, err := os.OpenFile(name, os.O_WRONLY|os.O_CREATE|os.O_EXCL, 0o600)
	if errors.Is(err, fs.ErrExist) {
		return "", nil
	}
	if err != nil {
		return "", err
	}
	_, err = f.WriteString(text.String())
	return name, errors.Join(err, f.Close())
}
