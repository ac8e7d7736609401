package flow

import "regexp"

// Format is the version of the flow file format that this engine writes.
const Format = 1

// SchemaURL names the published JSON Schema of a flow file.
const SchemaURL = "https://authflow.studio/schema/flow-1.json"

// Flow is one flow file, the drawing and the program at once (rule G1).
type Flow struct {
	Schema      string `json:"$schema,omitempty"`
	Format      int    `json:"format"`
	Name        string `json:"name"`
	Description string `json:"description,omitempty"`
	// Trigger is the event that starts it: a key of Triggers.
	Trigger string `json:"trigger"`
	// Enabled and SubflowOnly decide whether it can be launched (rule G7).
	Enabled     bool `json:"enabled"`
	SubflowOnly bool `json:"subflow_only,omitzero"`
	// Timeout is how many seconds a person may take; 0: the server's limit.
	Timeout int `json:"timeout,omitzero"`
	// Stages are the own stages of a custom flow, in order.
	Stages   []string          `json:"stages,omitempty"`
	Inputs   map[string]Input  `json:"inputs,omitempty"`
	Unlocked []Unlocked        `json:"unlocked,omitempty"`
	Start    string            `json:"start"`
	Blocks   map[string]*Block `json:"blocks"`
}

// Input is one input that a parent gives to this flow (rule G8).
type Input struct {
	Type        string `json:"type"`
	Required    bool   `json:"required,omitzero"`
	Description string `json:"description,omitempty"`
}

// Unlocked lifts the lock of a block type that a system flow needs (rule G6).
type Unlocked struct {
	Block  string `json:"block"`
	Reason string `json:"reason"`
}

// Block is one step. Its id is its key in Flow.Blocks.
type Block struct {
	Type   string         `json:"type"`
	Stage  string         `json:"stage"`
	Label  string         `json:"label,omitempty"`
	Note   string         `json:"note,omitempty"`
	Config map[string]any `json:"config,omitempty"`
	// Next leads from a port to the id of a block.
	Next map[string]string `json:"next,omitempty"`
}

// Layout holds the positions of a flow's blocks, in pixels; X counts from the
// left edge of the lane of the block's stage, so that a lane can grow without
// moving what stands in the next one.
type Layout struct {
	Format int                 `json:"format"`
	Blocks map[string]Position `json:"blocks"`
	// Notes and Frames are for people: no run and no check reads them (rule G1).
	Notes  map[string]Note  `json:"notes,omitempty"`
	Frames map[string]Frame `json:"frames,omitempty"`
	// Expanded are blocks that show the flow which they run inside of them.
	Expanded map[string]Expansion `json:"expanded,omitempty"`
}

// Expansion is how large a block is drawn that shows its flow inside, and by how
// much each block was moved to make room for that, so that it can move back.
type Expansion struct {
	Width  float64             `json:"width"`
	Height float64             `json:"height"`
	Moved  map[string]Position `json:"moved,omitempty"`
}

// Note is a text on the ground of the drawing. It stands in a lane, as blocks do.
type Note struct {
	Stage  string  `json:"stage"`
	X      float64 `json:"x"`
	Y      float64 `json:"y"`
	Width  float64 `json:"width"`
	Height float64 `json:"height"`
	Text   string  `json:"text"`
}

// Frame is a titled line around blocks. It names them rather than a place, so
// that it is around them wherever they are moved.
type Frame struct {
	Title  string   `json:"title"`
	Blocks []string `json:"blocks"`
	// Collapsed frames are drawn as one card, and their blocks not at all.
	Collapsed bool `json:"collapsed,omitzero"`
}

// Position of a card's upper left corner.
type Position struct {
	X float64 `json:"x"`
	Y float64 `json:"y"`
}

var blockID = regexp.MustCompile(`^[a-z][a-z0-9_]*$`)

// ValidID reports whether id may name a block, a flow's input or an Action's
// output (rule G2).
func ValidID(id string) bool { return len(id) <= 64 && blockID.MatchString(id) }

var slug = regexp.MustCompile(`^[a-z][a-z0-9_-]*$`)

// ValidSlug reports whether s may name a flow file.
func ValidSlug(s string) bool { return len(s) <= 64 && slug.MatchString(s) }
