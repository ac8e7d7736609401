package run_test

import (
	"path/filepath"
	"strconv"
	"testing"
	"time"

	"github.com/authflow-studio/authflow/engine/block"
	"github.com/authflow-studio/authflow/engine/block/catalogue"
	"github.com/authflow-studio/authflow/engine/directory"
	"github.com/authflow-studio/authflow/engine/flow"
	"github.com/authflow-studio/authflow/engine/run"
	"github.com/authflow-studio/authflow/engine/store/bolt"
	"github.com/authflow-studio/authflow/engine/store/storetest"
	"github.com/authflow-studio/authflow/engine/world"
)

func name(i int) string { return "b" + strconv.Itoa(i) }

type benchClock struct{}

func (benchClock) Now() time.Time { return time.Unix(1_700_000_000, 0) }

func bench(p *flow.Project) *run.State {
	return &run.State{Format: run.StateFormat, ID: "run_bench", Trigger: "login", Status: run.Running, Project: p.Digest,
		Frames: []run.Frame{{Flow: "login", Block: "b0"}}, Event: map[string]any{"request": map[string]any{"ip": "192.0.2.1"}}}
}

func benchEnv(p *flow.Project) *block.Env { return &block.Env{Project: p, Issued: &block.Issued{}} }

// BenchmarkResume is a submit of a waiting run: load, advance one page, save.
func BenchmarkResume(b *testing.B) {
	files := map[string][]byte{flow.SettingsFile: []byte(`{"format":1,"name":"bench","version":"1"}`),
		flow.FlowPath("login"): []byte(`{"format":1,"name":"b","trigger":"login","enabled":true,"start":"a","blocks":{"a":{"type":"page","stage":"pre_login","config":{"template":"page.html","fields":[{"name":"x"}]},"next":{"submitted":"a"}}}}`)}
	p, problems := flow.Parse(files)
	if len(problems) > 0 {
		b.Fatal(problems[0])
	}
	clock := storetest.NewClock()
	st, err := bolt.OpenWith(filepath.Join(b.TempDir(), "bench.db"), clock, bolt.Options{NoSync: true})
	if err != nil {
		b.Fatal(err)
	}
	defer st.Close()
	e := &run.Engine{Store: st, Catalogue: catalogue.All(), Hasher: func() *directory.Hasher { return nil },
		World: world.World{Clock: clock, Random: storetest.NewRandom(1), Networks: world.NoNetworks{}}}
	at, err := e.Start(b.Context(), run.StartSpec{Project: p, Flow: "login"})
	if err != nil {
		b.Fatal(err)
	}
	key := at.Key
	for b.Loop() {
		at, err = e.Submit(b.Context(), at.State.ID, key, e.Ticket(at.State, key), run.Input{Fields: map[string]any{"x": "y"}}, block.Carried{})
		if err != nil {
			b.Fatal(err)
		}
	}
}
