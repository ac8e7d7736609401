package projects

import (
	"fmt"
	"maps"
	"regexp"
	"slices"
	"strings"

	"github.com/authflow-studio/authflow/engine/block"
	"github.com/authflow-studio/authflow/engine/block/control"
	"github.com/authflow-studio/authflow/engine/flow"
)

// This file moves blocks of a flow into a flow of their own, which is run in
// their place. What they read from outside becomes an input, what is read of
// them from outside becomes the result.

// Extraction is a flow and the part that was taken out of it.
type Extraction struct {
	Flow   *flow.Flow   `json:"flow"`
	Layout *flow.Layout `json:"layout"`
	// Block is the one that runs the part.
	Block     string       `json:"block"`
	Sub       *flow.Flow   `json:"sub"`
	SubLayout *flow.Layout `json:"sub_layout"`
}

// Extract takes blocks out of a flow. The documents that are given stay as they
// are. It refuses what would not mean the same afterwards, and says why.
func Extract(c *block.Catalogue, p *flow.Project, f *flow.Flow, l *flow.Layout, ids []string, slug, name string) (*Extraction, error) {
	x := &extraction{c: c, p: p, f: f, l: l, in: map[string]bool{}, slug: slug, name: name, given: map[string]string{}, taken: map[string]bool{}}
	for _, id := range ids {
		if f.Blocks[id] == nil {
			return nil, fmt.Errorf("there is no block %q", id)
		}
		x.in[id] = true
	}
	if len(ids) == 0 {
		return nil, fmt.Errorf("no block is selected")
	}
	if err := x.mayLeave(); err != nil {
		return nil, err
	}
	if err := x.findEntry(); err != nil {
		return nil, err
	}
	x.findExits()
	if len(x.exits) == 0 {
		return nil, fmt.Errorf("nothing leads out of the selection, so the flow could not go on after it")
	}
	x.run = fresh(strings.ReplaceAll(slug, "-", "_"), func(id string) bool { return f.Blocks[id] != nil && !x.in[id] })
	return x.done(), nil
}

type extraction struct {
	c          *block.Catalogue
	p          *flow.Project
	f          *flow.Flow
	l          *flow.Layout
	in         map[string]bool
	slug, name string
	entry, run string
	exits      []string          // the blocks outside that are led to, the good one first
	given      map[string]string // input → what the parent gives
	taken      map[string]bool   // "<block>.<output>" that is read outside
}

func fresh(base string, taken func(string) bool) string {
	id := base
	for n := 2; taken(id); n++ {
		id = fmt.Sprintf("%s_%d", base, n)
	}
	return id
}

// mayLeave refuses blocks that mean something else in another flow.
func (x *extraction) mayLeave() error {
	trigger, _ := flow.TriggerByID(x.f.Trigger)
	for _, id := range slices.Sorted(maps.Keys(x.in)) {
		b := x.f.Blocks[id]
		d, known := x.c.Descriptor(b.Type)
		switch {
		case slices.Contains(trigger.Locked, b.Type) && !x.f.IsUnlocked(id):
			return fmt.Errorf("%q is locked: every %s flow needs it itself", id, strings.ToLower(trigger.Title))
		case known && d.Terminal:
			return fmt.Errorf("%q ends the whole flow, and inside another it would only end that one: leave it out of the selection", id)
		}
	}
	return x.scriptsStay()
}

// scriptsStay refuses a cut between an Action and a block that its script reads:
// scripts are the person's own text, and are not rewritten.
func (x *extraction) scriptsStay() error {
	for _, id := range slices.Sorted(maps.Keys(x.f.Blocks)) {
		for _, v := range x.f.Blocks[id].Config {
			file, _ := v.(string)
			source, ok := x.p.Actions[strings.TrimPrefix(file, flow.ActionsDir+"/")]
			if !ok {
				continue
			}
			for other := range x.f.Blocks {
				if x.in[id] != x.in[other] && regexp.MustCompile(`\bstep\s*(\.\s*|\[\s*["'])`+other+`\b`).MatchString(source) {
					return fmt.Errorf("the Action %s of %q reads step.%s, which would stand in another flow: select both, or neither", file, id, other)
				}
			}
		}
	}
	return nil
}

func (x *extraction) findEntry() error {
	entries := map[string]bool{}
	inside := map[string]bool{}
	if x.in[x.f.Start] {
		entries[x.f.Start] = true
	}
	for id, b := range x.f.Blocks {
		for _, to := range b.Next {
			switch {
			case !x.in[to]:
			case x.in[id]:
				inside[to] = true
			default:
				entries[to] = true
			}
		}
	}
	if len(entries) == 0 { // nothing leads in yet: it begins where nothing inside leads to
		for id := range x.in {
			if !inside[id] {
				entries[id] = true
			}
		}
	}
	names := slices.Sorted(maps.Keys(entries))
	if len(names) != 1 {
		if len(names) == 0 {
			return fmt.Errorf("the selection has no beginning: nothing leads to any of its blocks from outside")
		}
		return fmt.Errorf("the selection is entered at several blocks (%s); a flow has one beginning", strings.Join(names, ", "))
	}
	x.entry = names[0]
	return nil
}

func (x *extraction) findExits() {
	good := map[string]int{}
	for id := range x.in {
		b := x.f.Blocks[id]
		d, known := x.c.Descriptor(b.Type)
		for port, to := range b.Next {
			if x.in[to] || x.f.Blocks[to] == nil {
				continue
			}
			good[to] += 0
			if !known || port == block.ErrorPort {
				good[to]--
				continue
			}
			for _, q := range d.PortsOf(b.Config) {
				if q.ID == port {
					good[to] += map[string]int{"good": 2, "neutral": 1, "bad": -2}[q.Tone]
				}
			}
		}
	}
	x.exits = slices.Sorted(maps.Keys(good))
	slices.SortStableFunc(x.exits, func(a, b string) int { return good[b] - good[a] })
}

// done makes the two flows.
func (x *extraction) done() *Extraction {
	sub := &flow.Flow{Schema: x.f.Schema, Format: x.f.Format, Name: x.name, Description: "Taken out of " + x.f.Name + ".", Trigger: flow.Custom, Enabled: true, SubflowOnly: true,
		Start: x.entry, Blocks: map[string]*flow.Block{}, Inputs: map[string]flow.Input{}}
	subLayout := &flow.Layout{Format: x.l.Format, Blocks: map[string]flow.Position{}}
	parent := *x.f
	parent.Blocks = map[string]*flow.Block{}
	layout := &flow.Layout{Format: x.l.Format, Blocks: map[string]flow.Position{}, Notes: maps.Clone(x.l.Notes), Frames: map[string]flow.Frame{}}
	for id, b := range x.f.Blocks {
		moved := *b
		moved.Next = maps.Clone(b.Next)
		if x.in[id] {
			moved.Config = x.inward(b)
			sub.Blocks[id], subLayout.Blocks[id] = &moved, x.l.Blocks[id]
			continue
		}
		moved.Config = x.outward(b)
		parent.Blocks[id], layout.Blocks[id] = &moved, x.l.Blocks[id]
	}
	x.finishes(sub, subLayout)
	x.caller(&parent, layout)
	for _, stage := range x.f.StageOrder() {
		if slices.ContainsFunc(slices.Collect(maps.Values(sub.Blocks)), func(b *flow.Block) bool { return b.Stage == stage }) {
			sub.Stages = append(sub.Stages, stage)
		}
	}
	for in := range x.given {
		sub.Inputs[in] = flow.Input{Type: "any", Required: true}
		if was, ok := x.f.Inputs[in]; ok {
			sub.Inputs[in] = was
		}
	}
	for id, frame := range x.l.Frames {
		frame.Blocks = slices.DeleteFunc(slices.Clone(frame.Blocks), func(b string) bool { return x.in[b] })
		if len(frame.Blocks) > 0 {
			layout.Frames[id] = frame
		}
	}
	return &Extraction{Flow: &parent, Layout: layout, Block: x.run, Sub: sub, SubLayout: subLayout}
}

// finishes ends the part once for each block that it led to.
func (x *extraction) finishes(sub *flow.Flow, l *flow.Layout) {
	stage, bottom := sub.Blocks[x.entry].Stage, 0.0
	order := x.f.StageOrder()
	for id, b := range sub.Blocks {
		if slices.Index(order, b.Stage) > slices.Index(order, stage) {
			stage = b.Stage
		}
		bottom = max(bottom, l.Blocks[id].Y)
	}
	for i, exit := range x.exits {
		id := fresh(endName(i, len(x.exits)), func(id string) bool { return sub.Blocks[id] != nil })
		config := map[string]any{"success": !(len(x.exits) == 2 && i == 1)}
		if len(x.exits) > 2 {
			config["data"] = map[string]any{"exit": exit}
		}
		for read := range x.taken {
			data, _ := config["data"].(map[string]any)
			if data == nil {
				data = map[string]any{}
			}
			data[strings.ReplaceAll(read, ".", "_")] = x.result(read, exit)
			config["data"] = data
		}
		sub.Blocks[id] = &flow.Block{Type: "finish", Stage: stage, Config: config}
		l.Blocks[id] = flow.Position{X: 56 + float64(i)*296, Y: bottom + 200}
		for from := range x.in {
			for port, to := range sub.Blocks[from].Next {
				if to == exit && x.f.Blocks[from].Next[port] == exit {
					sub.Blocks[from].Next[port] = id
				}
			}
		}
	}
}

func endName(i, all int) string {
	switch {
	case all == 1 || all == 2 && i == 0:
		return "done"
	case all == 2:
		return "otherwise"
	}
	return fmt.Sprintf("done_%d", i+1)
}

// caller puts the block that runs the part where its beginning stood.
func (x *extraction) caller(parent *flow.Flow, l *flow.Layout) {
	at, stage := x.l.Blocks[x.entry], x.f.Blocks[x.entry].Stage
	taken := func(id string) bool { return parent.Blocks[id] != nil || id == x.run }
	refused := fresh(x.run+"_refused", taken)
	next := map[string]string{"success": x.exits[0], "failure": refused, "aborted": refused}
	config := map[string]any{"flow": x.slug}
	if len(x.given) > 0 {
		inputs := map[string]any{}
		for name, value := range x.given {
			inputs[name] = value
		}
		config["inputs"] = inputs
	}
	for _, b := range parent.Blocks {
		for port, to := range b.Next {
			if x.in[to] {
				b.Next[port] = x.run
			}
		}
	}
	if x.in[parent.Start] {
		parent.Start = x.run
	}
	parent.Blocks[x.run] = &flow.Block{Type: control.RunFlowID, Stage: stage, Label: x.name, Config: config, Next: next}
	parent.Blocks[refused] = &flow.Block{Type: "deny", Stage: stage, Config: map[string]any{"reason": "access_denied"}}
	l.Blocks[x.run], l.Blocks[refused] = at, flow.Position{X: at.X + 296, Y: at.Y + 160}
	switch len(x.exits) {
	case 1:
	case 2:
		next["failure"] = x.exits[1]
	default:
		id := fresh(x.run+"_exit", taken)
		next["success"] = id
		parent.Blocks[id] = x.fork(stage)
		l.Blocks[id] = flow.Position{X: at.X, Y: at.Y + 160}
	}
}

// fork goes on where the part said that it ended.
func (x *extraction) fork(stage string) *flow.Block {
	last := len(x.exits) - 1
	var rows []any
	next := map[string]string{control.DefaultPort: x.exits[last]}
	for _, exit := range x.exits[:last] {
		rows = append(rows, map[string]any{"port": exit, "when": fmt.Sprintf("step.%s.data.exit == %q", x.run, exit)})
		next[exit] = exit
	}
	return &flow.Block{Type: "decision", Stage: stage, Config: map[string]any{"rows": rows}, Next: next}
}
