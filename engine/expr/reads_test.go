package expr_test

import (
	"fmt"
	"reflect"
	"strings"
	"testing"

	"github.com/authflow-studio/authflow/engine/expr"
)

// notation writes refs as path, ? for guarded, * for dynamic.
func notation(refs []expr.Ref) string {
	var out []string
	for _, r := range refs {
		s := r.String()
		if r.Guarded {
			s += "?"
		}
		if r.Dynamic {
			s += "*"
		}
		out = append(out, s)
	}
	return strings.Join(out, " ")
}

func TestE1_ReadsTellWhatMustBeThere(t *testing.T) {
	cases := map[string]string{
		`step.risk.score >= 70`:                                   "step.risk.score",
		`event["user"].email == claims.x`:                         "event.user.email claims.x",
		`has(step.a.b)`:                                           "step.a.b?",
		`has(step.a.b) && step.a.b > 3`:                           "step.a.b? step.a.b?",
		`step.a.b > 3 && has(step.a.b)`:                           "step.a.b? step.a.b?",
		`has(step.a) ? step.a.b : step.c.d`:                       "step.a? step.a.b? step.c.d",
		`!has(step.a.b) || step.a.b == step.c.d`:                  "step.a.b? step.a.b? step.c.d",
		`!has(step.a.b) ? 1 : step.a.b`:                           "step.a.b? step.a.b?",
		`has(step.a.b) || step.a.b > 3`:                           "step.a.b? step.a.b",
		`step.?a.?b.orValue(1)`:                                   "step.a.b?",
		`step.a.?b.orValue(1)`:                                    "step.a step.a.b?",
		`step[?"a"].hasValue() && step.a.b`:                       "step.a? step.a.b?",
		`"k" in event.m && event.m.k == 1`:                        "event.m event.m.k?",
		`step[input.which].x`:                                     "step* input.which",
		`step.a.list[0].x`:                                        "step.a.list",
		`size(event) > 0`:                                         "event",
		`event.list.exists(step, step.x == input.y)`:              "event.list input.y",
		`event.list.exists(e, e == step.a.b)`:                     "event.list step.a.b",
		`{"a": step.a.b, step.c.d: [claims.e]}`:                   "step.a.b step.c.d claims.e",
		`flow.name + "step.not.read"`:                             "flow.name",
		`[1].exists(x, has(step.a.b)) && step.a.b == 2 ? 1 : 0`:   "step.a.b? step.a.b",
		`(has(step.a.b) && has(step.c.d)) && step.a.b > step.c.d`: "step.a.b? step.c.d? step.a.b? step.c.d?",
	}
	for src, want := range cases {
		if got := notation(compile(t, src, nil, nil).Reads()); got != want {
			t.Errorf("%s reads %q, want %q", src, got, want)
		}
	}
}

func TestE1_ReadsHavePlaces(t *testing.T) {
	refs := compile(t, "true &&\n  step.a.b == 1", nil, nil).Reads()
	if len(refs) != 1 || refs[0].Line != 2 || refs[0].Column != 3 {
		t.Fatalf("got %+v", refs)
	}
}

func TestE1_TemplatesKeepTheTypeOfASingleExpression(t *testing.T) {
	cases := map[string]any{
		`plain`:                               "plain",
		``:                                    "",
		`{{ step.limits.count }}`:             int64(7),
		`{{ event.user.factors }}`:            []any{"totp"},
		` {{ step.limits.count }}`:            " 7",
		`{{ event.user.email }} ({{ 2.0 }})`:  "ada@example.org (2)",
		`f: {{ event.user.factors }}`:         `f: ["totp"]`,
		`n: {{ null }}.`:                      "n: .",
		`\{{ not an expression }}`:            "{{ not an expression }}",
		`{{ "}}" }}`:                          "}}",
		`{{ {"a": {"b": 1}}}}`:                map[string]any{"a": map[string]any{"b": int64(1)}},
		`{{ r"\" }}{{ 'it''s' }}`:             nil,
		`a {{ "x" // why }}`:                  "a x",
		"a {{ \"x\" // }} no\n + \"y\" }} b":  "a xy b",
		`{{ """ "}} """ }}!`:                  ` "}} !`,
		`<b>{{ "<&>" }}</b> {{ ["<"] }}`:      `<b><&></b> ["<"]`,
		`single } and { and }} stay, {{ 1 }}`: "single } and { and }} stay, 1",
	}
	for text, want := range cases {
		tmpl, issues := expr.CompileTemplate(text, schema())
		if want == nil {
			if len(issues) == 0 {
				t.Errorf("%q was accepted", text)
			}
			continue
		}
		if len(issues) > 0 {
			t.Errorf("%q: %v", text, issues)
			continue
		}
		got, err := tmpl.Eval(vars(t))
		if err != nil || !reflect.DeepEqual(got, want) {
			t.Errorf("%q = %#v, %v; want %#v", text, got, err, want)
		}
	}
}

func TestE1_TemplateIssuesPointIntoTheText(t *testing.T) {
	_, issues := expr.CompileTemplate("Dear {{ event.user.emial }},\n{{ step.gone.x }}\nend {{ 1 +", schema())
	var got []string
	for _, i := range issues {
		got = append(got, fmt.Sprintf("%d:%d %s", i.Line, i.Column, i.Code))
	}
	want := "3:5 expr_syntax 1:20 expr_unknown_field 2:9 expr_unknown_field"
	if strings.Join(got, " ") != want {
		t.Fatalf("got %v, want %s", got, want)
	}
	tmpl, _ := expr.CompileTemplate("Dear {{ event.user.email }},\n{{ step.risk.score }}", schema())
	if refs := tmpl.Reads(); notation(refs) != "event.user.email step.risk.score" || refs[1].Line != 2 || refs[1].Column != 4 {
		t.Fatalf("got %+v", refs)
	}
}

func TestE3_TemplateFailsAsAWhole(t *testing.T) {
	tmpl, issues := expr.CompileTemplate("Hello {{ step.gone.name }}", nil)
	if len(issues) > 0 {
		t.Fatal(issues)
	}
	if got, err := tmpl.EvalString(nil); err == nil || got != "" {
		t.Fatalf("got %q, %v", got, err)
	}
}

func TestG2_RenameFollowsIntoExpressions(t *testing.T) {
	cases := map[string]string{
		`step.risk.score > 3 && has(step.risk.x)`: `step.peril.score > 3 && has(step.peril.x)`,
		`has(step.risk)`:                         `has(step.peril)`,
		`step["risk"].x + step[ 'risk' ].y`:      `step["peril"].x + step[ 'peril' ].y`,
		`step.?risk.?y == step[?"risk"]`:         `step.?peril.?y == step[?"peril"]`,
		"step // step.risk\n . risk.score":       "step // step.risk\n . peril.score",
		`"step.risk" == "é" + step.risk.a`:       `"step.risk" == "é" + step.peril.a`,
		`step.risky.score`:                       ``,
		`event.step.risk == input.risk`:          ``,
		`[1].exists(step, step.risk)`:            ``,
		`event.l.exists(r, step.risk.x == r)`:    `event.l.exists(r, step.peril.x == r)`,
		`step.a.risk`:                            ``,
		`{"risk": step.risk, step.risk: "risk"}`: `{"risk": step.peril, step.peril: "risk"}`,
		`step.risk ==`:                           ``,
	}
	for src, want := range cases {
		got, changed := expr.RenameStep(src, "risk", "peril")
		if want == "" {
			want = src
		}
		if got != want || changed != (want != src) {
			t.Errorf("%s became %s (%v), want %s", src, got, changed, want)
		}
	}
}

func TestG2_RenameFollowsIntoTemplates(t *testing.T) {
	text := `step.risk \{{ step.risk }} {{ step.risk.score }} of {{ "step.risk" }} {{ step.risk == }}`
	want := `step.risk \{{ step.risk }} {{ step.peril.score }} of {{ "step.risk" }} {{ step.risk == }}`
	if got, changed := expr.RenameStepInTemplate(text, "risk", "peril"); got != want || !changed {
		t.Errorf("got %s, %v", got, changed)
	}
	if got, changed := expr.RenameStepInTemplate("step.risk", "risk", "peril"); got != "step.risk" || changed {
		t.Errorf("plain text: %s, %v", got, changed)
	}
}

func FuzzCompileTemplate(f *testing.F) {
	for _, seed := range []string{`a {{ step.risk.x }} b`, `\{{ x }}`, `{{ "}}" }}`, `{{ {"a":{}}}}`, "{{ // \n 1 }}", `{{`, `{{ r"\" }}`} {
		f.Add(seed)
	}
	f.Fuzz(func(t *testing.T, text string) {
		tmpl, issues := expr.CompileTemplate(text, nil)
		if (tmpl == nil) != (len(issues) > 0) {
			t.Fatalf("template %v with issues %v", tmpl, issues)
		}
		if tmpl != nil && tmpl.Constant() {
			if got, err := tmpl.EvalString(nil); err != nil || got != strings.ReplaceAll(text, `\{{`, "{{") {
				t.Fatalf("constant %q became %q, %v", text, got, err)
			}
		}
		if back, changed := expr.RenameStepInTemplate(text, "zz_no_block", "other"); !changed && back != text {
			t.Fatalf("%q became %q", text, back)
		}
	})
}
