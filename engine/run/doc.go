// Package run is the interpreter: a run's State as plain data, Machine.Advance
// which moves it block by block, the journal of what happened, and Engine, which
// keeps runs in the store between two visits of the person.
//
// It owns: State, Entry, Hook, the budgets of rule X6, one-time tickets.
// It delegates: what a block does to engine/block, pages over HTTP to
// engine/web, what a finished run means for an OAuth client to a Finisher.
// The law: no goroutine, continuation or closure holds a run (rules X2, X3); a
// unit of work is committed once per stop, whole or not at all.
package run
