package contract

import (
	"fmt"
	"slices"
	"sort"
	"strconv"
	"strings"

	"github.com/authflow-studio/authflow/engine/expr"
)

// variable is a term that conditions compare with constants. Its values are
// cut into the cells that the comparisons can tell apart: ordered intervals of
// numbers, classes of texts, true and false.
type variable struct {
	term string
	// scope is the flow whose step and input it reads; empty: event and claims.
	scope string
	reads [][]string
	path  []string
	// opaque is a term that cannot be looked into: true, false or an error.
	opaque, size bool
	whole        bool
	numbers      []float64
	texts        []string
	bools        bool
	asked        []comparison
	// typ is the declared type, mayLack that it may be missing nevertheless.
	typ     string
	mayLack bool
	cells   []cell
}

// What is known of a variable: nothing, that it is missing, or its cell.
const (
	unset  uint8 = 0
	absent uint8 = 1
	first  uint8 = 2
)

// maxCells bounds the values of one variable: its knowledge is one byte.
const maxCells = 200

// cell is a set of values that no comparison tells apart.
type cell struct {
	kind  byte // n number, t text, b boolean, o other
	num   float64
	text  string
	truth bool
	label string
	span  span
}

// comparison is one with a constant.
type comparison struct {
	op    string
	value any
}

func (v *variable) key() string { return v.scope + "|" + v.term }

// mention takes over a constant that the variable is compared with.
func (v *variable) mention(op string, value any) {
	v.asked = append(v.asked, comparison{op, value})
	switch c := value.(type) {
	case float64:
		v.numbers = append(v.numbers, c)
	case string:
		v.texts = append(v.texts, c)
	case bool:
		v.bools = true
	}
}

// cut makes the cells.
func (v *variable) cut() error {
	slices.Sort(v.numbers)
	v.numbers = slices.Compact(v.numbers)
	slices.Sort(v.texts)
	v.texts = slices.Compact(v.texts)
	if v.opaque || v.typ == "boolean" || v.typ == "" && v.bools {
		v.cells = append(v.cells, cell{kind: 'b', truth: false, label: "false"}, cell{kind: 'b', truth: true, label: "true"})
	}
	if len(v.numbers) > 0 && (v.typ == "" || numeric(v.typ)) {
		v.cutNumbers()
	}
	if len(v.texts) > 0 && (v.typ == "" || v.typ == "string") {
		for _, t := range v.texts {
			v.cells = append(v.cells, cell{kind: 't', text: t, label: strconv.Quote(t)})
		}
		v.cells = append(v.cells, cell{kind: 't', text: unlike(v.texts), label: "anything but " + quoted(v.texts)})
	}
	if len(v.cells) == 0 || v.typ == "" && !v.opaque {
		v.cells = append(v.cells, cell{kind: 'o', label: "something else"})
	}
	if len(v.cells) > maxCells {
		return fmt.Errorf("%s is compared with more than %d values", v.term, maxCells/2)
	}
	return nil
}

func numeric(typ string) bool { return typ == "integer" || typ == "number" }

// unlike is a text that is none of the others.
func unlike(texts []string) string {
	out := "anything"
	for slices.Contains(texts, out) {
		out += " else"
	}
	return out
}

func quoted(texts []string) string {
	out := make([]string, len(texts))
	for i, t := range texts {
		out[i] = strconv.Quote(t)
	}
	return strings.Join(out, ", ")
}

// options are the knowledge that a variable of which nothing is known may turn
// out to be.
func (v *variable) options() []uint8 {
	out := make([]uint8, 0, len(v.cells)+1)
	for i := range v.cells {
		out = append(out, first+uint8(i))
	}
	if v.mayLack || v.opaque {
		out = append(out, absent)
	}
	return out
}

// truth of a condition; broken is an expression that fails.
type truth int8

const (
	no truth = iota
	yes
	broken
	undecided
)

func truthOf(b bool) truth {
	if b {
		return yes
	}
	return no
}

// compare is what a comparison says of a variable of which this is known.
func (v *variable) compare(know uint8, op string, value any) truth {
	switch know {
	case unset:
		return undecided
	case absent:
		return broken
	}
	return v.cells[know-first].compare(op, value)
}

// compare is what a comparison says of the values of a cell.
func (c cell) compare(op string, value any) truth {
	equal, order, comparable := c.against(value)
	switch {
	case op == "":
		if c.kind != 'b' {
			return broken
		}
		return truthOf(c.truth)
	case op == "==":
		return truthOf(comparable && equal)
	case op == "!=":
		return truthOf(!comparable || !equal)
	case !comparable:
		return broken
	}
	return truthOf(map[string]bool{"<": order < 0, "<=": order <= 0, ">": order > 0, ">=": order >= 0}[op])
}

// against compares a cell's representative with a constant.
func (c cell) against(value any) (equal bool, order int, comparable bool) {
	switch x := value.(type) {
	case float64:
		if c.kind != 'n' {
			return false, 0, false
		}
		switch {
		case c.num < x:
			order = -1
		case c.num > x:
			order = 1
		}
		return order == 0, order, true
	case string:
		return c.kind == 't' && c.text == x, 0, c.kind == 't'
	case bool:
		return c.kind == 'b' && c.truth == x, 0, c.kind == 'b'
	}
	return false, 0, false
}

// knowing answers the knowledge that a value is, unset when no cell is its own.
func (v *variable) knowing(value any) uint8 {
	for i, c := range v.cells {
		if n, is := value.(float64); is && c.kind == 'n' && c.span.holds(n) {
			return first + uint8(i)
		}
		if equal, _, ok := c.against(value); ok && equal {
			return first + uint8(i)
		}
	}
	if s, text := value.(string); text && len(v.texts) > 0 && !slices.Contains(v.texts, s) {
		for i, c := range v.cells {
			if c.kind == 't' && !slices.Contains(v.texts, c.text) {
				return first + uint8(i)
			}
		}
	}
	return unset
}

func (v *variable) label(know uint8) string {
	switch know {
	case unset:
		return "anything"
	case absent:
		return "missing"
	}
	return v.cells[know-first].label
}

// example answers a value of a cell.
func (v *variable) example(know uint8) any {
	if know < first {
		return nil
	}
	switch c := v.cells[know-first]; c.kind {
	case 'n':
		return c.num
	case 't':
		return c.text
	case 'b':
		return c.truth
	}
	return nil
}

// condition is an expression over variables.
type condition struct {
	kind expr.LogicKind
	args []*condition
	v    int
	op   string
	is   any
}

// eval answers what a condition is; undecided comes with a variable whose value
// would help. A side of and or or that fails is forgiven if the other decides,
// as in CEL.
func (c *condition) eval(vars []*variable, know []uint8) (truth, int) {
	if c == nil {
		return broken, 0 // a row whose condition is still to be written fails when it is asked
	}
	switch c.kind {
	case expr.LogicConst:
		return truthOf(c.is.(bool)), 0
	case expr.LogicNot:
		t, need := c.args[0].eval(vars, know)
		switch t {
		case yes:
			return no, 0
		case no:
			return yes, 0
		}
		return t, need
	case expr.LogicAnd:
		return c.both(vars, know, no, yes)
	case expr.LogicOr:
		return c.both(vars, know, yes, no)
	case expr.LogicIf:
		t, need := c.args[0].eval(vars, know)
		switch t {
		case yes:
			return c.args[1].eval(vars, know)
		case no:
			return c.args[2].eval(vars, know)
		}
		return t, need
	case expr.LogicHas:
		switch know[c.v] {
		case unset:
			if !vars[c.v].mayLack {
				return yes, 0
			}
			return undecided, c.v
		case absent:
			return no, 0
		}
		return yes, 0
	case expr.LogicTruth:
		return vars[c.v].compare(know[c.v], "", nil), c.v
	}
	return vars[c.v].compare(know[c.v], c.op, c.is), c.v
}

// both is and or or: decides is the value of one side that settles it.
func (c *condition) both(vars []*variable, know []uint8, decides, otherwise truth) (truth, int) {
	out, need := otherwise, 0
	for _, a := range c.args {
		switch t, n := a.eval(vars, know); {
		case t == decides:
			return decides, 0
		case t == undecided && out != undecided:
			out, need = undecided, n
		case t == broken && out == otherwise:
			out = broken
		}
	}
	return out, need
}

// uses lists the variables of a condition.
func (c *condition) uses() []int {
	if c == nil {
		return nil
	}
	var out []int
	switch c.kind {
	case expr.LogicHas, expr.LogicTruth, expr.LogicIs:
		out = []int{c.v}
	}
	for _, a := range c.args {
		out = append(out, a.uses()...)
	}
	sort.Ints(out)
	return slices.Compact(out)
}
