// Package diff says what differs between two versions of a flow or a project:
// by meaning, not by lines, as data and in words.
//
// It owns: Change and what compares. It delegates: reading to engine/flow;
// proofs and verdicts to those above.
// The law: what it lists is complete. Two projects without a Change have the same
// digest of meaning, save for the order in their files.
package diff

import (
	"fmt"
	"reflect"
	"slices"

	"github.com/authflow-studio/authflow/engine/flow"
)

// Kind of a Change.
type Kind string

// Kinds.
const (
	Added   Kind = "added"
	Removed Kind = "removed"
	Changed Kind = "changed"
	Renamed Kind = "renamed" // a block: the same but for its id
	Moved   Kind = "moved"   // a block's place in the drawing; it has no meaning
)

// Part is what of a project a Change is about.
type Part string

// Parts.
const (
	PartFlow     Part = "flow"
	PartBlock    Part = "block"
	PartEdge     Part = "edge"
	PartSetting  Part = "setting" // of a block, a flow or the project: Path says which
	PartLock     Part = "lock"    // lifted by a flow (rule G6)
	PartAction   Part = "action"
	PartPage     Part = "page"
	PartLabel    Part = "label"
	PartList     Part = "list"
	PartContract Part = "contract"
	PartClient   Part = "client"
	PartSecret   Part = "secret"
	PartHost     Part = "host" // that the flows may call
	PartSmoke    Part = "smoke"
)

// Change is one difference.
type Change struct {
	Kind  Kind   `json:"kind"`
	Part  Part   `json:"part"`
	Flow  string `json:"flow,omitempty"`
	Block string `json:"block,omitempty"`
	// Port of an edge.
	Port string `json:"port,omitempty"`
	// Path of a setting, or the name of a file, a secret, a host.
	Path   string `json:"path,omitempty"`
	Before any    `json:"before,omitempty"`
	After  any    `json:"after,omitempty"`
	// Weakens says that it takes a safeguard away: a lock that is lifted, a
	// contract that is gone, a block that proves who somebody is.
	Weakens bool `json:"weakens,omitzero"`
	// Text says it in words.
	Text string `json:"text"`
}

// Safeguard tells of a block's type whether it proves who somebody is; a nil one
// knows none.
type Safeguard func(blockType string) bool

// Projects answers what differs between two versions of a project, in the order
// of flows, files and settings.
func Projects(a, b *flow.Project, safe Safeguard) []Change {
	var out []Change
	for _, slug := range names(a.Flows, b.Flows) {
		out = append(out, Flows(slug, a.Flows[slug], b.Flows[slug], safe)...)
	}
	out = append(out, files(PartAction, "Action", a.Actions, b.Actions)...)
	out = append(out, files(PartPage, "page", a.Pages, b.Pages)...)
	out = append(out, labels(a, b)...)
	out = append(out, files(PartList, "list", a.Lists, b.Lists)...)
	contracts := files(PartContract, "file of contracts", a.Contracts, b.Contracts)
	for i := range contracts {
		contracts[i].Weakens = contracts[i].Kind == Removed
	}
	out = append(out, contracts...)
	out = append(out, files(PartSmoke, "file of smoke tests", a.Smoke, b.Smoke)...)
	out = append(out, clients(a, b)...)
	return append(out, settings(a.Settings, b.Settings)...)
}

// Flows answers what differs between two versions of a flow; nil is one that is
// not there.
func Flows(slug string, a, b *flow.Flow, safe Safeguard) []Change {
	switch {
	case a == nil && b == nil:
		return nil
	case a == nil:
		return []Change{{Kind: Added, Part: PartFlow, Flow: slug, Text: fmt.Sprintf("The flow %s is new, with %s.", slug, count(len(b.Blocks), "block"))}}
	case b == nil:
		return []Change{{Kind: Removed, Part: PartFlow, Flow: slug, Text: fmt.Sprintf("The flow %s is gone.", slug)}}
	}
	out := head(slug, a, b)
	renamed := renames(a, b)
	for _, id := range names(a.Blocks, b.Blocks) {
		if to, ok := renamed[id]; ok {
			out = append(out, Change{Kind: Renamed, Part: PartBlock, Flow: slug, Block: to, Before: id, After: to, Text: fmt.Sprintf("%s: the block %s is called %s now.", slug, id, to)})
			continue
		}
		out = append(out, block(slug, id, a.Blocks[id], b.Blocks[id], renamed, safe)...)
	}
	return out
}

// head compares what a flow says of itself.
func head(slug string, a, b *flow.Flow) []Change {
	x, y := *a, *b
	x.Blocks, y.Blocks, x.Unlocked, y.Unlocked = nil, nil, nil, nil
	out := values(Change{Part: PartSetting, Flow: slug}, slug, "", plain(x), plain(y))
	before, after := locks(a), locks(b)
	for _, id := range names(before, after) {
		was, had := before[id]
		is, has := after[id]
		c := Change{Part: PartLock, Flow: slug, Block: id, Before: was, After: is, Kind: Changed, Text: fmt.Sprintf("%s: why the lock of %s is lifted is said in other words.", slug, id)}
		switch {
		case had && has && was == is:
			continue
		case !had:
			c.Kind, c.Weakens, c.Before, c.Text = Added, true, nil, fmt.Sprintf("%s: the lock of %s is lifted: %s.", slug, id, is)
		case !has:
			c.Kind, c.After, c.Text = Removed, nil, fmt.Sprintf("%s: %s is locked again.", slug, id)
		}
		out = append(out, c)
	}
	return out
}

func locks(f *flow.Flow) map[string]string {
	out := map[string]string{}
	for _, u := range f.Unlocked {
		out[u.Block] = u.Reason
	}
	return out
}

// renames finds blocks that are the same but for their id: one candidate each
// way, so that nothing is guessed.
func renames(a, b *flow.Flow) map[string]string {
	gone, come := []string{}, []string{}
	for id := range a.Blocks {
		if b.Blocks[id] == nil {
			gone = append(gone, id)
		}
	}
	for id := range b.Blocks {
		if a.Blocks[id] == nil {
			come = append(come, id)
		}
	}
	like := func(x, y *flow.Block) bool {
		return x.Type == y.Type && x.Stage == y.Stage && reflect.DeepEqual(x.Config, y.Config)
	}
	out := map[string]string{}
	for _, from := range gone {
		var to []string
		for _, id := range come {
			if like(a.Blocks[from], b.Blocks[id]) {
				to = append(to, id)
			}
		}
		alike := slices.DeleteFunc(slices.Clone(gone), func(id string) bool { return !like(a.Blocks[id], a.Blocks[from]) })
		if len(to) == 1 && len(alike) == 1 {
			out[from], out[to[0]] = to[0], to[0]
		}
	}
	for from, to := range out { // the new name is told with the old one
		if from == to {
			delete(out, from)
		}
	}
	return out
}

// block compares a block; renamed leads from old ids to new ones.
func block(slug, id string, a, b *flow.Block, renamed map[string]string, safe Safeguard) []Change {
	proves := func(x *flow.Block) bool { return safe != nil && safe(x.Type) }
	for _, to := range renamed {
		if a == nil && to == id {
			return nil
		}
	}
	switch {
	case a == nil:
		return []Change{{Kind: Added, Part: PartBlock, Flow: slug, Block: id, After: b.Type, Text: fmt.Sprintf("%s: the block %s (%s) is new.", slug, id, b.Type)}}
	case b == nil:
		return []Change{{Kind: Removed, Part: PartBlock, Flow: slug, Block: id, Before: a.Type, Weakens: proves(a), Text: fmt.Sprintf("%s: the block %s (%s) is gone.", slug, id, a.Type)}}
	}
	var out []Change
	if a.Type != b.Type {
		out = append(out, Change{Kind: Changed, Part: PartBlock, Flow: slug, Block: id, Path: "type", Before: a.Type, After: b.Type, Weakens: proves(a) && !proves(b),
			Text: fmt.Sprintf("%s: %s is a %s now, no %s.", slug, id, b.Type, a.Type)})
	}
	of := Change{Part: PartSetting, Flow: slug, Block: id}
	x, y := *a, *b
	x.Type, y.Type, x.Next, y.Next = "", "", nil, nil
	out = append(out, values(of, slug+": "+id, "", plain(x), plain(y))...)
	for _, port := range names(a.Next, b.Next) {
		was, is := a.Next[port], b.Next[port]
		if to, ok := renamed[was]; ok {
			was = to
		}
		if was == is {
			continue
		}
		c := Change{Kind: Changed, Part: PartEdge, Flow: slug, Block: id, Port: port, Before: was, After: is, Text: fmt.Sprintf("%s: %s leads by %s to %s, no longer to %s.", slug, id, port, is, was)}
		switch {
		case was == "":
			c.Kind, c.Before, c.Text = Added, nil, fmt.Sprintf("%s: %s leads by %s to %s.", slug, id, port, is)
		case is == "":
			c.Kind, c.After, c.Text = Removed, nil, fmt.Sprintf("%s: %s leads by %s no longer to %s, nor anywhere.", slug, id, port, was)
		}
		out = append(out, c)
	}
	return out
}

// Layouts answers which blocks stand elsewhere in a drawing.
func Layouts(slug string, a, b *flow.Layout) []Change {
	var out []Change
	if a == nil || b == nil {
		return nil
	}
	for _, id := range names(a.Blocks, b.Blocks) {
		was, had := a.Blocks[id]
		is, has := b.Blocks[id]
		if had && has && was != is {
			out = append(out, Change{Kind: Moved, Part: PartBlock, Flow: slug, Block: id, Before: was, After: is, Text: fmt.Sprintf("%s: %s stands elsewhere.", slug, id)})
		}
	}
	return out
}

// Weakens reports whether a change takes a safeguard away.
func Weakens(all []Change) bool {
	return slices.ContainsFunc(all, func(c Change) bool { return c.Weakens })
}
