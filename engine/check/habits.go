package check

import (
	"fmt"
	"slices"
	"strings"

	"github.com/authflow-studio/authflow/engine/block"
)

// cheapRefusals are blocks that refuse without asking anybody outside.
var cheapRefusals = []string{"rate_limit", "brute_force", "ip_reputation", "email_validation", "bot_detection", "password_policy", "impossible_travel"}

// checkHabits: what works, and is better done otherwise (K2).
func checkHabits(x *inspection) {
	read := x.readOutputs()
	for i, id := range x.g.IDs {
		d := x.desc[i]
		if d == nil || !x.reach[i] || !slices.Contains(d.Effects, block.CallsHost) {
			continue
		}
		x.notification(id, d, read)
		for _, later := range x.withoutPause(i) {
			if l := x.desc[later]; l != nil && slices.Contains(cheapRefusals, l.ID) && !x.readsOf(later, id) {
				x.add(Problem{Code: "cheap_after_costly", Severity: Info, Block: x.g.IDs[later],
					Message: fmt.Sprintf("%q refuses without asking anybody, and comes after %q, which calls a host.", x.g.IDs[later], id),
					Why:     "A flood of requests makes as many calls. Put what refuses cheaply before what costs."})
			}
		}
	}
}

// notification reports a call that nothing depends on.
func (x *inspection) notification(id string, d *block.Descriptor, read map[string]bool) {
	if d.ID != "call_webhook" || read[id] || read["*"] {
		return
	}
	to := map[string]bool{}
	for _, target := range x.f.Blocks[id].Next {
		to[target] = true
	}
	if len(to) == 1 && len(x.f.Blocks[id].Next) > 1 {
		x.add(Problem{Code: "notification_in_flow", Severity: Info, Block: id,
			Message: fmt.Sprintf("Nothing depends on what %q answers.", id),
			Why:     "The person waits for it, and it is lost when the other side is down. Emit an event and subscribe the other side under events in authflow.json: it is told until it has heard."})
	}
}

// checkUnused: what a block computes is read by somebody (K2).
func checkUnused(x *inspection) {
	read := x.readOutputs()
	if read["*"] {
		return // an Action may read anything
	}
	for i, id := range x.g.IDs {
		if x.desc[i] == nil || x.desc[i].ID != "set_value" || !x.reach[i] || read[id] {
			continue
		}
		x.add(Problem{Code: "unused_value", Severity: Info, Block: id, Message: fmt.Sprintf("Nobody reads what %q sets.", id), Why: "It has no effect.",
			Fix: &Fix{Title: "Delete the block", Edit: []Edit{{Op: "delete_block", Block: id}}}})
	}
}

// readOutputs answers the blocks whose outputs somebody reads, "*" when an Action
// may read any of them.
func (x *inspection) readOutputs() map[string]bool {
	out := map[string]bool{}
	for i, id := range x.g.IDs {
		if x.desc[i] == nil || slices.ContainsFunc(x.desc[i].Fields, func(f block.Field) bool { return f.Kind == block.Action }) {
			out["*"] = true
		}
		mentioned(x.f.Blocks[id].Config, out)
	}
	return out
}

func (x *inspection) readsOf(i int, other string) bool {
	read := map[string]bool{}
	mentioned(x.f.Blocks[x.g.IDs[i]].Config, read)
	return read[other] || read["*"]
}

// mentioned notes the blocks whose outputs the texts of a config may read, "*" for
// any of them.
func mentioned(v any, out map[string]bool) {
	switch v := v.(type) {
	case string:
		for {
			at := strings.Index(v, "step")
			if at < 0 {
				return
			}
			v = v[at+len("step"):]
			if strings.HasPrefix(v, "[") {
				out["*"] = true
			}
			if name, ok := strings.CutPrefix(v, "."); ok {
				end := strings.IndexFunc(name, func(r rune) bool { return r != '_' && (r < '0' || r > '9') && (r < 'a' || r > 'z') })
				if end < 0 {
					end = len(name)
				}
				out[name[:end]] = true
			}
		}
	case []any:
		for _, e := range v {
			mentioned(e, out)
		}
	case map[string]any:
		for _, e := range v {
			mentioned(e, out)
		}
	}
}

// withoutPause answers the blocks that may run after one before anybody is asked.
func (x *inspection) withoutPause(from int) []int {
	seen, todo := map[int]bool{}, []int{}
	for _, e := range x.g.Out[from] {
		todo = append(todo, e.To)
	}
	for len(todo) > 0 {
		i := todo[0]
		todo = todo[1:]
		if seen[i] || x.desc[i] == nil || x.desc[i].Asks {
			continue
		}
		seen[i] = true
		for _, e := range x.g.Out[i] {
			todo = append(todo, e.To)
		}
	}
	out := make([]int, 0, len(seen))
	for i := range seen {
		out = append(out, i)
	}
	slices.Sort(out)
	return out
}
