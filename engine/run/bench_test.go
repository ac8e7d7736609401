package run_test

import (
	"strconv"
	"time"

	"github.com/authflow-studio/authflow/engine/block"
	"github.com/authflow-studio/authflow/engine/flow"
	"github.com/authflow-studio/authflow/engine/run"
)

func name(i int) string { return "b" + strconv.Itoa(i) }

type benchClock struct{}

func (benchClock) Now() time.Time { return time.Unix(1_700_000_000, 0) }

func bench(p *flow.Project) *run.State {
	return &run.State{Format: run.StateFormat, ID: "run_bench", Trigger: "login", Status: run.Running, Project: p.Digest,
		Frames: []run.Frame{{Flow: "login", Block: "b0"}}, Event: map[string]any{"request": map[string]any{"ip": "192.0.2.1"}}}
}

func benchEnv(p *flow.Project) *block.Env { return &block.Env{Project: p, Issued: &block.Issued{}} }
