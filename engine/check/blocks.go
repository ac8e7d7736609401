package check

import (
	"fmt"

	"github.com/authflow-studio/authflow/engine/flow"
)

// checkBlocks: every block has a type that the catalogue knows.
func checkBlocks(x *inspection) {
	for i, id := range x.g.IDs {
		b := x.f.Blocks[id]
		if x.desc[i] != nil {
			continue
		}
		msg := fmt.Sprintf("There is no block type %q.", b.Type)
		if near := flow.Nearest(b.Type, x.Catalogue.IDs()); near != "" {
			msg += fmt.Sprintf(" Did you mean %q?", near)
		}
		x.add(Problem{Code: "unknown_block", Severity: Error, Block: id, Message: msg, Why: "A run that comes here ends denied."})
	}
}
