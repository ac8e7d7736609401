// Package flow is the graph: what a flow file says, how it is read and written,
// its digest of meaning, and the algorithms over it.
//
// It owns: the types of flow, layout, client and settings files, the strict
// decoders with line and column, the table of triggers and stages (rule G3),
// and Project, the parsed content of a project folder or of a bundle.
// It delegates: what a block type means to engine/block, whether a flow is
// sound to engine/check.
// The law: a flow is plain data; positions are kept apart from meaning (rule
// G1), and decoding never accepts what it does not understand.
package flow
