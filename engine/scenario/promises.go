package scenario

import (
	"slices"

	"github.com/authflow-studio/authflow/engine/block"
	"github.com/authflow-studio/authflow/engine/check/contract"
	"github.com/authflow-studio/authflow/engine/flow"
	"github.com/authflow-studio/authflow/engine/run"
)

// This file counts which contracts the scenarios have shown from both sides: a
// run that was held to the promise, and one that was spared.

// ContractCoverage is the coverage of one contract.
type ContractCoverage struct {
	Name   string `json:"name"`
	File   string `json:"file"`
	Kept   bool   `json:"kept"`
	Spared bool   `json:"spared"`
}

// promises adds the contracts. What cannot be read is for authflow check to say.
func (c *Coverage) promises(p *flow.Project, blocks *block.Catalogue, traces [][]run.Step) {
	c.Contracts = []ContractCoverage{}
	var runs [][]contract.Visit
	for _, t := range traces {
		runs = append(runs, runsOf(p, t)...)
	}
	pr := &contract.Prover{Catalogue: blocks}
	files, _ := contract.ReadAll(p)
	for _, f := range files {
		for i := range f.Contracts {
			k := &f.Contracts[i]
			if !k.Countable() {
				continue
			}
			sides := pr.Seen(p, k, runs)
			c.Promises.count(sides.Both())
			c.Contracts = append(c.Contracts, ContractCoverage{k.Name, k.File, sides.Kept, sides.Spared})
		}
	}
}

// runsOf cuts a trace into its runs: each begins at the first block of a flow
// that can be started, and goes on after a page where it waited.
func runsOf(p *flow.Project, trace []run.Step) [][]contract.Visit {
	var out [][]contract.Visit
	waits := map[string]string{} // by flow, the block that will go on
	for _, s := range trace {
		f := p.Flows[s.Flow]
		if f == nil || f.Blocks[s.Block] == nil {
			continue
		}
		resumed := waits[s.Flow] == s.Block
		delete(waits, s.Flow)
		if s.N == 1 && !resumed && f.Start == s.Block && f.Startable() {
			out, waits = append(out, nil), map[string]string{}
		}
		if len(out) == 0 {
			continue
		}
		calls := f.Blocks[s.Block].Type == "run_flow" && s.Port == "" && s.Error == nil
		if s.Waits || calls {
			waits[s.Flow] = s.Block
		}
		port := s.Port
		if f.Blocks[s.Block].Next[port] == "" {
			port = "" // an outcome that leads nowhere ends the flow
		}
		last := len(out) - 1
		out[last] = append(out[last], contract.Visit{Flow: s.Flow, Block: s.Block, Port: port, Entered: !resumed, Issued: s.Ended && s.Error == nil && endsWell(f.Blocks[s.Block])})
	}
	return slices.Clip(out)
}

// endsWell reports whether a terminal block is one of success.
func endsWell(b *flow.Block) bool {
	success, set := b.Config["success"].(bool)
	return b.Type != "deny" && b.Type != "run_custom_action" && (!set || success)
}
