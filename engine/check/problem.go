package check

import "sort"

// This file is what a finding says.

// Severity of a problem.
type Severity string

// Severities. An error keeps a project from being exported.
const (
	Error   Severity = "error"
	Warning Severity = "warning"
	Info    Severity = "info"
)

// Problem is one finding.
type Problem struct {
	Code     string   `json:"code"`
	Severity Severity `json:"severity"`
	Flow     string   `json:"flow,omitempty"`
	Block    string   `json:"block,omitempty"`
	// Field is a path in the block's config: rows.0.when.
	Field   string `json:"field,omitempty"`
	File    string `json:"file,omitempty"`
	Line    int    `json:"line,omitempty"`
	Column  int    `json:"column,omitempty"`
	Message string `json:"message"`
	Why     string `json:"why"`
	Fix     *Fix   `json:"fix,omitempty"`
}

// Fix is a safe way out, as edits of the flow document.
type Fix struct {
	Title string `json:"title"`
	Edit  []Edit `json:"edit"`
}

// Edit is one change of a flow document.
type Edit struct {
	Op    string `json:"op"` // set_config, connect, disconnect, set_stage, delete_block
	Block string `json:"block"`
	Field string `json:"field,omitempty"`
	Value any    `json:"value,omitempty"`
	Port  string `json:"port,omitempty"`
	To    string `json:"to,omitempty"`
	Stage string `json:"stage,omitempty"`
}

// HasErrors reports whether something must be mended before an export.
func HasErrors(ps []Problem) bool {
	for _, p := range ps {
		if p.Severity == Error {
			return true
		}
	}
	return false
}

var rank = map[Severity]int{Error: 0, Warning: 1, Info: 2}

// order puts the worst first, and after that what stands together together.
func order(ps []Problem) {
	sort.SliceStable(ps, func(i, j int) bool {
		a, b := ps[i], ps[j]
		switch {
		case rank[a.Severity] != rank[b.Severity]:
			return rank[a.Severity] < rank[b.Severity]
		case a.Flow != b.Flow:
			return a.Flow < b.Flow
		case a.Block != b.Block:
			return a.Block < b.Block
		}
		return a.Code < b.Code
	})
}

func sortedKeys[V any](m map[string]V) []string {
	if len(m) == 0 {
		return nil
	}
	keys := make([]string, 0, len(m))
	for k := range m {
		keys = append(keys, k)
	}
	sort.Strings(keys)
	return keys
}
