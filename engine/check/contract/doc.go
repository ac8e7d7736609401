// Package contract proves promises about flows over all their paths, or refutes
// them with the shortest path that breaks them (rule K3).
//
// It owns: the form of contract files, what their words mean, the search, the
// three verdicts.
// It delegates: what a block proves, says and changes to its descriptor, taking
// conditions apart to engine/expr, making a scenario of a refuting path to
// engine/scenario.
// The law: what is not proven is never called proven. The search looks at more
// than can happen, never at less; where it would have to look at too much, or
// cannot tell whether a path can happen, the verdict is unknown, with the
// reason.
//
// # What is searched
//
// A state is where the run stands (a stack of flows and blocks, with the rounds
// of loops), which factors it has proven, what the contract has seen, and what
// is known of the values that conditions ask for. Every outcome of a block is a
// way, the port error too, and so is a cancelled page. A condition is tried on
// every combination of values that its comparisons can tell apart; a value is
// forgotten when nothing asks for it any more. Breadth first, so that the first
// path that is found is a shortest one.
package contract
