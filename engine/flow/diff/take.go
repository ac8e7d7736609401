package diff

import (
	"encoding/json"
	"fmt"
	"strings"

	"github.com/authflow-studio/authflow/engine/flow"
)

// Take makes a flow like another one in what a change between the two is about,
// and in nothing else: it takes the change over, or takes it back. Which of the
// two was the earlier one does not matter.
func Take(into, from *flow.Flow, c Change) error {
	switch c.Part {
	case PartBlock:
		return takeBlock(into, from, c)
	case PartEdge:
		return takeEdge(into, from, c)
	case PartLock:
		into.Unlocked = withLock(into.Unlocked, from.Unlocked, c.Block)
		return nil
	case PartSetting:
		if c.Block == "" {
			return takePath(into, from, c.Path)
		}
		a, b := into.Blocks[c.Block], from.Blocks[c.Block]
		if a == nil || b == nil {
			return fmt.Errorf("%s is not in both versions; take the whole block", c.Block)
		}
		return takePath(a, b, c.Path)
	}
	return fmt.Errorf("a change of a %s is no change of a flow", c.Part)
}

func takeBlock(into, from *flow.Flow, c Change) error {
	if c.Kind == Renamed {
		old, _ := c.Before.(string)
		name, gone := c.Block, old
		if from.Blocks[name] == nil {
			name, gone = old, c.Block
		}
		if into.Blocks[gone] == nil || from.Blocks[name] == nil {
			return fmt.Errorf("neither version has the block %s any more", c.Block)
		}
		rename(into, gone, name)
		return nil
	}
	b := from.Blocks[c.Block]
	if b == nil {
		delete(into.Blocks, c.Block)
		for _, other := range into.Blocks {
			for port, to := range other.Next {
				if to == c.Block {
					delete(other.Next, port)
				}
			}
		}
		return nil
	}
	taken := &flow.Block{}
	if err := copyTo(b, taken); err != nil {
		return err
	}
	// An edge leads nowhere that is not there.
	for port, to := range taken.Next {
		if to != c.Block && into.Blocks[to] == nil {
			delete(taken.Next, port)
		}
	}
	into.Blocks[c.Block] = taken
	return nil
}

// rename gives a block another id; its edges follow.
func rename(f *flow.Flow, from, to string) {
	f.Blocks[to] = f.Blocks[from]
	delete(f.Blocks, from)
	for _, b := range f.Blocks {
		for port, at := range b.Next {
			if at == from {
				b.Next[port] = to
			}
		}
	}
	if f.Start == from {
		f.Start = to
	}
}

func takeEdge(into, from *flow.Flow, c Change) error {
	a, b := into.Blocks[c.Block], from.Blocks[c.Block]
	if a == nil || b == nil {
		return fmt.Errorf("%s is not in both versions; take the whole block", c.Block)
	}
	to := b.Next[c.Port]
	switch {
	case to == "":
		delete(a.Next, c.Port)
		return nil
	case into.Blocks[to] == nil:
		return fmt.Errorf("the edge leads to %s, which is not there; take that block first", to)
	}
	if a.Next == nil {
		a.Next = map[string]string{}
	}
	a.Next[c.Port] = to
	return nil
}

func withLock(into, from []flow.Unlocked, block string) []flow.Unlocked {
	var out []flow.Unlocked
	for _, u := range into {
		if u.Block != block {
			out = append(out, u)
		}
	}
	for _, u := range from {
		if u.Block == block {
			out = append(out, u)
		}
	}
	return out
}

// takePath sets what stands at a path, by way of JSON.
func takePath[T any](into, from *T, path string) error {
	var a, b map[string]any
	if err := copyTo(into, &a); err != nil {
		return err
	}
	if err := copyTo(from, &b); err != nil {
		return err
	}
	whole := a
	names := strings.Split(path, ".")
	last := len(names) - 1
	for _, name := range names[:last] {
		next, ok := a[name].(map[string]any)
		if !ok {
			next = map[string]any{}
			a[name] = next
		}
		a = next
		b, _ = b[name].(map[string]any)
	}
	v, there := b[names[last]]
	if there {
		a[names[last]] = v
	} else {
		delete(a, names[last])
	}
	var taken T
	if err := copyTo(whole, &taken); err != nil {
		return err
	}
	*into = taken
	return nil
}

func copyTo(from, into any) error {
	text, err := json.Marshal(from)
	if err != nil {
		return err
	}
	return json.Unmarshal(text, into)
}
