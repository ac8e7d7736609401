// Package dsl reads the Agama language: the text of a .flow file becomes a tree.
//
// It owns: the words and the grammar of the language, indentation, the syntax
// tree with the place of every part, and what is said of a text that cannot be
// read.
// It delegates: what a statement means to us, to projects/agama.
// The law: any text at all gives a tree or errors with a place, never a panic,
// and in time that grows with its length.
package dsl

// Pos is a place in the text, both counted from 1, the column in characters.
type Pos struct{ Line, Column int }

// Flow is a .flow file.
type Flow struct {
	Pos
	Name     string
	Basepath string
	// Timeout is in seconds; 0 when the header names none.
	Timeout int
	// Configs is the variable that holds the flow's properties; "" when there is
	// none.
	Configs string
	Inputs  []string
	Body    []Stmt
}

// Stmt is one statement.
type Stmt interface{ At() Pos }

// At answers where the statement begins.
func (p Pos) At() Pos { return p }

// Assign gives a variable a value.
type Assign struct {
	Pos
	Target *Var
	Value  Expr
}

// Render is RRF: it shows a page and takes what the person sends.
type Render struct {
	Pos
	Target   *Var // nil when the answer is ignored
	Template string
	Data     *Var // nil when the page is given nothing
	// Callback says that the flow goes on at the callback address instead of at
	// the page (the third parameter).
	Callback bool
	// Polled says that the page has a status checker.
	Polled bool
}

// Redirect is RFAC: it sends the person away and takes what they bring back.
type Redirect struct {
	Pos
	Target *Var
	URL    Expr
}

// Call runs foreign code.
type Call struct {
	Pos
	Target *Var
	Err    string // the variable that takes the error; "" when it is not caught
	Class  string // for a static method, or a constructor named new
	Object *Var   // for a method of an object
	Method string
	Args   []Expr
	Source string // as it was written
}

// Trigger runs another flow.
type Trigger struct {
	Pos
	Target    *Var
	Err       string
	Flow      string
	Computed  *Var // the variable that names the flow, in the place of Flow
	Args      []Expr
	Overrides []Override
}

// Override is a template of the flow below and the one in its place; an empty
// With takes the file name of the original.
type Override struct {
	Pos
	Template, With string
}

// When is a conditional.
type When struct {
	Pos
	Cond Cond
	Then []Stmt
	Else []Stmt
}

// Match compares one value with others.
type Match struct {
	Pos
	Value   Expr
	Options []Option
	Else    []Stmt
}

// Option is one value of a Match and what is done then.
type Option struct {
	Pos
	Value Expr
	Body  []Stmt
}

// Loop is Repeat, or Iterate over when Over is set.
type Loop struct {
	Pos
	Target *Var // how many rounds were completed
	Times  Expr
	Over   *Var
	Using  string
	Body   []Stmt
	Quit   *Cond  // nil: the loop ends by itself alone
	After  []Stmt // what is done in a round after Quit
}

// Log writes to the engine's log.
type Log struct {
	Pos
	Args []Expr
}

// Finish ends the flow.
type Finish struct {
	Pos
	Value Expr
}

// Cond is a choice of tests: one of the groups must hold, with all its tests.
type Cond struct {
	Pos
	Any [][]Test
}

// Test compares two values.
type Test struct {
	Pos
	Left, Right Expr
	Not         bool
}

// Expr is a value as it is written.
type Expr interface{ At() Pos }

// Literal is a text (string), a number (float64), a truth value (bool) or nil.
type Literal struct {
	Pos
	Value any
}

// Var is a variable, or something in it.
type Var struct {
	Pos
	Name string
	Path []Access
}

// Access is one step into a value. One of the three is set.
type Access struct {
	Name    string // .name or ."name"
	Through string // .$variable
	Index   Expr   // [0] or [variable]
}

// Negative is a variable with a minus before it.
type Negative struct {
	Pos
	Of *Var
}

// List is a list literal.
type List struct {
	Pos
	Items []Expr
}

// Map is a map literal; Keys are in the order of the text.
type Map struct {
	Pos
	Keys   []string
	Values []Expr
}
