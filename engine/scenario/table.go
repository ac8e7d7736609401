package scenario

import (
	"fmt"
	"reflect"
	"regexp"
	"strings"
)

// This file puts what the rows of a scenario's variants need into one file: what
// stands in a column goes to its row; what all rows share must be the same.

// table gathers the changes of all rows of a scenario.
type table struct {
	own      map[string]any // the scenario as the file has it
	scenario *Scenario
	rows     []string // names of the cases
	shared   []sharedEdit
	columns  []edit
	kept     []string
}

// sharedEdit is a change of an expectation that stands for all rows.
type sharedEdit struct {
	edit
	rows int
}

// take takes the changes that one case needs.
func (t *table) take(row int, c Case, edits []edit) {
	t.rows = append(t.rows, c.Name)
	for _, e := range edits {
		raw, isText := valueAt(t.own, e.at).(string)
		if e.gone || e.item || !isText || !strings.Contains(raw, "variant.") || len(t.scenario.Variants) == 0 {
			t.share(e)
			continue
		}
		t.column(row, e, raw)
	}
}

func (t *table) share(e edit) {
	for i := range t.shared {
		if reflect.DeepEqual(t.shared[i].edit, e) {
			t.shared[i].rows++
			return
		}
	}
	t.shared = append(t.shared, sharedEdit{e, 1})
}

// cell is a text with one column in it.
var cell = regexp.MustCompile(`^(.*)\{\{\s*variant\.([^{}\s]+)\s*\}\}(.*)$`)

// column changes the row's own value.
func (t *table) column(row int, e edit, raw string) {
	m := cell.FindStringSubmatch(raw)
	if m == nil || strings.Contains(m[1]+m[3], "{{") {
		t.kept = append(t.kept, fmt.Sprintf("%s: %s is made of more than one column", e.at, raw))
		return
	}
	if at := t.usedBeside(m[2]); at != "" {
		t.kept = append(t.kept, fmt.Sprintf("%s: the column %s is used by %s too, which is not what is expected", e.at, m[2], at))
		return
	}
	value := e.value
	if m[1]+m[3] != "" {
		text, ok := e.value.(string)
		if !ok || !strings.HasPrefix(text, m[1]) || !strings.HasSuffix(text, m[3]) || len(text) < len(m[1]+m[3]) {
			t.kept = append(t.kept, fmt.Sprintf("%s: what happened, %s, does not have the form %s", e.at, short(e.value), raw))
			return
		}
		value = text[len(m[1]) : len(text)-len(m[3])]
	}
	t.columns = append(t.columns, set(value, "variants", row, m[2]))
}

// usedBeside says where a column is used that is no expectation.
func (t *table) usedBeside(column string) string {
	in := func(v any) bool {
		return regexp.MustCompile(`variant\.` + regexp.QuoteMeta(column) + `\s*\}`).MatchString(short(plain(v)))
	}
	switch {
	case in(map[string]any{"given": t.own["given"]}):
		return "what is given"
	case in(map[string]any{"steps": unexpecting(t.own["steps"])}):
		return "a step"
	}
	return ""
}

// unexpecting is a list of steps without what they expect.
func unexpecting(v any) any {
	list, _ := v.([]any)
	out := make([]any, len(list))
	for i := range list {
		step := map[string]any{}
		m, _ := list[i].(map[string]any)
		for name, v := range m {
			switch name {
			case "expect":
			case "steps":
				step[name] = unexpecting(v)
			default:
				step[name] = v
			}
		}
		out[i] = step
	}
	return out
}

// edits answers the changes of the file, and why some cannot be made.
func (t *table) edits() ([]edit, []string) {
	out, kept := t.columns, t.kept
	for _, s := range t.shared {
		if s.rows < len(t.rows) {
			kept = append(kept, fmt.Sprintf("%s stands for all %d rows, and only %d of them come to %s; give it a column of its own", s.at, len(t.rows), s.rows, short(s.value)))
			continue
		}
		out = append(out, s.edit)
	}
	for i := range out {
		for _, other := range out[:i] {
			if samePlace(out[i], other) {
				kept = append(kept, fmt.Sprintf("%s is held against two moments that differ", out[i].at))
			}
		}
	}
	return out, kept
}

// samePlace tells whether two changes of one place contradict each other.
func samePlace(a, b edit) bool {
	return !a.item && !b.item && reflect.DeepEqual(a.at, b.at) && !reflect.DeepEqual(a, b)
}

// lineDiff answers the lines in which two texts differ, with their numbers.
func lineDiff(was, now string) []string {
	a, b := strings.Split(was, "\n"), strings.Split(now, "\n")
	skip := 0
	for skip < len(a) && skip < len(b) && a[skip] == b[skip] {
		skip++
	}
	tail := 0
	for tail < len(a)-skip && tail < len(b)-skip && a[len(a)-1-tail] == b[len(b)-1-tail] {
		tail++
	}
	a, b = a[skip:len(a)-tail], b[skip:len(b)-tail]
	common := make([][]int, len(a)+1)
	for i := range common {
		common[i] = make([]int, len(b)+1)
	}
	for i := len(a) - 1; i >= 0; i-- {
		for j := len(b) - 1; j >= 0; j-- {
			if common[i][j] = max(common[i+1][j], common[i][j+1]); a[i] == b[j] {
				common[i][j] = common[i+1][j+1] + 1
			}
		}
	}
	var out []string
	for i, j := 0, 0; i < len(a) || j < len(b); {
		switch {
		case i < len(a) && j < len(b) && a[i] == b[j]:
			i, j = i+1, j+1
		case j == len(b) || i < len(a) && common[i+1][j] >= common[i][j+1]:
			out = append(out, fmt.Sprintf("-%4d  %s", skip+i+1, a[i]))
			i++
		default:
			out = append(out, fmt.Sprintf("+%4d  %s", skip+j+1, b[j]))
			j++
		}
	}
	return out
}
