// Package scenario runs whole sign-ins as tests: who comes from where, what they
// do, and what must and must not have come of it.
//
// It owns: the form of scenario files, running them, what they expect, coverage,
// reports, and the presets for a single Action.
// It delegates: being a browser, to scenario/agent; being the server and its
// world, to the Bench that it is given.
// The law: a scenario enters by the front door, as any client and any person do
// (rule W3); it reads what happened from the record and changes nothing else.
package scenario
