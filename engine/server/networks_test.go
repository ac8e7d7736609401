package server_test

import (
	"context"
	"strings"
	"testing"
	"testing/fstest"

	"github.com/authflow-studio/authflow/engine/flow"
)

// The project's own table is exported with it; world.yaml stands before it.
func TestNetworksOfTheProject(t *testing.T) {
	ip := probe("ip", map[string]any{"ip": to("ip_reputation", nil, map[string]any{"next": "report"})}, map[string]any{"country": "{{ step.ip.country }}", "hosting": "{{ step.ip.hosting }}", "tor": "{{ step.ip.tor }}"})
	r := newRig(t, nil, both(file("lists/networks.yaml", "networks:\n  - {prefix: 9.9.9.0/24, country: CH, kind: hosting}\n  - {prefix: 198.51.100.0/24, country: CH, kind: hosting}\n"), ip))
	r.from("9.9.9.9")
	holds(t, r.report(), map[string]any{"country": "CH", "hosting": true})
	r.from("198.51.100.4")
	holds(t, r.report(), map[string]any{"country": "DE", "tor": true})

	files := starterFiles(t)
	files["lists/networks.yaml"] = &fstest.MapFile{Data: []byte("networks:\n  - {prefix: 9.9.9/24}\n")}
	p, problems := flow.Load(files)
	if len(problems) > 0 {
		t.Fatal(problems)
	}
	if err := r.Load(context.Background(), p, nil); err == nil || !strings.Contains(err.Error(), "lists/networks.yaml") {
		t.Errorf("a table that cannot be read: %v", err)
	}
}
