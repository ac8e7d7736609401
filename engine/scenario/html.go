package scenario

import (
	_ "embed"
	"html/template"
	"io"
)

//go:embed report.html
var reportHTML string

var reportPage = template.Must(template.New("report").Funcs(template.FuncMap{
	"percent": func(s Share) int { return int(s.Percent()) },
	"ms":      func(r Result) int64 { return r.Took.Milliseconds() },
}).Parse(reportHTML))

// WriteHTML writes results and coverage as one page that needs nothing else.
func WriteHTML(w io.Writer, project string, r Report, c Coverage) error {
	return reportPage.Execute(w, map[string]any{"Project": project, "Report": r, "Coverage": c, "Seconds": r.Took.Seconds()})
}
