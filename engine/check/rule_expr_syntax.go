package check

import "github.com/authflow-studio/authflow/engine/expr"

var exprSyntax = Rule{
	Code: expr.CodeSyntax, Severity: Error, Group: "expressions",
	Title: "A condition or a text that cannot be read",
	Why:   unevaluable,
	Mend:  "Correct it at the place that is named.",
	flow:  func(x *inspection) { x.expressionsWith(expr.CodeSyntax) },
}

// unevaluable is what all rules of expressions have in common.
const unevaluable = "An expression that cannot be evaluated ends the run denied."
