// Package expr evaluates the conditions and texts of a flow: CEL over the
// variables event, step, input, claims and flow, and templates whose
// {{ … }} parts are CEL (rules E1 and E3).
//
// It owns: the language (operators, functions, limits), type checking against
// a Schema while a person edits, the paths an expression reads, and renaming a
// block inside expressions.
// It delegates: what a flow knows at a block is described by its caller, who
// builds the Schema; whether a value is certain to be there is decided by
// engine/check, from Reads.
// The law: an expression is bounded (length, nesting, cost, text size, regular
// expressions), touches nothing outside its variables, and whatever goes wrong
// is a typed error, never a value.
//
// # Numbers
//
// Values that passed through JSON lost the difference between 3 and 3.0.
// Arithmetic and comparison therefore mix whole and fractional numbers freely;
// with a Schema, a field declared as int is read as an int again, and a field
// declared as timestamp is read from its RFC 3339 text.
package expr
