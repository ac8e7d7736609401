package server_test

import (
	"context"
	"fmt"
	"io/fs"
	"log/slog"
	"path/filepath"
	"strings"
	"testing"
	"testing/fstest"

	"github.com/authflow-studio/authflow/engine/bundle"
	"github.com/authflow-studio/authflow/engine/flow"
	"github.com/authflow-studio/authflow/engine/script"
	"github.com/authflow-studio/authflow/engine/server"
	"github.com/authflow-studio/authflow/engine/store/bolt"
	"github.com/authflow-studio/authflow/engine/world"
	"github.com/authflow-studio/authflow/projects"
)

// manyFlows is the starter with its login flow so many times over.
func manyFlows(b *testing.B, n int) fstest.MapFS {
	b.Helper()
	fsys, err := projects.TemplateFS("starter")
	if err != nil {
		b.Fatal(err)
	}
	p, problems := flow.Load(fsys)
	if len(problems) > 0 {
		b.Fatal(problems[0])
	}
	files := fstest.MapFS{}
	for name, text := range p.Files {
		if !strings.HasPrefix(name, flow.ContractsDir+"/") {
			files[name] = &fstest.MapFile{Data: text}
		}
	}
	login, err := fs.ReadFile(fsys, flow.FlowPath("login"))
	if err != nil {
		b.Fatal(err)
	}
	text := strings.NewReplacer(`"trigger": "login"`, `"trigger": "custom", "stages": ["pre_login", "post_auth", "post_login"]`).Replace(string(login))
	for i := len(p.Flows); i < n; i++ {
		files[flow.FlowPath(fmt.Sprintf("copy-%d", i))] = &fstest.MapFile{Data: []byte(text)}
	}
	return files
}

// BenchmarkActivate is a bundle from its bytes to being active: read, verified,
// checked in full, put in service. Each flow has 13 blocks.
func BenchmarkActivate(b *testing.B) {
	for _, n := range []int{10, 100, 1000} {
		b.Run(fmt.Sprintf("%d_flows", n), func(b *testing.B) {
			key := bundle.GenerateKey(world.SystemRandom{})
			files := manyFlows(b, n)
			built, err := bundle.Build(files, key)
			if err != nil {
				b.Fatal(err)
			}
			clock := &world.SimulatedClock{}
			st, err := bolt.OpenWith(filepath.Join(b.TempDir(), "a.db"), clock, bolt.Options{NoSync: true})
			if err != nil {
				b.Fatal(err)
			}
			defer st.Close()
			pool := script.NewPool(script.Options{Workers: 1})
			defer pool.Close()
			s, err := server.New(server.Options{Issuer: issuer, Store: st, Scripts: pool, Log: slog.New(slog.DiscardHandler), Policy: bundle.Policy{Trusted: []bundle.PublicKey{key.Public()}}, Clock: clock,
				Secret: func(context.Context, string) (string, error) { return "x", nil }})
			if err != nil {
				b.Fatal(err)
			}
			b.ReportMetric(float64(len(built.Bytes))/1024, "KiB")
			for b.Loop() {
				if err := s.Activate(b.Context(), built.Bytes, server.Activation{}); err != nil {
					b.Fatal(err)
				}
			}
		})
	}
}

// BenchmarkExport is a bundle made of a project and signed.
func BenchmarkExport(b *testing.B) {
	for _, n := range []int{10, 100, 1000} {
		b.Run(fmt.Sprintf("%d_flows", n), func(b *testing.B) {
			key, files := bundle.GenerateKey(world.SystemRandom{}), manyFlows(b, n)
			for b.Loop() {
				if _, err := bundle.Build(files, key); err != nil {
					b.Fatal(err)
				}
			}
		})
	}
}
