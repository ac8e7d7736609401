package contract

import (
	"fmt"
	"slices"
	"strings"

	"github.com/authflow-studio/authflow/engine/block"
	"github.com/authflow-studio/authflow/engine/flow"
)

// Effect is something that a path can do, in the words of contracts.
type Effect struct {
	Word string `json:"word"`
	Help string `json:"help"`
	// Holds says that it is a state rather than an event: it is there or not.
	Holds bool `json:"holds,omitzero"`
}

// The words for effects. They hold a space, so that none is ever mistaken for a
// block.
const (
	aSession      = "a session"
	theTokens     = "new tokens"
	aSuccess      = "a success"
	anIdentity    = "an identity"
	aPassword     = "a password"
	aFactor       = "a factor"
	aSecondFactor = "a second factor"
	aStrongFactor = "a strong factor"
	aMessage      = "a message"
	aCall         = "a call"
	aChange       = "a change of the account"
	aClaim        = "a claim"
	endOfSessions = "an end of all sessions"
	anError       = "an error"
)

// Effects lists the words, for pickers and for who mistypes one.
var Effects = []Effect{
	{aSession, "A session was issued", false}, {theTokens, "Tokens were issued on a refresh", false},
	{aSuccess, "The flow that was started ended with success", false}, {anIdentity, "The flow that was started ended with somebody's identity: a session, or a finish that carries it", false},
	{aPassword, "A password of the person was verified or set", true}, {aFactor, "Any factor of the person was verified", true},
	{aSecondFactor, "Two factors of different kinds were verified, or a passkey that verified its user (aal2)", true}, {aStrongFactor, "A factor that may stand alone was verified: a password or a passkey", true},
	{aMessage, "A message was sent", false}, {aCall, "Another host was called", false}, {aChange, "The account was changed", false}, {aClaim, "A claim was set", false},
	{endOfSessions, "All sessions of the person were ended", false}, {anError, "A block failed and its outcome error was taken", false},
}

// blockEffects are the words that stand for an effect of a descriptor.
var blockEffects = map[string]string{aMessage: block.SendsMessage, aCall: block.CallsHost, aChange: block.WritesUser, aClaim: block.SetsClaim, endOfSessions: block.EndsSessions}

// mark is a word of a contract that was understood: an effect, a block type, or
// a block, the latter two perhaps with an outcome.
type mark struct {
	word, typ, flow, block, port string
}

// eventKind says when something happens at a block.
type eventKind int

const (
	entered eventKind = iota // before it runs
	left                     // by a port
	issued                   // by an effect of the end of a run
	proven                   // a factor, which was not there before
)

// event is what a path does.
type event struct {
	kind eventKind
	flow string
	id   string
	blk  *node
	port string
	word string
}

// reaches reports whether an event is the thing itself: a block is reached when
// it is entered, an outcome when it is taken.
func (m mark) reaches(e event) bool {
	if m.word != "" {
		if effect := blockEffects[m.word]; effect != "" {
			return e.kind == entered && e.blk.desc.Has(effect, e.blk.config)
		}
		if m.word == anError {
			return e.kind == left && e.port == block.ErrorPort
		}
		return (e.kind == issued || e.kind == proven) && e.word == m.word
	}
	if !m.names(e) {
		return false
	}
	return m.port == "" && e.kind == entered || m.port != "" && e.kind == left && e.port == m.port
}

// passes reports whether an event gets a path past the mark: a block that
// verifies something is passed by an outcome that proves it, another one by any
// outcome but error.
func (m mark) passes(e event) bool {
	if slices.Contains(states, m.word) {
		return false // it is asked for where the path has come to: it may be lost again
	}
	if m.word == "" && m.port != "" || m.word != "" && blockEffects[m.word] == "" {
		return m.reaches(e)
	}
	if e.kind != left || e.port == block.ErrorPort {
		return false
	}
	if m.word != "" {
		return e.blk.desc.Has(blockEffects[m.word], e.blk.config)
	}
	if !m.names(e) {
		return false
	}
	return len(e.blk.desc.Proves) == 0 || len(e.blk.proves(e.port)) > 0
}

func (m mark) names(e event) bool {
	if e.blk == nil {
		return false
	}
	if m.typ != "" {
		return e.blk.desc.ID == m.typ
	}
	return e.id == m.block && (m.flow == "" || m.flow == e.flow)
}

// holds answers for a mark that is a state whether it is there.
func (m mark) holds(s subject) (is, known bool) {
	i := slices.IndexFunc(Effects, func(e Effect) bool { return e.Word == m.word })
	if i < 0 || !Effects[i].Holds {
		return false, false
	}
	return s.shows(m.word), true
}

// lexicon understands the words of a contract in one project.
type lexicon struct {
	p         *flow.Project
	catalogue *block.Catalogue
}

// mark understands a word, or says what was probably meant.
func (l lexicon) mark(text string) (mark, error) {
	text = strings.TrimSpace(text)
	if strings.Contains(text, " ") || text == "" {
		if slices.ContainsFunc(Effects, func(e Effect) bool { return e.Word == text }) {
			return mark{word: text}, nil
		}
		return mark{}, l.unknown("effect", text, effectWords())
	}
	name, port, _ := strings.Cut(text, ":")
	slug, id, inFlow := strings.Cut(name, ".")
	m := mark{port: port}
	switch {
	case inFlow && l.p.Flows[slug] == nil:
		return m, l.unknown("flow", slug, l.flows())
	case inFlow && l.p.Flows[slug].Blocks[id] == nil:
		return m, l.unknown("block in the flow "+slug, id, l.blocks(slug))
	case inFlow:
		m.flow, m.block = slug, id
		return m, l.checkPort(m, l.p.Flows[slug].Blocks[id])
	}
	return l.plain(m, name)
}

// plain understands a name without a flow: a type, or the id of a block.
func (l lexicon) plain(m mark, name string) (mark, error) {
	desc, isType := l.catalogue.Descriptor(name)
	holders := l.holders(name)
	if isType {
		for _, h := range holders {
			if b := l.p.Flows[h].Blocks[name]; b.Type != name {
				return m, fmt.Errorf("%q is a type of block, and a block of the type %s in the flow %s: write %s.%s for the block, or give the block another id", name, b.Type, h, h, name)
			}
		}
		m.typ = name
		return m, l.checkTypePort(m, desc)
	}
	if len(holders) == 0 {
		return m, l.unknown("block, type of block or effect", name, slices.Concat(l.catalogue.IDs(), l.allBlocks(), effectWords()))
	}
	m.block = name
	var last error
	for _, h := range holders {
		if last = l.checkPort(m, l.p.Flows[h].Blocks[name]); last == nil {
			return m, nil
		}
	}
	return m, last
}

func (l lexicon) checkPort(m mark, b *flow.Block) error {
	d, ok := l.catalogue.Descriptor(b.Type)
	if m.port == "" || !ok {
		return nil
	}
	var names []string
	for _, p := range d.In(l.p, b.Config).PortsOf(b.Config) {
		names = append(names, p.ID)
	}
	if slices.Contains(names, m.port) {
		return nil
	}
	return l.unknown(fmt.Sprintf("outcome of %s", m.block), m.port, names)
}

// checkTypePort looks at the outcomes of all blocks of the type: rows of a
// config and Actions add some.
func (l lexicon) checkTypePort(m mark, d *block.Descriptor) error {
	names := []string{}
	for _, p := range d.PortsOf(nil) {
		names = append(names, p.ID)
	}
	for _, slug := range l.flows() {
		for _, id := range l.blocks(slug) {
			if b := l.p.Flows[slug].Blocks[id]; b.Type == d.ID {
				for _, p := range d.In(l.p, b.Config).PortsOf(b.Config) {
					names = append(names, p.ID)
				}
			}
		}
	}
	if m.port == "" || slices.Contains(names, m.port) {
		return nil
	}
	return l.unknown(fmt.Sprintf("outcome of %s", m.typ), m.port, names)
}

func (l lexicon) unknown(what, name string, known []string) error {
	if near := flow.Nearest(name, known); near != "" {
		return fmt.Errorf("there is no %s %q; did you mean %q?", what, name, near)
	}
	return fmt.Errorf("there is no %s %q", what, name)
}

func effectWords() []string {
	out := make([]string, len(Effects))
	for i, e := range Effects {
		out[i] = e.Word
	}
	return out
}

func (l lexicon) flows() []string { return sortedKeys(l.p.Flows) }

func (l lexicon) blocks(slug string) []string { return sortedKeys(l.p.Flows[slug].Blocks) }

func (l lexicon) allBlocks() []string {
	var out []string
	for _, slug := range l.flows() {
		out = append(out, l.blocks(slug)...)
	}
	slices.Sort(out)
	return slices.Compact(out)
}

func (l lexicon) holders(id string) []string {
	return slices.DeleteFunc(l.flows(), func(slug string) bool { return l.p.Flows[slug].Blocks[id] == nil })
}

// Vocabulary lists the types of block, the blocks and the outcomes that contracts of
// the project can name, for pickers; Effects are words besides.
func Vocabulary(p *flow.Project, c *block.Catalogue) []string {
	var types, blocks []string
	l := lexicon{p, c}
	for _, slug := range l.flows() {
		for _, id := range l.blocks(slug) {
			b := p.Flows[slug].Blocks[id]
			d, ok := c.Descriptor(b.Type)
			if !ok {
				continue
			}
			types, blocks = append(types, b.Type), append(blocks, slug+"."+id)
			for _, port := range d.In(p, b.Config).PortsOf(b.Config) {
				blocks = append(blocks, slug+"."+id+":"+port.ID)
			}
			for _, port := range d.PortsOf(nil) {
				types = append(types, b.Type+":"+port.ID)
			}
		}
	}
	slices.Sort(types)
	return slices.Concat(slices.Compact(types), blocks)
}

// entries answers the flows that On names, or all that can be started.
func (l lexicon) entries(on Words) ([]string, error) {
	var out []string
	for _, slug := range l.flows() {
		if len(on) == 0 && l.p.Flows[slug].Startable() {
			out = append(out, slug)
		}
	}
	triggers := make([]string, len(flow.Triggers))
	for i, t := range flow.Triggers {
		triggers[i] = t.ID
	}
	for _, name := range on {
		named := l.p.Flows[name] != nil
		if named {
			out = append(out, name)
		} else if !slices.Contains(triggers, name) {
			return nil, l.unknown("flow or trigger", name, slices.Concat(l.flows(), triggers))
		}
		for _, slug := range l.flows() {
			if f := l.p.Flows[slug]; f.Trigger == name && f.Startable() && !named {
				out = append(out, slug)
			}
		}
	}
	slices.Sort(out)
	return slices.Compact(out), nil
}

func sortedKeys[V any](m map[string]V) []string {
	keys := make([]string, 0, len(m))
	for k := range m {
		keys = append(keys, k)
	}
	slices.Sort(keys)
	return keys
}
