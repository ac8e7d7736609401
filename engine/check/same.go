package check

import (
	"maps"
	"reflect"

	"github.com/authflow-studio/authflow/engine/flow"
)

// This file compares flows by their content.

func sameFlow(a, b *flow.Flow) bool {
	if a == b {
		return true
	}
	if a == nil || b == nil || len(a.Blocks) != len(b.Blocks) || !sameHead(a, b) {
		return false
	}
	for id, block := range a.Blocks {
		if other := b.Blocks[id]; other == nil || !sameBlock(block, other) {
			return false
		}
	}
	return true
}

// sameHead compares all of a flow but its blocks.
func sameHead(a, b *flow.Flow) bool {
	x, y := *a, *b
	x.Blocks, y.Blocks = nil, nil
	return reflect.DeepEqual(x, y)
}

func sameBlock(a, b *flow.Block) bool {
	if a == b {
		return true
	}
	return a.Type == b.Type && a.Stage == b.Stage && a.Label == b.Label && a.Note == b.Note && maps.Equal(a.Next, b.Next) && sameValue(a.Config, b.Config)
}

// sameValue compares values as JSON has them.
func sameValue(a, b any) bool {
	switch a := a.(type) {
	case map[string]any:
		b, ok := b.(map[string]any)
		if !ok || len(a) != len(b) || (a == nil) != (b == nil) {
			return false
		}
		for name, v := range a {
			if other, there := b[name]; !there || !sameValue(v, other) {
				return false
			}
		}
		return true
	case []any:
		b, ok := b.([]any)
		if !ok || len(a) != len(b) {
			return false
		}
		for i, v := range a {
			if !sameValue(v, b[i]) {
				return false
			}
		}
		return true
	case string, float64, bool, nil:
		return a == b
	}
	return reflect.DeepEqual(a, b)
}
