package expr_test

import (
	"fmt"
	"strings"
	"testing"

	"github.com/authflow-studio/authflow/engine/expr"
)

// written is a tree in one line.
func written(l *expr.Logic) string {
	switch l.Kind {
	case expr.LogicIs:
		return fmt.Sprintf("%s %s %v", l.Term, l.Op, l.Value)
	case expr.LogicConst:
		return fmt.Sprint(l.Value)
	case expr.LogicHas, expr.LogicTruth:
		return fmt.Sprintf("%s(%s)", l.Kind, l.Term)
	}
	var args []string
	for _, a := range l.Args {
		args = append(args, written(a))
	}
	return fmt.Sprintf("%s[%s]", l.Kind, strings.Join(args, ", "))
}

func TestAConditionIsTakenApart(t *testing.T) {
	for src, want := range map[string]string{
		"step.a.known":                    "truth(step.a.known)",
		"!step.a.known && step.b.n > -3":  "and[not[truth(step.a.known)], step.b.n > -3]",
		"70 <= step.risk.score":           "step.risk.score >= 70",
		"step['risk'].score == 80.5":      "step.risk.score == 80.5",
		"has(step.a.b) ? event.x : false": "if[has(step.a.b), truth(event.x), false]",
		"event.c in ['DE', 'FR']":         "or[event.c == DE, event.c == FR]",
		"size(event.user.factors) > 0":    "size(event.user.factors) > 0",
		"event.user.factors.size() > 0":   "size(event.user.factors) > 0",
		"event.user.id == input.user_id":  "truth(event.user.id == input.user_id)",
		"event.mail.endsWith('x')":        `truth(event.mail.endsWith("x"))`,
		"step.a.name < 'm'":               `truth(step.a.name < "m")`,
	} {
		l, issues := expr.LogicOf(src)
		if len(issues) > 0 {
			t.Fatal(src, issues)
		}
		if got := written(l); got != want {
			t.Errorf("%s: %s, want %s", src, got, want)
		}
	}
	if _, issues := expr.LogicOf("step.a &&"); len(issues) == 0 {
		t.Error("half a condition was taken apart")
	}
}

func TestATermKnowsWhatItReads(t *testing.T) {
	l, _ := expr.LogicOf("event.user.factors.size() > 0")
	if !l.Size || strings.Join(l.Path, ".") != "event.user.factors" {
		t.Errorf("%+v", l)
	}
	l, _ = expr.LogicOf("event.user.id == input.user_id")
	if len(l.Reads) != 2 {
		t.Errorf("%+v", l.Reads)
	}
}
