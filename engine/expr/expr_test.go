package expr_test

import (
	"encoding/json"
	"errors"
	"fmt"
	"reflect"
	"strings"
	"sync"
	"testing"
	"time"

	"github.com/authflow-studio/authflow/engine/expr"
)

func schema() *expr.Schema {
	return &expr.Schema{
		Event: expr.Object(map[string]*expr.Type{
			"user": expr.Object(map[string]*expr.Type{
				"email":        expr.String,
				"factors":      expr.ListOf(expr.String),
				"app_metadata": expr.MapOf(expr.Dyn),
				"created_at":   expr.Timestamp,
			}),
			"request": expr.Object(map[string]*expr.Type{"ip": expr.String, "country": expr.String}),
		}),
		Step: map[string]*expr.Type{
			"risk":   expr.Object(map[string]*expr.Type{"score": expr.Double, "severity": expr.String}),
			"limits": expr.Object(map[string]*expr.Type{"count": expr.Int}),
		},
		Input: map[string]*expr.Type{"tenant": expr.String},
	}
}

// vars are as a run has them: everything went through JSON once.
func vars(t testing.TB) map[string]any {
	t.Helper()
	var v map[string]any
	err := json.Unmarshal([]byte(`{
		"event": {
			"user": {"email": "ada@example.org", "factors": ["totp"], "app_metadata": {"plan": "pro"}, "created_at": "2026-01-02T03:04:05Z"},
			"request": {"ip": "192.0.2.1", "country": "NZ"}
		},
		"step": {"risk": {"score": 70, "severity": "high"}, "limits": {"count": 7}},
		"input": {"tenant": "acme"}
	}`), &v)
	if err != nil {
		t.Fatal(err)
	}
	return v
}

func compile(t testing.TB, src string, want *expr.Type, s *expr.Schema) *expr.Program {
	t.Helper()
	p, issues := expr.Compile(src, want, s)
	if len(issues) > 0 {
		t.Fatalf("%s: %v", src, issues)
	}
	return p
}

func TestE1_ConditionsOverTheFiveVariables(t *testing.T) {
	conditions := map[string]bool{
		`event.user.email.endsWith("@example.org")`:                 true,
		`step.risk.score >= 70 && step.risk.severity == "high"`:     true,
		`step.risk.score == 70`:                                     true,
		`70.5 > step.risk.score * 1`:                                true,
		`step.limits.count % 2 == 1`:                                true,
		`step.limits.count * 1.5 == 10.5`:                           true,
		`step.limits.count / 2 == 3`:                                true,
		`"totp" in event.user.factors`:                              true,
		`event.user.factors.exists(f, f.startsWith("web"))`:         false,
		`input.tenant in ["acme", "umbrella"]`:                      true,
		`event.user.app_metadata.plan == "free"`:                    false,
		`event.user.created_at < timestamp("2026-06-01T00:00:00Z")`: true,
		`event.user.created_at.getFullYear() == 2026`:               true,
		`event.user.email.split("@")[1] == "example.org"`:           true,
	}
	for src, want := range conditions {
		got, err := compile(t, src, expr.Bool, schema()).EvalBool(vars(t))
		if err != nil || got != want {
			t.Errorf("%s = %v, %v; want %v", src, got, err, want)
		}
	}
}

func TestE1_MistakesAreFoundWhileEditing(t *testing.T) {
	cases := []struct {
		src, code, says string
		line, column    int
	}{
		{`event.user.emial == "x"`, expr.CodeUnknownField, "did you mean email?", 1, 12},
		{"true &&\n  has(event.user.emall)", expr.CodeUnknownField, "event.user has no field emall; did you mean email?", 2, 18},
		{`step.rsik.score > 3`, expr.CodeUnknownField, "there is no block rsik; did you mean risk?", 1, 6},
		{`stpe.risk.score > 3`, expr.CodeUnknownName, "did you mean step?", 1, 1},
		{`input.tenent == "a"`, expr.CodeUnknownField, "did you mean tenant?", 1, 7},
		{`event.user.email > 3`, expr.CodeWrongType, "(string, int)", 1, 18},
		{`event.user.email`, expr.CodeResultType, "this gives text, but true or false is needed here", 1, 1},
		{`event.?user.?email == optional.none() ? event.?user.?email : event.?user.?email`, expr.CodeResultType, ".orValue(false)", 1, 1},
		{`event.user.email ==`, expr.CodeSyntax, "ends too early", 1, 20},
		{`event.user.email = "x"`, expr.CodeSyntax, "unexpected", 1, 18},
		{``, expr.CodeSyntax, "ends too early", 1, 1},
		{`event.user.email.matches("(a")`, expr.CodeBadLiteral, "", 1, 26},
		{`event.user.email.matches("` + strings.Repeat("(a{1,99}){1,9}", 9) + `")`, expr.CodeTooLarge, "", 1, 26},
		{`timestamp("yesterday") < event.user.created_at`, expr.CodeBadLiteral, "", 1, 11},
		{strings.Repeat("(", 300) + "true" + strings.Repeat(")", 300), expr.CodeTooLarge, "", 1, 1},
		{strings.Repeat("true||", 20_000) + "true", expr.CodeTooLarge, "", 1, 1},
	}
	for _, c := range cases {
		_, issues := expr.Compile(c.src, expr.Bool, schema())
		if len(issues) == 0 {
			t.Errorf("%.60s: no issue", c.src)
			continue
		}
		got := issues[0]
		if got.Code != c.code || !strings.Contains(got.Message, c.says) || got.Line != c.line || got.Column != c.column {
			t.Errorf("%.60s: got %+v, want %s at %d:%d saying %q", c.src, got, c.code, c.line, c.column, c.says)
		}
	}
}

func TestE1_AllMistakesAtOnce(t *testing.T) {
	_, issues := expr.Compile(`event.usr.email == step.risk.scor`, expr.Bool, schema())
	if len(issues) != 2 || issues[0].Suggestion != "user" || issues[1].Suggestion != "score" {
		t.Fatalf("got %+v", issues)
	}
}

func TestE1_HasGuardsTheWholePath(t *testing.T) {
	p := compile(t, `has(step.mfa.factor) && step.mfa.factor == "totp"`, expr.Bool, nil)
	for _, step := range []any{nil, map[string]any{}, map[string]any{"mfa": map[string]any{}}} {
		got, err := p.EvalBool(map[string]any{"step": step})
		if got || err != nil {
			t.Errorf("with step %v: %v, %v", step, got, err)
		}
	}
	got, err := p.EvalBool(map[string]any{"step": map[string]any{"mfa": map[string]any{"factor": "totp"}}})
	if !got || err != nil {
		t.Errorf("got %v, %v", got, err)
	}
	optional := compile(t, `step.?mfa.?factor.orValue("none")`, expr.String, nil)
	if v, err := optional.Eval(nil); v != "none" || err != nil {
		t.Errorf("optional: %v, %v", v, err)
	}
}

func TestE3_FailuresAreTypedErrors(t *testing.T) {
	cases := map[string]string{
		`step.gone.x == 1`:      expr.CodeMissing,
		`event.user.nothing`:    expr.CodeMissing,
		`event.?gone.value()`:   expr.CodeMissing,
		`event.user.email + 1`:  expr.CodeType,
		`event.user.email.x`:    expr.CodeMissing,
		`1 / 0`:                 expr.CodeValue,
		`int(event.user.email)`: expr.CodeValue,
		`1.0 / 0.0`:             expr.CodeValue,
		`event.user.email.matches(input.tenant+"(")`: expr.CodeValue,
		`{1: 2}`: expr.CodeValue,
	}
	for src, code := range cases {
		value, err := compile(t, src, nil, nil).Eval(vars(t))
		var e *expr.EvalError
		if !errors.As(err, &e) || e.Code != code || value != nil {
			t.Errorf("%s: got %v, %v; want code %s", src, value, err, code)
		}
	}
	_, err := compile(t, `event.user.email`, expr.Bool, nil).EvalBool(vars(t))
	var e *expr.EvalError
	if !errors.As(err, &e) || e.Code != expr.CodeNotBoolean {
		t.Errorf("a condition that gives text: %v", err)
	}
}

func TestE3_NothingRunsAway(t *testing.T) {
	list := "[" + strings.TrimSuffix(strings.Repeat("1,", 200), ",") + "]"
	big := map[string]any{"input": map[string]any{"text": strings.Repeat("a", 900_000)}}
	cases := map[string]string{
		"nested loops":        fmt.Sprintf("%[1]s.map(a, %[1]s.map(b, %[1]s.map(c, a+b+c)))", list),
		"text that doubles":   `(input.text + input.text).size() > 0`,
		"replace that grows":  `input.text.replace("a", "aaaaaaaaaa").size() > 0`,
		"join that grows":     fmt.Sprintf(`%s.map(a, "x").join(input.text).size() > 0`, list),
		"many regexps":        fmt.Sprintf(`%s.all(a, input.text.matches("(a|aa)*b") || true)`, list),
		"many copies of text": fmt.Sprintf(`%s.all(a, input.text.upperAscii() != "")`, list),
		"huge result":         fmt.Sprintf(`%s.map(a, input.text)`, list),
	}
	for name, src := range cases {
		start := time.Now()
		_, err := compile(t, src, nil, nil).Eval(big)
		var e *expr.EvalError
		if !errors.As(err, &e) || e.Code != expr.CodeTooCostly {
			t.Errorf("%s: %v", name, err)
		}
		if took := time.Since(start); took > 5*time.Second {
			t.Errorf("%s took %v", name, took)
		}
	}
}

func TestEval_ResultsArePlainJSONValues(t *testing.T) {
	src := `{"a": [1, 2.5, "x", true, null], "t": event.user.created_at, "o": event.?gone, "d": duration("90s")}`
	got, err := compile(t, src, nil, schema2()).Eval(vars(t))
	want := map[string]any{
		"a": []any{int64(1), 2.5, "x", true, nil},
		"t": "2026-01-02T03:04:05Z", "o": nil, "d": "90s",
	}
	if err != nil || !reflect.DeepEqual(got, want) {
		t.Fatalf("got %#v, %v", got, err)
	}
}

// schema2 leaves the event open but for one field.
func schema2() *expr.Schema {
	return &expr.Schema{Event: expr.Object(map[string]*expr.Type{
		"gone": expr.Dyn,
		"user": expr.Object(map[string]*expr.Type{"created_at": expr.Timestamp}),
	})}
}

func TestEval_TextFunctions(t *testing.T) {
	cases := map[string]any{
		`" a b ".trim()`:                      "a b",
		`"ÄbC".lowerAscii()`:                  "Äbc",
		`"äbC".upperAscii()`:                  "äBC",
		`["", "a", "b"].join(",")`:            ",a,b",
		`["a", "b"].join()`:                   "ab",
		`"a-b-c".replace("-", "")`:            "abc",
		`"héllo".indexOf("l")`:                int64(2),
		`"héllo".indexOf("z")`:                int64(-1),
		`"héllo".substring(1)`:                "éllo",
		`"héllo".substring(1, 3)`:             "él",
		`"a,b".split(",").map(x, x + "!")`:    []any{"a!", "b!"},
		`"user_" + string(step.limits.count)`: "user_7",
	}
	for src, want := range cases {
		got, err := compile(t, src, nil, schema()).Eval(vars(t))
		if err != nil || !reflect.DeepEqual(got, want) {
			t.Errorf("%s = %#v, %v; want %#v", src, got, err, want)
		}
	}
	if _, err := compile(t, `"abc".substring(2, 9)`, nil, nil).Eval(nil); err == nil {
		t.Error("a substring outside of the text was accepted")
	}
}

func TestEval_VariablesAreLeftAlone(t *testing.T) {
	v, before := vars(t), vars(t)
	compile(t, `event.user.factors + ["x"]`, nil, nil).Eval(v)
	if !reflect.DeepEqual(v, before) {
		t.Fatal("evaluation changed its variables")
	}
}

func TestCompile_IsSafeForConcurrentUse(t *testing.T) {
	s := schema()
	var wg sync.WaitGroup
	for i := range 8 {
		wg.Go(func() {
			for j := range 50 {
				p, issues := expr.Compile(fmt.Sprintf(`step.risk.score > %d`, j%10), expr.Bool, s)
				if len(issues) > 0 {
					t.Errorf("worker %d: %v", i, issues)
					return
				}
				if ok, err := p.EvalBool(map[string]any{"step": map[string]any{"risk": map[string]any{"score": 50.0}}}); !ok || err != nil {
					t.Errorf("worker %d: %v, %v", i, ok, err)
				}
			}
		})
	}
	wg.Wait()
}

func FuzzCompile(f *testing.F) {
	for _, seed := range []string{`event.user.email == "x"`, `has(step.a.b) && step[?"c"].orValue(1) > 2.0`, `[1].map(x, {"a": x})`, "`", `event.user.emial`} {
		f.Add(seed)
	}
	s := schema()
	f.Fuzz(func(t *testing.T, src string) {
		for _, with := range []*expr.Schema{nil, s} {
			p, issues := expr.Compile(src, nil, with)
			if (p == nil) != (len(issues) > 0) {
				t.Fatalf("program %v with issues %v", p, issues)
			}
			for _, issue := range issues {
				if issue.Line < 1 || issue.Column < 1 || issue.Message == "" || issue.Code == "" {
					t.Fatalf("incomplete issue %+v", issue)
				}
			}
			if p != nil {
				p.Eval(vars(t))
			}
		}
		if renamed, changed := expr.RenameStep(src, "risk", "peril"); changed && !strings.Contains(renamed, "peril") {
			t.Fatalf("%q became %q", src, renamed)
		}
	})
}

func BenchmarkEvalBool(b *testing.B) {
	for name, s := range map[string]*expr.Schema{"schema": schema(), "open": nil} {
		p := compile(b, `step.risk.score >= 70 && step.risk.severity == "high" && event.user.email.endsWith("@example.org")`, expr.Bool, s)
		v := vars(b)
		b.Run(name, func(b *testing.B) {
			b.ReportAllocs()
			for b.Loop() {
				if ok, err := p.EvalBool(v); !ok || err != nil {
					b.Fatal(ok, err)
				}
			}
		})
	}
}

func BenchmarkCompile(b *testing.B) {
	s, i := schema(), 0
	for b.Loop() {
		i++
		expr.Compile(fmt.Sprintf(`step.risk.score >= %d && step.risk.severity == "high"`, i), expr.Bool, s)
	}
}

// A check of a whole flow may need one schema for each block.
func BenchmarkFirstUseOfASchema(b *testing.B) {
	for b.Loop() {
		expr.Compile(`step.risk.score >= 70`, expr.Bool, schema())
	}
}
