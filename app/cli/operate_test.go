package cli_test

import (
	"errors"
	"os"
	"os/exec"
	"path/filepath"
	"strings"
	"testing"
)

// told runs a command and answers its exit code and all that it said.
func told(t *testing.T, dir string, env []string, args ...string) (int, string) {
	t.Helper()
	cmd := exec.Command(os.Args[0], args...)
	cmd.Env, cmd.Dir = append(append(os.Environ(), asProgram+"=1"), env...), dir
	out, err := cmd.CombinedOutput()
	var failed *exec.ExitError
	if err != nil && !errors.As(err, &failed) {
		t.Fatal(err)
	}
	return cmd.ProcessState.ExitCode(), string(out)
}

// A running server takes another bundle, refuses a bad one with words, and rolls
// back; all from the command line.
func TestB4_AServerIsOperatedFromTheCommandLine(t *testing.T) {
	dir := t.TempDir()
	once(t, dir, "new", "acme")
	once(t, dir, "keys", "new", "my.key")
	once(t, dir, "export", "acme", "-o", "v1.afb", "--key", "my.key", "--revision", "1", "--scope", "staging")
	settings := filepath.Join(dir, "acme", "authflow.json")
	text, err := os.ReadFile(settings)
	if err != nil {
		t.Fatal(err)
	}
	if err := os.WriteFile(settings, []byte(strings.Replace(string(text), `"version": "`, `"version": "9.`, 1)), 0o644); err != nil {
		t.Fatal(err)
	}
	once(t, dir, "export", "acme", "-o", "v2.afb", "--key", "my.key", "--previous", "v1.afb", "--expires", "720h")
	once(t, dir, "export", "acme", "-o", "unsigned.afb", "--previous", "v2.afb")
	if _, said := told(t, dir, nil, "verify", "v2.afb", "--json"); !strings.Contains(said, `"revision":2`) || !strings.Contains(said, `"previous":"`) {
		t.Errorf("verify says %s", said)
	}

	ready := program(t, dir, "serve", "v1.afb", "--trust", "my.key.pub", "--scope", "staging", "--admin", "127.0.0.1:0", "--addr", "127.0.0.1:0", "--store", "s.db", "--json")
	admin := ready["admin_url"].(string)
	token := []string{"AUTHFLOW_ADMIN_TOKEN=" + ready["admin_token"].(string)}
	expect := func(code int, part string, env []string, args ...string) {
		t.Helper()
		if got, said := told(t, dir, env, args...); got != code || !strings.Contains(said, part) {
			t.Errorf("%v: exit %d, said %s", args, got, said)
		}
	}
	expect(0, "revision 1", nil, "status", ready["status_url"].(string))
	expect(2, "AUTHFLOW_ADMIN_TOKEN", nil, "activate", admin, "v2.afb")
	expect(1, "bundle_unsigned", token, "activate", admin, "unsigned.afb")
	expect(1, "bundle_expected", token, "activate", admin, "v2.afb", "--expect", strings.Repeat("0", 64))
	expect(0, "revision 1", token, "activate", admin, "v2.afb", "--dry-run")
	expect(0, "revision 2", token, "activate", admin, "v2.afb")
	expect(1, "bundle_revision", token, "activate", admin, "v1.afb")
	expect(0, `"revision":1`, token, "rollback", admin, "--json")
	expect(0, "Refused   at", token, "status", admin)
	expect(1, "never active here", token, "rollback", admin, "--to", strings.Repeat("0", 64))
	expect(1, "bundle_scope", nil, "serve", "v1.afb", "--trust", "my.key.pub", "--scope", "production", "--store", "other.db", "--addr", "127.0.0.1:0")
	expect(2, "cannot be asked", nil, "status", "http://127.0.0.1:1")
}
