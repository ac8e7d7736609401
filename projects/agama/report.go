package agama

import (
	"cmp"
	"fmt"
	"slices"
)

// Kinds of what an import has to say.
const (
	// Todo does not work until somebody has done it: a run that comes there ends
	// denied, a page shows a mark.
	Todo = "todo"
	// Check works, and differs from the source: look whether it is meant.
	Check = "check"
	// Note is for the record; there is nothing to do.
	Note = "note"
)

// Entry is one thing that was not carried over as it was.
type Entry struct {
	Kind   string `json:"kind"`
	File   string `json:"file"`
	Line   int    `json:"line,omitempty"`
	Column int    `json:"column,omitempty"`
	// What was not carried over, and what is there in its place.
	What string `json:"what"`
	// Do says what to do about it.
	Do string `json:"do,omitempty"`
}

// Flow is a flow that was imported.
type Flow struct {
	Name string `json:"name"`
	Slug string `json:"slug"`
	File string `json:"file"`
	// Trigger is login for the flow that clients run, else custom.
	Trigger     string `json:"trigger"`
	SubflowOnly bool   `json:"subflow_only"`
	Blocks      int    `json:"blocks"`
}

// Report says what became of what.
type Report struct {
	Project string   `json:"project"`
	Flows   []Flow   `json:"flows"`
	Pages   []string `json:"pages"`
	Actions []string `json:"actions"`
	Entries []Entry  `json:"entries"`
	// Lines says of every statement which blocks it became.
	Lines []Line `json:"-"`
}

// Line is a statement and the blocks that it became.
type Line struct {
	File   string
	Line   int
	Text   string
	Flow   string
	Blocks []string
}

// Count answers how many entries are of a kind.
func (r *Report) Count(kind string) int {
	n := 0
	for _, e := range r.Entries {
		if e.Kind == kind {
			n++
		}
	}
	return n
}

func (r *Report) add(e Entry) {
	if !slices.Contains(r.Entries, e) {
		r.Entries = append(r.Entries, e)
	}
}

var kinds = []string{Todo, Check, Note}

func (r *Report) order() {
	slices.SortStableFunc(r.Entries, func(a, b Entry) int {
		return cmp.Or(cmp.Compare(slices.Index(kinds, a.Kind), slices.Index(kinds, b.Kind)), cmp.Compare(a.File, b.File), cmp.Compare(a.Line, b.Line), cmp.Compare(a.Column, b.Column))
	})
}

// Place is FILE:LINE:COLUMN, as far as it is known.
func (e Entry) Place() string {
	switch {
	case e.Line > 0 && e.Column > 0:
		return fmt.Sprintf("%s:%d:%d", e.File, e.Line, e.Column)
	case e.Line > 0:
		return fmt.Sprintf("%s:%d", e.File, e.Line)
	}
	return e.File
}
