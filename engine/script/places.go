package script

// This file says where an Action can be stopped.

import (
	"cmp"
	"context"
	"errors"
	"fmt"
	"slices"
)

// Place is one in a source of an Action or of a module; File is its name below
// actions/. Line and Column are counted from 1, in characters; as a wish, a
// Column of 0 is any.
type Place struct {
	File   string `json:"file"`
	Line   int    `json:"line"`
	Column int    `json:"column,omitempty"`
}

// Deaf are lines on which code stands that cannot be stopped at.
type Deaf struct {
	File string `json:"file"`
	From int    `json:"from"`
	To   int    `json:"to"`
	What string `json:"what"`
}

// Places are the statements of a unit and of all it imports, sorted, and where
// nothing can stop.
type Places struct {
	Stops []Place `json:"stops"`
	Deaf  []Deaf  `json:"deaf,omitempty"`
}

// ErrUnbound says that a breakpoint has no statement to stop at.
var ErrUnbound = errors.New("script: no statement to stop at")

// Bind answers the statement at which a breakpoint stops: the one at the place,
// or the next.
func (p Places) Bind(at Place) (Place, error) {
	here := slices.ContainsFunc(p.Stops, func(s Place) bool { return s.File == at.File && s.Line == at.Line })
	for _, d := range p.Deaf {
		if !here && d.File == at.File && d.From <= at.Line && at.Line <= d.To {
			return Place{}, fmt.Errorf("%w: line %d of %s is %s, where nothing can stop; stop at a statement before it", ErrUnbound, at.Line, at.File, d.What)
		}
	}
	for _, s := range p.Stops {
		if s.File == at.File && (s.Line > at.Line || s.Line == at.Line && s.Column >= at.Column) {
			return s, nil
		}
	}
	return Place{}, fmt.Errorf("%w: there is none at or after line %d of %s", ErrUnbound, at.Line, at.File)
}

// Places finds out where an Action can be stopped. It runs nothing of it.
func (p *Pool) Places(ctx context.Context, u Unit) (Places, error) {
	if err := u.checkSize(); err != nil {
		return Places{}, err.of(u.Name)
	}
	w, err := p.take(ctx)
	if err != nil {
		return Places{}, err
	}
	session := &session{process: w, call: Call{Action: u.Name, Budget: 2 * defaultBudget}}
	end, _, err := session.exchange(ctx, message{Places: &u})
	p.give(w, session.broken)
	if err == nil && end.Error != nil {
		err = end.Error.of(u.Name)
	}
	if err != nil || end.Places == nil {
		return Places{}, err
	}
	return *end.Places, nil
}

// places answers what the programs know, for the worker.
func (w *worker) places(u Unit) done {
	program, issue := w.compiled.get(u, scopes)
	if issue != nil {
		return done{Error: issue.failure()}
	}
	return done{Places: &program.places}
}

// sort takes over the statements at which one can stop.
func (p *Places) sort(statements []statement) {
	for _, s := range statements {
		if !s.onlyCount {
			p.Stops = append(p.Stops, s.place())
		}
	}
	slices.SortFunc(p.Stops, comparePlaces)
	p.Stops = slices.Compact(p.Stops)
}

func (s statement) place() Place { return Place{s.file, s.line, s.column} }

func comparePlaces(a, b Place) int {
	return cmp.Or(cmp.Compare(a.File, b.File), cmp.Compare(a.Line, b.Line), cmp.Compare(a.Column, b.Column))
}

func (i *Issue) failure() *Error {
	return &Error{Code: i.Code, Message: i.Message, File: i.File, Line: i.Line, Column: i.Column}
}
