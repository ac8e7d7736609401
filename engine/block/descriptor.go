package block

import (
	"sort"

	"github.com/authflow-studio/authflow/engine/flow"
)

// Family groups blocks in the palette and colours the canvas.
type Family struct {
	ID    string `json:"id"`
	Title string `json:"title"`
}

// Families in the order of the palette.
var Families = []Family{
	{"authentication", "Authentication"}, {"risk", "Risk"}, {"identity", "Identity"},
	{"session", "Session and tokens"}, {"pages", "Pages"}, {"control", "Control"},
	{"integration", "Notification and integration"}, {"terminal", "Terminal"},
}

// Descriptor is everything that the palette, the inspector's form, the checks,
// the Action types, the docs and the coverage need to know of a block type.
type Descriptor struct {
	ID       string   `json:"id"`
	Family   string   `json:"family"`
	Title    string   `json:"title"`
	Summary  string   `json:"summary"`
	Help     string   `json:"help"`
	Synonyms []string `json:"synonyms"`
	Icon     string   `json:"icon"` // a lucide icon name
	Terminal bool     `json:"terminal"`
	// Asks says that it shows a page and waits.
	Asks    bool     `json:"asks"`
	Fields  []Field  `json:"fields"`
	Outputs []Output `json:"outputs"`
	Ports   []Port   `json:"ports"`
	// Stages it may stand in, per trigger; a trigger that is absent allows all
	// of its stages.
	Stages map[string][]string `json:"stages,omitempty"`
	// OpenOutputs says that it may have outputs that only a run knows.
	OpenOutputs bool `json:"open_outputs,omitempty"`
	// Needs and Gives name what must be certain before it and what is certain
	// after it, by port ("" for every port): user, verified.
	Needs []string            `json:"needs,omitempty"`
	Gives map[string][]string `json:"gives,omitempty"`
	// Effects are what it does outside the run; EffectsIf limits one to a
	// setting.
	Effects   []string           `json:"effects,omitempty"`
	EffectsIf map[string]Setting `json:"effects_if,omitempty"`
	// Proves names the kinds of factors that are verified when it leaves, by
	// port. Says are outputs whose value follows from the port.
	Proves map[string][]string       `json:"proves,omitempty"`
	Says   map[string]map[string]any `json:"says,omitempty"`
	// KeepsUser says that it proves something of event.user and of nobody else:
	// it does not find the person, though they are certain after it.
	KeepsUser bool `json:"keeps_user,omitzero"`
	// Certain reports whether with that config it leaves only with the proof;
	// nil: with every config.
	Certain func(config map[string]any) bool `json:"-"`
	// Changes are the paths of event that it may change, besides what follows
	// from what it proves.
	Changes []string `json:"changes,omitempty"`
}

// Facts that a block needs or gives, for Descriptor.Needs and Gives.
const (
	FactUser     = "user"     // event.user is known
	FactVerified = "verified" // a credential of event.user was verified
	FactRefresh  = "refresh"  // a refresh token was found to be valid
	FactStrong   = "strong"   // and one that may stand alone: a password or a passkey (rule C7)
)

// Effects of a block, for Descriptor.Effects.
const (
	IssuesSession  = "issues_session"
	IssuesTokens   = "issues_tokens"
	VerifiesFactor = "verifies_factor"
	SendsMessage   = "sends_message"
	CallsHost      = "calls_host"
	WritesUser     = "writes_user"
	SetsClaim      = "sets_claim"
)

// Output is one value under step.<id>.
type Output struct {
	Name string `json:"name"`
	Type string `json:"type"` // string, number, integer, boolean, object, array, any
	Help string `json:"help"`
}

// Port is one outcome.
type Port struct {
	ID    string `json:"id"`
	Title string `json:"title"`
	Tone  string `json:"tone"` // good, bad, warn, neutral
}

// ErrorPort is the outcome that every block has: unwired, the run ends denied
// (rule X5).
const ErrorPort = "error"

// Field is one setting in a block's config. Kind decides how it is edited,
// checked and evaluated.
type Field struct {
	Name        string   `json:"name"`
	Title       string   `json:"title"`
	Help        string   `json:"help,omitempty"`
	Kind        Kind     `json:"kind"`
	Required    bool     `json:"required,omitempty"`
	Default     any      `json:"default,omitempty"`
	Placeholder string   `json:"placeholder,omitempty"`
	Unit        string   `json:"unit,omitempty"`
	Min         *float64 `json:"min,omitempty"`
	Max         *float64 `json:"max,omitempty"`
	Options     []Option `json:"options,omitempty"`
	// Items are the fields of one row of a list.
	Items []Field `json:"items,omitempty"`
	// PortOf names the field of a row whose value is a port of the block.
	PortOf string `json:"port_of,omitempty"`
	// OutputOf says that the names of this map are outputs of the block.
	OutputOf bool `json:"output_of,omitempty"`
}

// Option is one value of a choice.
type Option struct {
	Value string `json:"value"`
	Title string `json:"title"`
	Help  string `json:"help,omitempty"`
}

// Kind of a config field.
type Kind string

// The kinds of config fields.
const (
	Text       Kind = "text"       // taken as it is
	Template   Kind = "template"   // text with {{ CEL }} parts (rule E1)
	Expression Kind = "expression" // a CEL expression
	Number     Kind = "number"
	Boolean    Kind = "boolean"
	Choice     Kind = "choice"  // one of Options
	Choices    Kind = "choices" // any of Options
	Length     Kind = "duration"
	List       Kind = "list"    // rows of Items
	Strings    Kind = "strings" // a list of texts
	Map        Kind = "map"     // texts to templates
	Page       Kind = "page"    // a template below pages/
	Action     Kind = "action"  // a script below actions/
	Flow       Kind = "flow"    // the slug of another flow
	JSON       Kind = "json"    // any JSON
	Identifier Kind = "identifier"
)

// PortsOf answers the ports of a block with that config: the fixed ones, those
// that rows of its config name, and error, unless it is terminal.
func (d *Descriptor) PortsOf(config map[string]any) []Port {
	if d.Terminal {
		return nil
	}
	var ports []Port
	for i := range d.Fields {
		f := &d.Fields[i]
		if f.PortOf == "" {
			continue
		}
		rows, _ := config[f.Name].([]any)
		for _, r := range rows {
			row, _ := r.(map[string]any)
			if name, _ := row[f.PortOf].(string); name != "" {
				ports = append(ports, Port{ID: name, Title: name, Tone: "neutral"})
			}
		}
	}
	ports = append(ports, d.Ports...)
	return append(ports, Port{ID: ErrorPort, Title: "error", Tone: "bad"})
}

// OutputsOf answers the outputs of a block with that config: the fixed ones, the
// fields of a page by name, and those that a map names.
func (d *Descriptor) OutputsOf(config map[string]any) []Output {
	out := append([]Output(nil), d.Outputs...)
	for i := range d.Fields {
		f := &d.Fields[i]
		if f.OutputOf {
			values, _ := config[f.Name].(map[string]any)
			names := make([]string, 0, len(values))
			for name := range values {
				names = append(names, name)
			}
			sort.Strings(names)
			for _, name := range names {
				out = append(out, Output{Name: name, Type: "any", Help: "Computed here"})
			}
		}
	}
	return out
}

// Field answers the config field of that name.
func (d *Descriptor) Field(name string) (*Field, bool) {
	for i := range d.Fields {
		if d.Fields[i].Name == name {
			return &d.Fields[i], true
		}
	}
	return nil, false
}

// StagesFor answers where the block may stand in a flow: nil for anywhere.
func (d *Descriptor) StagesFor(f *flow.Flow) []string { return d.Stages[f.Trigger] }

// Catalogue is the set of block types an engine knows.
type Catalogue struct {
	byID map[string]Block
	desc map[string]*Descriptor
	ids  []string
}

// NewCatalogue makes a catalogue of blocks. Two of one id is a programming
// error and panics.
func NewCatalogue(blocks ...Block) *Catalogue {
	c := &Catalogue{byID: map[string]Block{}, desc: map[string]*Descriptor{}}
	for _, b := range blocks {
		d := b.Describe()
		if _, twice := c.byID[d.ID]; twice || d.ID == "" {
			panic("block: two block types are called " + d.ID)
		}
		complete(&d)
		c.byID[d.ID], c.desc[d.ID] = b, &d
		c.ids = append(c.ids, d.ID)
	}
	sort.Strings(c.ids)
	return c
}

// complete makes empty lists of absent ones, so that the JSON of a descriptor
// has lists everywhere.
func complete(d *Descriptor) {
	if d.Synonyms == nil {
		d.Synonyms = []string{}
	}
	if d.Fields == nil {
		d.Fields = []Field{}
	}
	if d.Outputs == nil {
		d.Outputs = []Output{}
	}
	if d.Ports == nil {
		d.Ports = []Port{}
	}
}

// Block answers the block type of that id.
func (c *Catalogue) Block(id string) (Block, bool) {
	b, ok := c.byID[id]
	return b, ok
}

// Descriptor answers the descriptor of a block type.
func (c *Catalogue) Descriptor(id string) (*Descriptor, bool) {
	d, ok := c.desc[id]
	return d, ok
}

// IDs lists the block types, sorted.
func (c *Catalogue) IDs() []string { return c.ids }
