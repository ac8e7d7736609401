package debug

import (
	"cmp"
	"fmt"
	"regexp"
	"slices"
	"strconv"
	"strings"

	"github.com/authflow-studio/authflow/engine/expr"
	"github.com/authflow-studio/authflow/engine/flow"
)

// Kind says what a breakpoint watches.
type Kind string

// Kinds of breakpoints (rule D2).
const (
	AtBlock Kind = "block" // before the block runs; the kind of a breakpoint that names none
	AtEdge  Kind = "edge"  // when a block has left by Port
	AtPage  Kind = "page"  // when a page is about to be shown
	AtType  Kind = "type"  // before any block of Type
	AtLine  Kind = "line"  // at a line of an Action
	AtValue Kind = "value" // when the value at Path was written
)

// Breakpoint says where and when a run stops. Breakpoints live beside the
// project, not in it.
type Breakpoint struct {
	ID     int    `json:"id"` // given by the debugger
	Kind   Kind   `json:"kind"`
	Flow   string `json:"flow,omitempty"`
	Block  string `json:"block,omitempty"`
	Port   string `json:"port,omitempty"`
	Type   string `json:"type,omitempty"`
	Page   string `json:"page,omitempty"` // template, below pages/
	File   string `json:"file,omitempty"` // Action or module, below actions/
	Line   int    `json:"line,omitempty"`
	Column int    `json:"column,omitempty"`
	// Path of a value: claims.access_token.plan, step.risk.score, event.user.
	Path    string `json:"path,omitempty"`
	Enabled bool   `json:"enabled"`
	// Condition is CEL, in an Action JavaScript: stop only when it holds. One that
	// fails stops, and says why.
	Condition string `json:"condition,omitempty"`
	// Hit is a count of the run: ">5", ">=5", "==5" (or "5"), "%5".
	Hit string `json:"hit,omitempty"`
	// Message is said in place of stopping; {…} in it are expressions.
	Message string `json:"message,omitempty"`
	// Verified is false while there is no such place, or something in it cannot
	// be read; Why says what.
	Verified bool   `json:"verified"`
	Why      string `json:"why,omitempty"`
}

// Catching says at what a run stops wherever it happens.
type Catching struct {
	Deny    bool `json:"deny"`
	Error   bool `json:"error"`
	Timeout bool `json:"timeout"`
}

// bound is a breakpoint with what it was made into.
type bound struct {
	Breakpoint
	condition *expr.Program
	message   []piece
	hit       hitCount
}

// piece is a part of a message: words, or an expression.
type piece struct {
	words   string
	program *expr.Program
	source  string
}

type hitCount struct {
	op string
	n  int
}

var hitForm = regexp.MustCompile(`^\s*(>=|<=|==|=|>|<|%)?\s*([0-9]{1,9})\s*$`)

func readHit(text string) (hitCount, error) {
	if strings.TrimSpace(text) == "" {
		return hitCount{}, nil
	}
	m := hitForm.FindStringSubmatch(text)
	if m == nil {
		return hitCount{}, fmt.Errorf("the hit count %q is none of >5, >=5, ==5, <5, %%5", text)
	}
	n, err := strconv.Atoi(m[2])
	if err != nil || m[1] == "%" && n == 0 {
		return hitCount{}, fmt.Errorf("the hit count %q can never be met", text)
	}
	return hitCount{m[1], n}, nil
}

func (h hitCount) met(n int) bool {
	switch h.op {
	case ">":
		return n > h.n
	case ">=":
		return n >= h.n
	case "<":
		return n < h.n
	case "<=":
		return n <= h.n
	case "%":
		return n%h.n == 0
	}
	return h.n == 0 || n == h.n
}

// bind makes a breakpoint ready to be hit. What cannot be read is said in Why.
func bind(b Breakpoint) *bound {
	if b.Kind == "" {
		b.Kind = AtBlock
	}
	out := &bound{Breakpoint: b}
	var err error
	if out.hit, err = readHit(b.Hit); err != nil {
		out.unreadable(err.Error())
	}
	if b.Kind == AtLine {
		return out // its condition and message are JavaScript
	}
	if strings.TrimSpace(b.Condition) != "" {
		program, issues := expr.Compile(b.Condition, expr.Bool, nil)
		if len(issues) > 0 {
			out.unreadable("the condition: " + issues[0].Message)
		}
		out.condition = program
	}
	out.message = pieces(b.Message)
	return out
}

func (b *bound) unreadable(why string) {
	b.Verified, b.Why = false, why
}

// pieces splits a message into words and expressions in braces.
func pieces(message string) []piece {
	var out []piece
	for message != "" {
		open := strings.IndexByte(message, '{')
		end := -1
		if open >= 0 {
			end = strings.IndexByte(message[open:], '}')
		}
		if end < 0 {
			return append(out, piece{words: message})
		}
		if open > 0 {
			out = append(out, piece{words: message[:open]})
		}
		p := piece{source: message[open+1 : open+end]}
		p.program, _ = expr.Compile(p.source, nil, nil)
		out = append(out, p)
		message = message[open+end+1:]
	}
	return out
}

// Breakpoints answers all breakpoints.
func (d *Debugger) Breakpoints() []Breakpoint {
	d.mu.Lock()
	defer d.mu.Unlock()
	out := make([]Breakpoint, len(d.breakpoints))
	for i, b := range d.breakpoints {
		out[i] = b.Breakpoint
	}
	return out
}

// SetBreakpoints replaces all breakpoints and answers them with their numbers;
// one that has a number keeps it.
func (d *Debugger) SetBreakpoints(bs []Breakpoint) []Breakpoint {
	d.mu.Lock()
	d.breakpoints = d.breakpoints[:0:0]
	for _, b := range bs {
		d.lastID = max(d.lastID, b.ID)
	}
	for _, b := range bs {
		if b.ID == 0 {
			d.lastID++
			b.ID = d.lastID
		}
		d.breakpoints = append(d.breakpoints, bind(b))
	}
	slices.SortStableFunc(d.breakpoints, func(a, b *bound) int {
		return cmp.Or(cmp.Compare(a.Flow, b.Flow), cmp.Compare(a.File, b.File), cmp.Compare(a.Block, b.Block), cmp.Compare(a.Line, b.Line), cmp.Compare(a.ID, b.ID))
	})
	d.mu.Unlock()
	return d.Breakpoints()
}

// Catch says at what runs stop wherever it happens.
func (d *Debugger) Catch(c Catching) {
	d.mu.Lock()
	defer d.mu.Unlock()
	d.catching = c
}

// Catching answers at what runs stop.
func (d *Debugger) Catching() Catching {
	d.mu.Lock()
	defer d.mu.Unlock()
	return d.catching
}

// Verify marks the breakpoints whose place is not there in a project. line
// answers where a breakpoint in an Action can stand, 0 for nowhere.
func (d *Debugger) Verify(p *flow.Project, line func(file string, line int) int) {
	bs := d.Breakpoints()
	for i := range bs {
		why := missing(p, &bs[i], line)
		bs[i].Verified, bs[i].Why = why == "", why
	}
	d.SetBreakpoints(bs)
}

// missing says why a breakpoint can never be hit in a project.
func missing(p *flow.Project, b *Breakpoint, line func(string, int) int) string {
	f := p.Flows[b.Flow]
	switch b.Kind {
	case AtLine:
		if _, ok := p.Actions[b.File]; !ok {
			return fmt.Sprintf("there is no actions/%s", b.File)
		}
		at := line(b.File, b.Line)
		if at == 0 {
			return "no statement begins at this line or after it"
		}
		b.Line = at
	case AtPage:
		return "" // a page can come from the project, a block or an override
	case AtType:
		for _, f := range p.Flows {
			for _, at := range f.Blocks {
				if at.Type == b.Type {
					return ""
				}
			}
		}
		return fmt.Sprintf("no flow has a block of type %q", b.Type)
	case AtValue:
		if group, rest, _ := strings.Cut(b.Path, "."); rest == "" && group != "claims" && group != "step" && group != "event" || !slices.Contains([]string{"event", "step", "input", "claims"}, group) {
			return fmt.Sprintf("%q is no value: a path begins with event, step, input or claims", b.Path)
		}
	default:
		switch {
		case f == nil:
			return fmt.Sprintf("there is no flow %q", b.Flow)
		case f.Blocks[b.Block] == nil:
			return fmt.Sprintf("the flow %q has no block %q", b.Flow, b.Block)
		case b.Kind == AtEdge && f.Blocks[b.Block].Next[b.Port] == "":
			return fmt.Sprintf("no edge leaves %q by %q", b.Block, b.Port)
		}
	}
	return ""
}

// Renamed lets breakpoints follow a block that got another name.
func (d *Debugger) Renamed(flow, from, to string) {
	bs := d.Breakpoints()
	for i := range bs {
		if bs[i].Flow == flow && bs[i].Block == from {
			bs[i].Block = to
		}
		if prefix := "step." + from; bs[i].Path == prefix || strings.HasPrefix(bs[i].Path, prefix+".") {
			bs[i].Path = "step." + to + strings.TrimPrefix(bs[i].Path, prefix)
		}
	}
	d.SetBreakpoints(bs)
}
