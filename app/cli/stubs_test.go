package cli_test

import (
	"net/http"
	"net/http/httptest"
	"os"
	"os/exec"
	"path/filepath"
	"strings"
	"testing"
)

// A stub that has fallen behind its service is found, by the form of the answer.
func TestStubsCheckFindsDrift(t *testing.T) {
	answer := `{"score": 0.5, "reasons": ["x"], "person": {"id": "1"}}`
	service := httptest.NewServer(http.HandlerFunc(func(w http.ResponseWriter, _ *http.Request) { _, _ = w.Write([]byte(answer)) }))
	defer service.Close()
	dir := t.TempDir()
	once(t, dir, "new", "acme")
	edit := func(name, from, to string) {
		t.Helper()
		name = filepath.Join(dir, "acme", name)
		text, err := os.ReadFile(name)
		if err != nil || !strings.Contains(string(text), from) {
			t.Fatal(err, name)
		}
		if err := os.WriteFile(name, []byte(strings.Replace(string(text), from, to, 1)), 0o644); err != nil {
			t.Fatal(err)
		}
	}
	edit("authflow.json", `"harness": {`, `"harness": {"loopback_hosts": ["`+strings.TrimPrefix(service.URL, "http://")+`"],`)
	edit("world.yaml", "people:", `stubs:
  - {url: "`+service.URL+`/score", answer: {json: {score: 0.9, reasons: [], person: {id: a}}}}
  - {url: "`+service.URL+`/*", answer: {json: {}}}
people:`)
	check := func() (string, error) {
		cmd := exec.Command(os.Args[0], "stubs", "check", "acme")
		cmd.Env, cmd.Dir = append(os.Environ(), asProgram+"=1"), dir
		out, err := cmd.CombinedOutput()
		return string(out), err
	}
	if out, err := check(); err != nil || !strings.Contains(out, "1 services asked, 0 stubs have fallen behind") {
		t.Errorf("%v\n%s", err, out)
	}
	answer = `{"score": "high", "person": {"id": "1", "kind": "x"}}`
	out, err := check()
	for _, want := range []string{"$.score is a text, and in the stub a number", "$.reasons is not there any more", "$.person.kind is new"} {
		if err == nil || !strings.Contains(out, want) {
			t.Errorf("%v, want %q in\n%s", err, want, out)
		}
	}
}
