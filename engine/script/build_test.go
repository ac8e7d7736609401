package script_test

import (
	"strings"
	"testing"

	"github.com/authflow-studio/authflow/engine/script"
)

// project is what an Action and its modules are called from.
func project(files map[string]string) script.Call {
	const name = "action.ts"
	u := script.NewUnit(name, files)
	c := call("")
	c.Action, c.Source, c.Modules = u.Name, u.Source, u.Modules
	return c
}

const typed = `import { domainOf, type Address } from './lib/mail'
import limits from './lib/limits.json'

enum Kind { Free, Paid }
interface Seen { email: Address }

/* é𝒳 */ export default async function (event: { user?: Seen }, step: unknown, api: any): Promise<void> {
  const domain: string = domainOf(event.user!.email)
  api.state.set('domain', domain satisfies string)
  api.state.set('kind', Kind[Kind.Paid] as string)
  api.state.set('most', limits.most)
}
`

func TestA1_TypeScriptAndModules(t *testing.T) {
	files := map[string]string{
		"action.ts":       typed,
		"lib/mail.ts":     "import { lower } from './text.js'\nexport type Address = `${string}@${string}`\nexport const domainOf = (a: Address): string => lower(a.split('@')[1]!)\n",
		"lib/text.js":     "export const lower = (s) => s.toLowerCase()\n",
		"lib/limits.json": `{"most": 7}`,
		"other.js":        "export default () => {}",
	}
	c := project(files)
	c.Event = map[string]any{"user": map[string]any{"email": "Ada@Example.COM"}}
	got := run(t, newPool(t), c)
	if got.Outputs["domain"] != "example.com" || got.Outputs["kind"] != "Paid" || got.Outputs["most"] != 7.0 {
		t.Errorf("%v", got.Outputs)
	}
	for name := range files {
		issues, err := newPool(t).Check(t.Context(), script.NewUnit(name, files))
		if err != nil || len(issues) > 0 {
			t.Errorf("%s: %v, %v", name, issues, err)
		}
	}
}

// The forms of rule A1 mean the same in TypeScript.
func TestA1_FormsInTypeScript(t *testing.T) {
	for name, src := range map[string]string{
		"event, step, api":   `export default async (event: any, step: any, api: any) => { api.state.set('step', step.x.y) }`,
		"event, api":         `export default async function (event: any, api: any) { api.state.set('step', 'v') }`,
		"a name":             `const f = (event: any, api: any) => { api.state.set('step', 'v') }; export default f`,
		"exports.onExecute":  `exports.onExecutePostLogin = async (event: any, api: any) => { api.state.set('step', 'v') }`,
		"function execute":   `function execute(event: any, api: any) { api.state.set('step', 'v') }`,
		"more exports":       `export const helper = (n: number) => n; export default (event: any, step: any, api: any) => { api.state.set('step', 'v') }`,
		"an async generator": `async function* two() { yield 'v' } export default async (event: any, step: any, api: any) => { for await (const v of two()) api.state.set('step', v) }`,
	} {
		c := project(map[string]string{"action.ts": src})
		c.Step = map[string]any{"x": map[string]any{"y": "v"}}
		if got := run(t, newPool(t), c); got.Outputs["step"] != "v" {
			t.Errorf("%s: %v", name, got.Outputs)
		}
	}
}

func TestA1_PlacesLeadBackToTheSource(t *testing.T) {
	p := newPool(t)
	lib := "export type T = string\n\nexport function check(n: number): never {\n  throw new Error('bad ' + n)\n}\n"
	e := fails(t, p, project(map[string]string{"action.ts": "import { check } from './lib/check'\ntype A = { a: 1 }\nexport default () => { check(1) }\n", "lib/check.ts": lib}))
	if e.File != "lib/check.ts" || e.Line != 4 || e.Column != 9 || !strings.Contains(e.Stack, "(3:") || !strings.Contains(e.Stack, "lib/check.ts:4:9") {
		t.Errorf("%v at %s %d:%d\n%s", e, e.File, e.Line, e.Column, e.Stack)
	}
	e = fails(t, p, project(map[string]string{"action.ts": "interface A {\n  x: 1\n}\nexport default () => {\n  const é: string = '𝒳'; throw new Error(é)\n}\n"}))
	if e.File != "" || e.Line != 5 || e.Column != 32 {
		t.Errorf("%v at %s %d:%d", e, e.File, e.Line, e.Column)
	}
	for src, want := range map[string]script.Issue{
		"export default () => {\n  const x: = 1\n}":                           {Line: 2, Column: 12},
		"type A = 1\nconst a: A = 1\nexport default () => /(?=x)x/.test('x')": {Line: 3, Column: 22},
		"import { x } from 'lodash'\nexport default () => x":                  {Line: 1, Column: 19},
		"import { x } from './lib/none'\nexport default () => x":              {Line: 1, Column: 19},
		"import { x } from '../../../../etc/passwd'\nexport default () => x":  {Line: 1, Column: 19},
		"import { x } from '/etc/passwd'\nexport default () => x":             {Line: 1, Column: 19},
		"import x from 'file:///etc/passwd'\nexport default () => x":          {Line: 1, Column: 15},
		"export const a: number = 1":                                          {Line: 1, Column: 1},
	} {
		issues, err := p.Check(t.Context(), script.NewUnit("action.ts", map[string]string{"action.ts": src}))
		if err != nil || len(issues) != 1 || issues[0].Line != want.Line || issues[0].Column != want.Column {
			t.Errorf("%q: %+v, %v; want %d:%d", src, issues, err, want.Line, want.Column)
		}
	}
}

// A plain Action may import, too; one without imports is run as it was written.
func TestA1_JavaScriptImportsModules(t *testing.T) {
	u := script.NewUnit("a.js", map[string]string{"a.js": "import { n } from './lib/n.js'\nexport default (event, step, api) => { api.state.set('n', n) }", "lib/n.js": "export const n = 41 + 1"})
	c := call("")
	c.Action, c.Source, c.Modules = u.Name, u.Source, u.Modules
	if got := run(t, newPool(t), c); got.Outputs["n"] != 42.0 {
		t.Errorf("%v", got.Outputs)
	}
}

// Nothing of a module survives a call (rule A7).
func TestA7_ModulesAreFreshInEachCall(t *testing.T) {
	p := newPool(t)
	c := project(map[string]string{"action.ts": "import { next } from './lib/count'\nexport default (e: any, s: any, api: any) => { api.state.set('n', next()) }", "lib/count.ts": "let n = 0\nexport const next = () => ++n"})
	for range 3 {
		if got := run(t, p, c); got.Outputs["n"] != 1.0 {
			t.Fatalf("a module kept %v", got.Outputs["n"])
		}
	}
}
