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
//
// # Stopping at a line
//
// goja has no debugger. A Call with a Debug runs a program into whose syntax
// tree hooks were put, with no change to its text, its positions or its results;
// each way has the cheapest program that will do:
//
//	plain    as it was written: nobody looks on
//	counts   gate[n]                                  lines are counted
//	lines    gate[n] && hook(n, me)                   it can be stopped
//	scopes   gate[n] && hook(n, me, s => eval(s))     it can be looked into
//
// The gate is worked out in Go and counts what passes it, so that each moment of
// a call has a number: Stop.Ordinal. An Action is deterministic but for what its
// Host answers; so that the call can be run again, up to any moment, with the
// answers of the first time and without asking anybody. Going back is that, and
// so is a stop: the quick way finds out where, and a second one comes there with
// the scopes of every function under way.
//
//	pool.Places(ctx, unit)           where one can stop; Places.Bind for a wish
//	Call.Debug = &Debug{…}           breakpoints, entry, throw, deny, StopAt, Answers
//	Debug.Stopped(ctx, *Stop)        is called at each stop and answers a Command
//	Stop.Scopes, Children, Evaluate  look; Assign and Set change
//
// A call that is debugged has a worker of its own, for it may be stopped for
// long; its budget, and all that watches over it, stands still meanwhile.
package script
