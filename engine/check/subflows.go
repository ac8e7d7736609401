package check

import (
	"fmt"
	"slices"
	"strings"

	"github.com/authflow-studio/authflow/engine/block"
	"github.com/authflow-studio/authflow/engine/block/control"
	"github.com/authflow-studio/authflow/engine/flow"
)

// checkSubflows: a flow that is run exists, gets the inputs that it declares
// (G8), and does not run itself, directly or in a circle (C1).
func checkSubflows(x *inspection) {
	for i, id := range x.g.IDs {
		if x.desc[i] == nil || x.desc[i].ID != control.RunFlowID {
			continue
		}
		name := x.target(i)
		def := x.p.Flows[name]
		if def == nil {
			continue // computed, or reported as missing
		}
		if circle := x.circle(name, []string{x.slug}); circle != nil {
			x.add(Problem{Code: "circular_flow", Severity: Error, Block: id, Field: "flow", Message: fmt.Sprintf("The flows run each other in a circle: %s.", strings.Join(circle, " → ")),
				Why: "A flow cannot run itself, directly or in a circle; the run ends denied there."})
		}
		x.checkInputs(id, name, def)
	}
}

// target answers the flow that a run_flow block names; "" when it is computed.
func (x *inspection) target(i int) string {
	name, _ := x.f.Blocks[x.g.IDs[i]].Config["flow"].(string)
	if strings.Contains(name, "{{") {
		return ""
	}
	return name
}

func (x *inspection) checkInputs(id, name string, def *flow.Flow) {
	given, _ := x.f.Blocks[id].Config["inputs"].(map[string]any)
	for _, in := range sortedKeys(given) {
		if _, known := def.Inputs[in]; !known {
			msg := fmt.Sprintf("The flow %q has no input %q.", name, in)
			if near := flow.Nearest(in, sortedKeys(def.Inputs)); near != "" {
				msg += fmt.Sprintf(" Did you mean %q?", near)
			}
			x.add(Problem{Code: "unknown_input", Severity: Error, Block: id, Field: "inputs." + in, Message: msg, Why: "A flow is not run with what it does not know; the block fails."})
		}
	}
	for _, in := range sortedKeys(def.Inputs) {
		if _, ok := given[in]; !ok && def.Inputs[in].Required {
			x.add(Problem{Code: "missing_input", Severity: Error, Block: id, Field: "inputs", Message: fmt.Sprintf("The flow %q needs the input %q.", name, in), Why: "Without it the block fails."})
		}
	}
}

// circle answers the flows from the first of path back to it, nil when there is
// no way back.
func (x *inspection) circle(name string, path []string) []string {
	if name == path[0] {
		return append(path, name)
	}
	def := x.p.Flows[name]
	if def == nil || slices.Contains(path, name) {
		return nil
	}
	for _, id := range sortedKeys(def.Blocks) {
		if b := def.Blocks[id]; b.Type == control.RunFlowID {
			next, _ := b.Config["flow"].(string)
			if c := x.circle(next, append(slices.Clone(path), name)); c != nil {
				return c
			}
		}
	}
	return nil
}

// certainAfter answers the facts that hold at every successful end of a flow.
func (x *inspection) certainAfter(name string) []string {
	def := x.p.Flows[name]
	if def == nil || slices.Contains(x.calls, name) {
		return nil
	}
	in := inspect(x.Checker, x.p, name, def, x.calls...)
	certain := slices.Clone(facts)
	ends := 0
	for i := range in.g.IDs {
		if d := in.desc[i]; d != nil && d.Terminal && in.reach[i] && in.endsWell(i) {
			ends++
			certain = slices.DeleteFunc(certain, func(f string) bool { return !in.sure.fact(i, f) })
		}
	}
	if ends == 0 {
		return nil
	}
	return certain
}

// endsWell reports whether a terminal block may end its flow with success.
func (x *inspection) endsWell(i int) bool {
	if x.desc[i].ID == "deny" {
		return false
	}
	success, set := x.f.Blocks[x.g.IDs[i]].Config["success"].(bool)
	return !set || success
}

// checkIdentity warns of a flow that can be launched and finishes with an
// identity that no credential stands for which may stand alone (C7).
func checkIdentity(x *inspection) {
	if !x.f.Startable() {
		return
	}
	for i, id := range x.g.IDs {
		if x.desc[i] == nil || x.desc[i].ID != "finish" || !x.reach[i] {
			continue
		}
		if with, _ := x.f.Blocks[id].Config["identity"].(bool); with && !x.sure.fact(i, block.FactStrong) {
			x.add(Problem{Code: "weak_identity", Severity: Warning, Block: id, Field: "identity",
				Message: fmt.Sprintf("%q finishes with an identity, and on some way to it neither a password nor a passkey was verified.", id),
				Why:     "Anybody can launch this flow by its address. Mark it subflow-only, or let it finish without the identity."})
		}
	}
}
