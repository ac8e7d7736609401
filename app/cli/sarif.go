package cli

import (
	"fmt"
	"strings"

	"github.com/owenrumney/go-sarif/v3/pkg/report/v210/sarif"

	"github.com/authflow-studio/authflow/engine/check"
	"github.com/authflow-studio/authflow/engine/check/contract"
)

// This file writes what was found as SARIF 2.1.0, which code hosts show beside the
// lines of a change.

// rulesURI is where the rules are described, each on a page of its own.
const rulesURI = "https://github.com/authflow-studio/authflow/blob/main/docs/checks/"

var sarifLevels = map[check.Severity]string{check.Error: "error", check.Warning: "warning", check.Info: "note"}

// printSARIF writes problems, and contracts that are not proved.
func (e *env) printSARIF(j judged) error {
	run := sarif.NewRunWithInformationURI("authflow", "https://github.com/authflow-studio/authflow")
	run.Tool.Driver.WithVersion(Version)
	for _, r := range check.Rules {
		run.AddRule(r.Code).WithShortDescription(sarif.NewMultiformatMessageString().WithText(r.Title)).WithDescription(r.Title + ". " + r.Why + " " + r.Mend).
			WithHelpURI(rulesURI + r.Code + ".md").WithProperties(tagged(r.Group)).
			WithDefaultConfiguration(sarif.NewReportingConfiguration().WithLevel(sarifLevels[r.Severity]))
	}
	for _, p := range j.problems {
		result(run, p.Code, sarifLevels[p.Severity], p.Message+" "+p.Why, p.File, p.Line, p.Column, strings.Trim(p.Flow+"."+p.Block, "."))
	}
	for _, s := range j.suppressed {
		result(run, s.Code, sarifLevels[s.Severity], s.Message+" "+s.Why, s.File, s.Line, s.Column, strings.Trim(s.Flow+"."+s.Block, ".")).
			AddSuppression(sarif.NewSuppression().WithKind("external").WithStatus("accepted").WithJustification(s.Reason))
	}
	for _, r := range j.contracts {
		if r.Verdict == contract.Proved {
			continue
		}
		level, text := "warning", fmt.Sprintf("The contract %q is %s: %s", r.Name, r.Verdict, r.Reason)
		if r.Verdict == contract.Refuted {
			level, text = "error", fmt.Sprintf("The contract %q is refuted by: %s", r.Name, pathWords(r.Path))
		}
		result(run, "contract_"+string(r.Verdict), level, text, r.File, r.Line, 1, r.Flow)
	}
	report := sarif.NewReport()
	report.AddRun(run)
	return report.PrettyWrite(e.out)
}

func tagged(group string) *sarif.PropertyBag {
	p := sarif.NewPropertyBag()
	p.Add("tags", []string{group})
	return p
}

func result(run *sarif.Run, code, level, text, file string, line, column int, place string) *sarif.Result {
	run.AddRule(code)
	at := sarif.NewLocation()
	if file != "" {
		region := sarif.NewRegion().WithStartLine(max(line, 1))
		if column > 0 {
			region.WithStartColumn(column)
		}
		at.WithPhysicalLocation(sarif.NewPhysicalLocation().WithArtifactLocation(sarif.NewSimpleArtifactLocation(file)).WithRegion(region))
	}
	if place != "" {
		at.AddLogicalLocation(sarif.NewLogicalLocation().WithFullyQualifiedName(place).WithKind("member"))
	}
	found := sarif.NewRuleResult(code).WithLevel(level).WithMessage(sarif.NewTextMessage(strings.TrimSpace(text))).AddLocation(at)
	run.AddResult(found)
	return found
}

func pathWords(path []contract.Step) string {
	var steps []string
	for _, s := range path {
		steps = append(steps, s.String())
	}
	return strings.Join(steps, " → ")
}
