package check

import (
	"slices"
	"strings"

	"github.com/authflow-studio/authflow/engine/block"
)

// This file says which outputs of a flow's blocks somebody reads.

// readOutputs answers the blocks whose outputs somebody reads, "*" when an Action
// may read any of them.
func (x *inspection) readOutputs() map[string]bool {
	if x.outputsRead != nil {
		return x.outputsRead
	}
	x.outputsRead = map[string]bool{}
	for i, id := range x.g.IDs {
		if x.desc[i] == nil || slices.ContainsFunc(x.desc[i].Fields, func(f block.Field) bool { return f.Kind == block.Action }) {
			x.outputsRead["*"] = true
		}
		mentioned(x.f.Blocks[id].Config, x.outputsRead)
	}
	return x.outputsRead
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
		mentionedIn(v, out)
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

func mentionedIn(v string, out map[string]bool) {
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
}
