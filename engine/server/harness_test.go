package server_test

import (
	"context"
	"log/slog"
	"testing"

	"github.com/authflow-studio/authflow/engine/flow"
	"github.com/authflow-studio/authflow/engine/scenario/agent"
	"github.com/authflow-studio/authflow/engine/server"
	"github.com/authflow-studio/authflow/projects"
)

func TestStarterSignsIn(t *testing.T) {
	fsys, err := projects.TemplateFS("starter")
	if err != nil {
		t.Fatal(err)
	}
	p, problems := flow.Load(fsys)
	if len(problems) > 0 {
		t.Fatal(problems)
	}
	var got *server.TokenSet
	h, err := server.NewHarness(server.HarnessOptions{Issuer: "http://127.0.0.1:9400", Log: slog.Default(), Tokens: func(s server.TokenSet) { got = &s }})
	if err != nil {
		t.Fatal(err)
	}
	defer h.Close()
	world, err := server.ReadWorld(fsys)
	if err != nil {
		t.Fatal(err)
	}
	if err := h.Load(context.Background(), p, world); err != nil {
		t.Fatal(err)
	}
	a := agent.New(h, "http://127.0.0.1:9400")
	page, err := a.Get(context.Background(), h.DemoURL()+"/login")
	if err != nil {
		t.Fatal(err)
	}
	t.Log(page.URL, page.Status, page.HTML)
	_ = got
}
