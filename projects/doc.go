// Package projects is a project on disk: open, save, watch, create.
//
// It owns: atomic writes, revisions and conflicts, the shipped templates.
// It delegates: what the files mean to engine/flow.
// The law: nothing a person wrote is lost. A file is replaced whole or not at
// all, and never over a version that the writer has not seen.
package projects
