package cli_test

import (
	"os"
	"path/filepath"
	"strings"
	"testing"
)

const smokeFile = `about: Tried by every server before it takes these flows.
given:
  person: smoke@example.com
  people: [{name: Smoke, email: smoke@example.com, email_verified: true, password: fourier-transform}]
scenarios:
  - name: somebody signs in
    steps:
      - start: login
      - {page: sign_in, fill: {identifier: "{{ person.identifier }}", password: "{{ person.password }}"}}
    expect: {outcome: signed_in}
`

// The smoke tests of a project are run where it is exported and stand in the
// manifest; a running server that they fail at goes on with the bundle before.
func TestB3_SmokeTestsGoAlong(t *testing.T) {
	dir := t.TempDir()
	once(t, dir, "new", "acme")
	smoke := filepath.Join(dir, "acme", "smoke", "signs_in.yaml")
	write := func(text string) {
		t.Helper()
		if err := os.MkdirAll(filepath.Dir(smoke), 0o755); err != nil {
			t.Fatal(err)
		}
		if err := os.WriteFile(smoke, []byte(text), 0o644); err != nil {
			t.Fatal(err)
		}
	}
	write(smokeFile)
	if code, said := told(t, dir, nil, "test", "acme", "somebody signs in"); code != 0 || !strings.Contains(said, "1 passed") {
		t.Errorf("they are no scenarios of the project: %s", said)
	}
	once(t, dir, "export", "acme", "-o", "acme.afb", "--revision", "1")
	code, said := told(t, dir, nil, "verify", "acme.afb")
	if code != 0 || !strings.Contains(said, "passed   smoke test signs_in / somebody signs in") {
		t.Errorf("verify: %d %s", code, said)
	}
	write(strings.Replace(smokeFile, "outcome: signed_in", "outcome: refused", 1))
	if code, said = told(t, dir, nil, "export", "acme", "-o", "bad.afb"); code != 1 || !strings.Contains(said, "bundle_smoke") {
		t.Errorf("export: %d %s", code, said)
	}
	if _, err := os.Stat(filepath.Join(dir, "bad.afb")); err == nil {
		t.Error("a bundle was written whose smoke test fails")
	}

	ready := program(t, dir, "serve", "acme.afb", "--allow-unsigned", "--addr", "127.0.0.1:0", "--store", "s.db", "--json")
	if status := statusOf(t, ready["status_url"].(string)); status.Active.SmokeTests != 1 {
		t.Errorf("%+v", status)
	}
}
