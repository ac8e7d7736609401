package projects

import (
	"encoding/json"
	"fmt"
	"maps"
	"regexp"
	"slices"
	"strings"

	"github.com/authflow-studio/authflow/engine/block"
	"github.com/authflow-studio/authflow/engine/flow"
)

// This file reads blocks that were copied as text and gives them names of their
// own where they go, so that what is pasted reads what was pasted with it.

// CopyFormat is the version of the text that blocks are copied as.
const CopyFormat = 1

// Pasted is copied blocks, ready for the flow into which they go.
type Pasted struct {
	Blocks map[string]*flow.Block   `json:"blocks"`
	Places map[string]flow.Position `json:"places"`
}

type copied struct {
	Authflow string                   `json:"authflow"`
	Format   int                      `json:"format"`
	Blocks   map[string]*flow.Block   `json:"blocks"`
	Layout   map[string]flow.Position `json:"layout"`
}

// Paste reads blocks out of a text, in which people may have written around
// them, and renames those whose ids are taken. Every reference among them
// follows; one to a block that was not copied stays, and wires to such are cut.
func Paste(c *block.Catalogue, text string, taken []string) (*Pasted, error) {
	found, err := readCopied(text)
	if err != nil {
		return nil, err
	}
	names := freshNames(found.Blocks, taken)
	out := &Pasted{Blocks: map[string]*flow.Block{}, Places: map[string]flow.Position{}}
	for id, b := range found.Blocks {
		b.Next = innerWires(b.Next, names)
		if d, ok := c.Descriptor(b.Type); ok {
			for _, old := range slices.Sorted(maps.Keys(names)) {
				if names[old] != old {
					b.Config = renameIn(d.Fields, b.Config, old, names[old])
				}
			}
		}
		out.Blocks[names[id]], out.Places[names[id]] = b, found.Layout[id]
	}
	return out, nil
}

// readCopied finds the copied blocks: the text itself, or the first object in it
// that says it is such.
func readCopied(text string) (*copied, error) {
	if len(text) > maxCopied {
		return nil, fmt.Errorf("the text is longer than %d MB", maxCopied>>20)
	}
	for _, spelling := range []string{text, straight.Replace(text)} {
		tries := 0
		for at := strings.IndexByte(spelling, '{'); at >= 0 && tries < maxTries; tries++ {
			var c copied
			rest := spelling[at:]
			err := json.NewDecoder(strings.NewReader(rest)).Decode(&c)
			if c.Authflow == "blocks" || err == nil && c.Blocks != nil {
				return c.sound(err)
			}
			next := strings.IndexByte(rest[1:], '{')
			if next < 0 {
				break
			}
			at += 1 + next
		}
	}
	if says.MatchString(text) {
		return nil, fmt.Errorf("the copied blocks are damaged or cut off")
	}
	return nil, fmt.Errorf("the text holds no copied blocks")
}

const (
	maxCopied = 4 << 20
	maxTries  = 50
)

var says = regexp.MustCompile(`"authflow"\s*:\s*"blocks"`)

// straight undoes what chats do to a text that is not marked as code.
var straight = strings.NewReplacer("“", `"`, "”", `"`, "„", `"`, "\u00a0", " ")

func (c *copied) sound(read error) (*copied, error) {
	switch {
	case c.Authflow != "blocks":
		return nil, fmt.Errorf("the text is a whole flow, not copied blocks; as a file in flows/ it becomes a flow of the project")
	case c.Format > CopyFormat:
		return nil, fmt.Errorf("the blocks were copied from a newer Authflow Studio (format %d; this one reads %d)", c.Format, CopyFormat)
	case c.Format < CopyFormat:
		return nil, fmt.Errorf("the copied blocks do not say which format they have")
	case read != nil:
		return nil, fmt.Errorf("the copied blocks are damaged: %w", read)
	case len(c.Blocks) == 0:
		return nil, fmt.Errorf("no blocks were copied")
	}
	for _, id := range slices.Sorted(maps.Keys(c.Blocks)) {
		if b := c.Blocks[id]; !flow.ValidID(id) || b == nil || b.Type == "" || b.Stage == "" {
			return nil, fmt.Errorf("the copied block %q is not one: it needs an id of lower case letters, a type and a stage", id)
		}
	}
	return c, nil
}

var numbered = regexp.MustCompile(`_\d+$`)

// freshNames gives each block its own id, or one that neither the flow nor any
// copied block has, so that no renaming meets another.
func freshNames(blocks map[string]*flow.Block, taken []string) map[string]string {
	used := map[string]bool{}
	for _, id := range taken {
		used[id] = true
	}
	names := map[string]string{}
	for _, id := range slices.Sorted(maps.Keys(blocks)) {
		names[id] = id
		if used[id] {
			base := numbered.ReplaceAllString(id, "")
			names[id] = fresh(base[:min(len(base), 56)], func(id string) bool { return used[id] || blocks[id] != nil })
			used[names[id]] = true
		}
	}
	return names
}

func innerWires(next map[string]string, names map[string]string) map[string]string {
	kept := map[string]string{}
	for port, to := range next {
		if name, ok := names[to]; ok {
			kept[port] = name
		}
	}
	if len(kept) == 0 {
		return nil
	}
	return kept
}
