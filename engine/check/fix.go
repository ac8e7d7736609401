package check

import (
	"fmt"
	"strconv"
	"strings"

	"github.com/authflow-studio/authflow/engine/flow"
)

// Apply carries a fix out on a flow. Either all of it is done, or nothing.
func (x *Fix) Apply(f *flow.Flow) error {
	for _, e := range x.Edit {
		if f.Blocks[e.Block] == nil {
			return fmt.Errorf("there is no block %q any more", e.Block)
		}
		if e.Op == "connect" && f.Blocks[e.To] == nil {
			return fmt.Errorf("there is no block %q any more", e.To)
		}
	}
	for _, e := range x.Edit {
		if err := e.apply(f); err != nil {
			return err
		}
	}
	return nil
}

func (e Edit) apply(f *flow.Flow) error {
	b := f.Blocks[e.Block]
	switch e.Op {
	case "connect":
		if b.Next == nil {
			b.Next = map[string]string{}
		}
		b.Next[e.Port] = e.To
	case "disconnect":
		delete(b.Next, e.Port)
	case "set_stage":
		b.Stage = e.Stage
	case "set_config":
		if b.Config == nil {
			b.Config = map[string]any{}
		}
		return setIn(b.Config, strings.Split(e.Field, "."), e.Value)
	case "delete_block":
		delete(f.Blocks, e.Block)
		for _, other := range f.Blocks {
			for port, to := range other.Next {
				if to == e.Block {
					delete(other.Next, port)
				}
			}
		}
	default:
		return fmt.Errorf("nothing is known of the edit %q", e.Op)
	}
	return nil
}

// setIn sets what stands at a path; nil takes it out.
func setIn(config map[string]any, path []string, value any) error {
	var at any = config
	for _, name := range path[:len(path)-1] {
		switch v := at.(type) {
		case map[string]any:
			at = v[name]
		case []any:
			i, err := strconv.Atoi(name)
			if err != nil || i < 0 || i >= len(v) {
				return fmt.Errorf("there is no %s any more", strings.Join(path, "."))
			}
			at = v[i]
		}
	}
	last, ok := at.(map[string]any)
	if !ok {
		return fmt.Errorf("there is no %s any more", strings.Join(path, "."))
	}
	if value == nil {
		delete(last, path[len(path)-1])
	} else {
		last[path[len(path)-1]] = value
	}
	return nil
}
