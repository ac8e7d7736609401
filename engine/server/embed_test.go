package server_test

import (
	"bytes"
	"net"
	"net/http"
	"os"
	"os/exec"
	"path/filepath"
	"regexp"
	"strings"
	"testing"
	"time"

	"github.com/authflow-studio/authflow/engine/bundle"
	"github.com/authflow-studio/authflow/engine/world"
)

var goBlock = regexp.MustCompile("(?s)```go\n(.*?)```")

// The program of the guide is built, run with a signed bundle, and asked.
func TestV1_TheProgramOfTheGuideServesABundle(t *testing.T) {
	text, err := os.ReadFile(filepath.Join("..", "..", "docs", "guides", "embed.md"))
	if err != nil {
		t.Fatal(err)
	}
	block := goBlock.FindSubmatch(text)
	if block == nil {
		t.Fatal("the guide has no program")
	}
	port := freePort(t)
	dir := t.TempDir()
	source := filepath.Join(dir, "main.go")
	if err := os.WriteFile(source, bytes.ReplaceAll(block[1], []byte("127.0.0.1:9600"), []byte(port)), 0o600); err != nil {
		t.Fatal(err)
	}
	program := filepath.Join(dir, "embedding")
	if out, err := exec.Command("go", "build", "-o", program, source).CombinedOutput(); err != nil {
		t.Fatalf("%v\n%s", err, out)
	}
	key := bundle.GenerateKey(world.SystemRandom{})
	if err := bundle.WriteKey(filepath.Join(dir, "release.key"), key); err != nil {
		t.Fatal(err)
	}
	built, err := bundle.Build(starterFiles(t), key)
	if err != nil {
		t.Fatal(err)
	}
	if err := os.WriteFile(filepath.Join(dir, "acme.afb"), built.Bytes, 0o600); err != nil {
		t.Fatal(err)
	}
	cmd := exec.Command(program)
	cmd.Dir = dir
	var said bytes.Buffer
	cmd.Stderr = &said
	if err := cmd.Start(); err != nil {
		t.Fatal(err)
	}
	t.Cleanup(func() { _ = cmd.Process.Kill(); _ = cmd.Wait() })
	for path, want := range map[string]string{"/.well-known/openid-configuration": `"authorization_endpoint":"http://` + port, "/status": `"digest":"` + built.Manifest.Digest, "/shop": "the rest"} {
		if got := asked(t, "http://"+port+path); !strings.Contains(got, want) {
			t.Errorf("%s answers %s\n%s", path, got, said.String())
		}
	}
}

// asked gets a page, once somebody listens.
func asked(t *testing.T, address string) string {
	t.Helper()
	var last error
	for range 100 {
		res, err := http.Get(address)
		if err == nil {
			defer res.Body.Close()
			var text bytes.Buffer
			_, _ = text.ReadFrom(res.Body)
			return text.String()
		}
		last = err
		time.Sleep(100 * time.Millisecond)
	}
	t.Fatal(last)
	return ""
}

func freePort(t *testing.T) string {
	t.Helper()
	l, err := net.Listen("tcp", "127.0.0.1:0")
	if err != nil {
		t.Fatal(err)
	}
	defer l.Close()
	return l.Addr().String()
}
