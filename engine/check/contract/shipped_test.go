package contract_test

import (
	"context"
	"maps"
	"slices"
	"testing"

	"github.com/authflow-studio/authflow/engine/block"
	"github.com/authflow-studio/authflow/engine/block/catalogue"
	"github.com/authflow-studio/authflow/engine/check/contract"
	"github.com/authflow-studio/authflow/engine/flow"
	"github.com/authflow-studio/authflow/engine/run"
	"github.com/authflow-studio/authflow/engine/store/storetest"
	"github.com/authflow-studio/authflow/engine/world"
	"github.com/authflow-studio/authflow/projects"
)

// shipped calls with every contract of every template.
func shipped(t *testing.T, each func(t *testing.T, p *flow.Project, c *contract.Contract)) {
	t.Helper()
	list, err := projects.Templates()
	if err != nil || len(list) == 0 {
		t.Fatal(len(list), err)
	}
	for _, tpl := range list {
		p := template(t, tpl.Name)
		files, bad := contract.ReadAll(p)
		if len(bad) > 0 || len(files) == 0 {
			t.Fatalf("%s: %d files, %v", tpl.Name, len(files), bad)
		}
		for _, f := range files {
			for i := range f.Contracts {
				t.Run(tpl.Name+"/"+f.Contracts[i].Name, func(t *testing.T) { each(t, p, &f.Contracts[i]) })
			}
		}
	}
}

func TestK3_ShippedContractsHold(t *testing.T) {
	shipped(t, func(t *testing.T, p *flow.Project, c *contract.Contract) {
		r := (&contract.Prover{Catalogue: catalogue.All()}).Prove(p, c)
		if r.Verdict != contract.Proved {
			t.Errorf("%s %v: %s", r.Verdict, r.Path, r.Reason)
		}
	})
}

// A contract that no change of a flow could break would promise nothing: some
// edge led elsewhere, or some setting left out, refutes each.
func TestK3_EachShippedContractCanBeBroken(t *testing.T) {
	shipped(t, func(t *testing.T, p *flow.Project, c *contract.Contract) {
		pr := &contract.Prover{Catalogue: catalogue.All()}
		refuted := func() bool { return pr.Prove(p, c).Verdict == contract.Refuted }
		if len(c.CallsOnly) > 0 || c.CallsOnly != nil {
			hosts := p.Settings.EgressHosts
			defer func() { p.Settings.EgressHosts = hosts }()
			p.Settings.EgressHosts = append(slices.Clone(hosts), "elsewhere.example")
			if !refuted() {
				t.Error("another host is let through")
			}
			return
		}
		if c.Within > 0 {
			short := *c
			short.Within = 1
			if len(p.Actions) > 0 && pr.Prove(p, &short).Verdict != contract.Refuted {
				t.Error("a nanosecond is enough")
			}
			return
		}
		if !breakable(p, refuted) {
			t.Error("no edge that leads elsewhere, and no setting that is left out, breaks it")
		}
	})
}

// breakable leads each outcome to every other block, and the error outcome too,
// and takes each block's settings away.
func breakable(p *flow.Project, refuted func() bool) bool {
	for _, slug := range slices.Sorted(maps.Keys(p.Flows)) {
		f := p.Flows[slug]
		ids := slices.Sorted(maps.Keys(f.Blocks))
		for _, id := range ids {
			b := f.Blocks[id]
			next, config := b.Next, b.Config
			d, _ := catalogue.All().Descriptor(b.Type)
			for _, port := range d.In(p, b.Config).PortsOf(b.Config) {
				for _, to := range ids {
					b.Next = maps.Clone(next)
					if b.Next == nil {
						b.Next = map[string]string{}
					}
					b.Next[port.ID] = to
					if broken := refuted(); broken {
						b.Next = next
						return true
					}
				}
			}
			b.Next = next
			for _, set := range []map[string]any{{}, {"revoke_sessions": false}} {
				b.Config = set
				broken := refuted()
				b.Config = config
				if broken {
					return true
				}
			}
		}
	}
	return false
}

// The search takes a block that proves something of a person to fail where nobody
// was found; so it is, for every such block of the catalogue.
func TestK3_BlocksThatProveFailWithoutAPerson(t *testing.T) {
	c := catalogue.All()
	clock := storetest.NewClock()
	tried := 0
	for _, id := range c.IDs() {
		d, _ := c.Descriptor(id)
		if len(d.Proves) == 0 || !slices.Contains(d.Needs, block.FactUser) {
			continue
		}
		tried++
		next := map[string]string{}
		for _, port := range d.PortsOf(nil) {
			next[port.ID] = "went_on"
		}
		delete(next, block.ErrorPort)
		p := &flow.Project{Flows: map[string]*flow.Flow{"login": {Start: "it", Blocks: map[string]*flow.Block{"it": {Type: id, Next: next}, "went_on": {Type: "finish"}}}}}
		m := &run.Machine{Catalogue: c, Project: p, Budgets: p.Settings.WithDefaults().Budgets}
		s := &run.State{Status: run.Running, Frames: []run.Frame{{Flow: "login", Block: "it"}}, Event: map[string]any{"request": map[string]any{}, "transaction": map[string]any{}}}
		m.Advance(context.Background(), s, nil, &block.Env{World: world.World{Clock: clock}, Project: p}, run.NewJournal(clock, s))
		if s.Status != run.Ended || s.End.Success || s.Failure == nil || s.Failure.Block != "it" {
			t.Errorf("%s went on without a person: %s %+v", id, s.Status, s.Failure)
		}
	}
	if tried < 5 {
		t.Errorf("only %d blocks prove something of somebody", tried)
	}
}
