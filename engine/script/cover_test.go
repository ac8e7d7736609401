package script_test

import (
	"slices"
	"strings"
	"testing"

	"github.com/authflow-studio/authflow/engine/script"
)

const forms = `'use strict'
export default async function (event, step, api) {
  const seen = []
  if (event.a) seen.push('a')
  else seen.push('not a')
  for (let i = 0; i < 2; i++) seen.push(i)
  switch (event.kind) {
    case 'x':
      seen.push('x')
      break
    default:
      seen.push('other')
  }
  label: for (const n of [1, 2, 3]) {
    if (n === 2) continue label
    seen.push(n * 10)
  }
  const twice = (n) => {
    return n * 2
  }
  function never() {
    return 0
  }
  class Box {
    #v = 1
    get v() { return this.#v }
    static { seen.push('static') }
  }
  const g = function* () { yield new Box().v }
  try {
    seen.push(...g(), await Promise.resolve(twice(4)))
    throw new Error('on its line')
  } catch (e) {
    seen.push(e.message)
  }
  do seen.push('once')
  while (false)
  api.state.set('seen', seen)
}
`

// With and without the count an Action does the same, and its lines are right.
func TestLinesAreCountedAndNothingElseChanges(t *testing.T) {
	p := newPool(t)
	c := source(forms)
	c.Event = map[string]any{"a": true, "kind": "y"}
	plain := run(t, p, c)
	c.Cover = true
	counted := run(t, p, c)
	if got, want := counted.Outputs["seen"], plain.Outputs["seen"]; !slices.Equal(got.([]any), want.([]any)) {
		t.Errorf("%v, without the count %v", got, want)
	}
	lines := counted.Lines[c.Action]
	if plain.Lines != nil || len(lines.All) == 0 {
		t.Fatalf("%v", counted.Lines)
	}
	missed := []int{}
	for _, l := range lines.All {
		if !slices.Contains(lines.Ran, l) {
			missed = append(missed, l)
		}
	}
	if !slices.Equal(missed, []int{5, 9, 10, 22}) {
		t.Errorf("missed are %v of %v", missed, lines.All)
	}
}

// Errors say the same places, in the Action and in what it imports.
func TestCountedErrorsSayTheSamePlaces(t *testing.T) {
	files := map[string]string{
		"action.ts":    "import { check } from './lib/check'\ntype A = 1\nexport default (event: any) => {\n  if (event) check(1)\n}\n",
		"lib/check.ts": "export function check(n: number): never {\n  const words = 'bad'\n  throw new Error(words + n)\n}\n",
	}
	p := newPool(t)
	c := project(files)
	c.Event = map[string]any{"a": 1.0}
	plain := fails(t, p, c)
	c.Cover = true
	res, err := p.Run(t.Context(), c)
	var counted *script.Error
	if !asError(err, &counted) || counted.File != plain.File || counted.Line != plain.Line || counted.Column != plain.Column || !strings.Contains(counted.Stack, "lib/check.ts:3:") {
		t.Errorf("%v, without the count %v", counted, plain)
	}
	if got := res.Lines["lib/check.ts"]; !slices.Equal(got.Ran, []int{2, 3}) {
		t.Errorf("%+v", res.Lines)
	}
	if got := res.Lines["action.ts"]; !slices.Contains(got.Ran, 4) {
		t.Errorf("%+v", res.Lines)
	}
}

// The count reaches nobody: the script cannot name or replace the hook.
func TestTheHookIsOutOfReach(t *testing.T) {
	c := source("export default (event, step, api) => {\n  try { globalThis['line hook'] = () => {} } catch {}\n  try { delete globalThis['line hook'] } catch {}\n  api.state.set('names', Object.keys(globalThis).filter((n) => n.includes('hook')))\n}")
	c.Cover = true
	got := run(t, newPool(t), c)
	if names := got.Outputs["names"].([]any); len(names) != 0 || !slices.Contains(got.Lines[c.Action].Ran, 4) {
		t.Errorf("%v %v", names, got.Lines)
	}
}

// BenchmarkCoveredCall is the realistic Action with its lines counted, beside
// Call.
func BenchmarkCoveredCall(b *testing.B) {
	p := newPool(b)
	c := call(realistic)
	c.Cover = true
	run(b, p, c)
	for b.Loop() {
		if _, err := p.Run(b.Context(), c); err != nil {
			b.Fatal(err)
		}
	}
}
