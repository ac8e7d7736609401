package agama

// This file writes the list that the project keeps of what is left to do.

import (
	"fmt"
	"slices"
	"strings"
)

// TodoFile is the list in the project.
const TodoFile = "IMPORT.md"

var headings = []struct{ kind, title, about string }{
	{Todo, "To do", "These do not work until they are done: a run that comes there ends denied, a page shows a mark."},
	{Check, "To look at", "These work, and are not quite what they were in the source."},
	{Note, "For the record", "There is nothing to do about these."},
}

// Markdown writes the report for people.
func (r *Report) Markdown(source string) []byte {
	var b strings.Builder
	line := func(format string, args ...any) { fmt.Fprintf(&b, format+"\n", args...) }
	line("# Imported from %s\n", source)
	line("This project was made by `authflow import agama`. What could not be carried over as it was stands below, with what to do about it; strike out what is done. `authflow check` says what is wrong with the flows as they are.\n")
	for _, h := range headings {
		n := r.Count(h.kind)
		if n == 0 {
			continue
		}
		line("## %s (%d)\n\n%s\n", h.title, n, h.about)
		for _, e := range r.Entries {
			if e.Kind != h.kind {
				continue
			}
			box := "- "
			if e.Kind == Todo {
				box = "- [ ] "
			}
			line("%s`%s` %s%s", box, e.Place(), plain(e.What), after(" **What to do:** ", plain(e.Do)))
		}
		line("")
	}
	line("## What became of what\n")
	for _, f := range r.Flows {
		line("### %s → flow %s\n\n| line | source | blocks |\n|---|---|---|", f.Name, f.Slug)
		lines := slices.DeleteFunc(slices.Clone(r.Lines), func(l Line) bool { return l.Flow != f.Slug })
		slices.SortStableFunc(lines, func(a, b Line) int { return a.Line - b.Line })
		for _, l := range lines {
			blocks := "its value goes where it is read"
			if len(l.Blocks) > 0 {
				blocks = strings.Join(l.Blocks, ", ")
			} else if strings.HasPrefix(l.Text, "Log") {
				blocks = "left out"
			} else if strings.HasPrefix(l.Text, "When") || strings.HasPrefix(l.Text, "Finish") {
				blocks = "the way of the block before it"
			}
			line("| %d | `%s` | %s |", l.Line, strings.NewReplacer("|", `\|`, "`", "'").Replace(l.Text), blocks)
		}
		line("")
	}
	return []byte(b.String())
}

func after(words, s string) string {
	if s == "" {
		return ""
	}
	return words + s
}

// plain keeps what comes from the source from meaning something in the list.
func plain(s string) string {
	return strings.NewReplacer("\n", " ", "<", "&lt;", "|", `\|`).Replace(s)
}
