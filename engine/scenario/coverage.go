package scenario

import (
	"fmt"
	"maps"
	"path"
	"slices"
	"sort"

	"github.com/authflow-studio/authflow/engine/block"
	"github.com/authflow-studio/authflow/engine/flow"
	"github.com/authflow-studio/authflow/engine/run"
	"github.com/authflow-studio/authflow/engine/script"
)

// Coverage tells what of a project's flows the scenarios have run through.
type Coverage struct {
	Flows []FlowCoverage `json:"flows"`
	// Blocks, Ports, Errors and Pages over all flows. Errors are the port error
	// of blocks that have wired it.
	Blocks Share `json:"blocks"`
	Ports  Share `json:"ports"`
	Errors Share `json:"errors"`
	Pages  Share `json:"pages"`
	// Actions with their lines; Lines over all that have run.
	Actions []ActionCoverage `json:"actions"`
	Lines   Share            `json:"lines"`
	// Contracts that runs can show; Promises are those that were shown from both
	// sides.
	Contracts []ContractCoverage `json:"contracts"`
	Promises  Share              `json:"promises"`
}

// ActionCoverage is the coverage of one file below actions/.
type ActionCoverage struct {
	File string `json:"file"`
	// Run is false for one that no scenario has come to: its lines are not known
	// then.
	Run    bool  `json:"run"`
	Lines  Share `json:"lines"`
	Missed []int `json:"missed"`
}

// Share is how much of something was covered.
type Share struct {
	Covered int `json:"covered"`
	Of      int `json:"of"`
}

// Percent answers the share; nothing at all is covered whole.
func (s Share) Percent() float64 {
	if s.Of == 0 {
		return 100
	}
	return 100 * float64(s.Covered) / float64(s.Of)
}

func (s *Share) count(covered bool) {
	s.Of++
	if covered {
		s.Covered++
	}
}

// FlowCoverage is the coverage of one flow.
type FlowCoverage struct {
	Flow   string          `json:"flow"`
	Name   string          `json:"name"`
	Blocks []BlockCoverage `json:"blocks"`
}

// BlockCoverage is the coverage of one block: how often it ran, and by which
// ports it left. A port of a decision is one of its rows.
type BlockCoverage struct {
	Block string         `json:"block"`
	Type  string         `json:"type"`
	Runs  int            `json:"runs"`
	Ports []PortCoverage `json:"ports"`
	// Page is what it shows, empty for none.
	Page string `json:"page,omitempty"`
}

// PortCoverage counts how often a port was taken.
type PortCoverage struct {
	Port  string `json:"port"`
	Taken int    `json:"taken"`
	// To is the block that the edge leads to.
	To string `json:"to,omitempty"`
}

// Cover counts what the traces have run through.
func Cover(p *flow.Project, c *block.Catalogue, traces [][]run.Step) Coverage {
	runs, taken, shown := map[string]int{}, map[string]int{}, map[string]bool{}
	for _, trace := range traces {
		for _, s := range trace {
			at := s.Flow + "." + s.Block
			runs[at]++
			if s.Waits {
				shown[at] = true
			}
			switch {
			case s.Error != nil:
				taken[at+":"+block.ErrorPort]++
			case s.Port != "":
				taken[at+":"+s.Port]++
			}
		}
	}
	var out Coverage
	slugs := make([]string, 0, len(p.Flows))
	for slug := range p.Flows {
		slugs = append(slugs, slug)
	}
	sort.Strings(slugs)
	for _, slug := range slugs {
		out.flow(p, c, slug, runs, taken, shown)
	}
	return out
}

func (c *Coverage) flow(p *flow.Project, blocks *block.Catalogue, slug string, runs, taken map[string]int, shown map[string]bool) {
	f := p.Flows[slug]
	fc := FlowCoverage{Flow: slug, Name: f.Name}
	for _, id := range flow.NewGraph(f).IDs {
		b := f.Blocks[id]
		at := slug + "." + id
		bc := BlockCoverage{Block: id, Type: b.Type, Runs: runs[at]}
		c.Blocks.count(bc.Runs > 0)
		if d, ok := blocks.Descriptor(b.Type); ok {
			d = d.In(p, b.Config)
			if d.Asks {
				bc.Page = b.Type
				if t, ok := b.Config["template"].(string); ok {
					bc.Page = t
				}
				c.Pages.count(shown[at])
			}
			for _, port := range d.PortsOf(b.Config) {
				pc := PortCoverage{Port: port.ID, Taken: taken[at+":"+port.ID], To: b.Next[port.ID]}
				switch {
				case port.ID == block.ErrorPort && pc.To == "":
					continue // unwired, it ends the run: that is the engine's to test
				case port.ID == block.ErrorPort:
					c.Errors.count(pc.Taken > 0)
				default:
					c.Ports.count(pc.Taken > 0)
				}
				bc.Ports = append(bc.Ports, pc)
			}
		}
		fc.Blocks = append(fc.Blocks, bc)
	}
	c.Flows = append(c.Flows, fc)
}

// ranLines adds the lines of Actions.
func (c *Coverage) ranLines(p *flow.Project, results []Result) {
	lines := map[string]script.Lines{}
	for _, r := range results {
		for name, l := range r.Lines {
			lines[name] = l.With(lines[name])
		}
	}
	c.Actions = []ActionCoverage{}
	for _, name := range slices.Sorted(maps.Keys(p.Actions)) {
		if !script.Readable(name) || path.Ext(name) == ".json" {
			continue
		}
		l, ran := lines[name]
		a := ActionCoverage{File: name, Run: ran, Lines: Share{len(l.Ran), len(l.All)}, Missed: append([]int{}, l.Missed()...)}
		c.Lines.Covered += a.Lines.Covered
		c.Lines.Of += a.Lines.Of
		c.Actions = append(c.Actions, a)
	}
}

// Covered is the coverage of a report.
func (r Report) Covered(p *flow.Project, c *block.Catalogue) Coverage {
	traces := make([][]run.Step, len(r.Results))
	for i := range r.Results {
		traces[i] = r.Results[i].Trace
	}
	out := Cover(p, c, traces)
	out.ranLines(p, r.Results)
	out.promises(p, c, traces)
	return out
}

// Missed lists what no scenario has run through: blocks, then ports.
func (c Coverage) Missed() []string {
	var out []string
	for _, f := range c.Flows {
		for _, b := range f.Blocks {
			if b.Runs == 0 {
				out = append(out, fmt.Sprintf("%s.%s", f.Flow, b.Block))
				continue
			}
			for _, p := range b.Ports {
				if p.Taken == 0 {
					out = append(out, fmt.Sprintf("%s.%s:%s", f.Flow, b.Block, p.Port))
				}
			}
		}
	}
	return slices.Clip(out)
}
