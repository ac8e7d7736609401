// Package script runs Actions: JavaScript on goja, in worker processes
// (rules A1 to A9).
//
// It owns: what an Action is given (the frozen event and step, the api), what
// it can change (nothing but a Result), its limits, and the processes in which
// it runs. The binary starts itself again as a worker: every main and every
// TestMain of a package that runs Actions begins with ServeWorkerIfAsked.
// It delegates: every effect. Time, randomness, outgoing calls and secrets are
// asked of the Host, in the parent process, where they are recorded (rule X4);
// what the Result says is carried out by the block that called.
// The law: each call has a runtime of its own, so that nothing survives it
// (A7); whatever an Action does, the engine's process stays as it was (A9).
//
// # Two lines of defence
//
// Inside the worker a call is bounded by a deadline, a stack limit and a watch
// over the heap; these end a script politely, with the line where it was.
// goja's native loops and single huge allocations take no notice of them, so
// the parent ends the worker itself when the deadline has passed, and the
// operating system ends it when it asks for too much memory. Then the call
// fails and the next one finds a fresh worker.
//
// # Time
//
// The budget of a call is its own running time: waiting for the Host does not
// count, since each outgoing call has a limit of its own (rule X6). Within a
// call the clock stands still between outgoing calls, so that the journal holds
// one reading and not one for each look at it.
package script
