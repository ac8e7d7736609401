// Package scenario knows who comes to a flow in a test, from where and with
// what.
//
// It owns: the presets, events that are ready for a single Action.
// It delegates: being a browser, to scenario/agent.
// The law: what stands here is data; nothing of it reaches a bundle.
package scenario
