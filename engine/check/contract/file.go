package contract

import (
	"bytes"
	"fmt"
	"sort"
	"strings"

	"github.com/goccy/go-yaml"

	"github.com/authflow-studio/authflow/engine/flow"
)

// SchemaURL names the published JSON Schema of a contract file.
const SchemaURL = "https://authflow.studio/schema/contract-1.json"

// File is one file below contracts/.
type File struct {
	Path      string     `yaml:"-" json:"path"`
	About     string     `yaml:"about,omitempty" json:"about,omitempty"`
	Contracts []Contract `yaml:"contracts" json:"contracts"`
}

// Contract is one promise. Exactly one of Every, Never, Alike, Within and
// CallsOnly says which.
type Contract struct {
	Name  string `yaml:"name" json:"name"`
	About string `yaml:"about,omitempty" json:"about,omitempty"`
	// On are flows or triggers; empty means every flow that can be started.
	On Words `yaml:"on,omitempty" json:"on,omitempty"`

	// Every path to one of these has passed one of Passed.
	Every  Words `yaml:"every,omitempty" json:"every,omitempty"`
	Passed Words `yaml:"passed,omitempty" json:"passed,omitempty"`
	// Never is a path to one of these.
	Never Words `yaml:"never,omitempty" json:"never,omitempty"`
	// After limits both to what comes after one of these.
	After Words `yaml:"after,omitempty" json:"after,omitempty"`
	// When limits both to where a condition holds, Unless to where it does not;
	// they are asked when the target is reached.
	When   string `yaml:"when,omitempty" json:"when,omitempty"`
	Unless string `yaml:"unless,omitempty" json:"unless,omitempty"`

	// Alike are outcomes that nobody outside can tell apart.
	Alike Words `yaml:"alike,omitempty" json:"alike,omitempty"`
	// Within is what may pass between two pages in the worst case.
	Within flow.Duration `yaml:"within,omitempty" json:"within,omitzero"`
	// CallsOnly are the hosts that may be called.
	CallsOnly Words `yaml:"calls_only,omitempty" json:"calls_only,omitempty"`

	// File and Line say where it stands.
	File string `yaml:"-" json:"file,omitempty"`
	Line int    `yaml:"-" json:"line,omitzero"`
}

// Words is one word or a list of them.
type Words []string

// UnmarshalYAML takes a text for a list of one.
func (w *Words) UnmarshalYAML(decode func(any) error) error {
	var one string
	if decode(&one) == nil {
		*w = Words{one}
		return nil
	}
	var list []string
	if err := decode(&list); err != nil {
		return err
	}
	*w = list
	return nil
}

// MarshalYAML writes a list of one as a text.
func (w Words) MarshalYAML() (any, error) {
	if len(w) == 1 {
		return w[0], nil
	}
	return []string(w), nil
}

// Read reads one file. It refuses what is no contract; whether the names in it
// exist is for Prover.Prove to say, who knows the project.
func Read(name string, text []byte) (File, *flow.FileError) {
	f := File{Path: name}
	if err := flow.DecodeYAML(name, text, &f); err != nil {
		if fe, ok := err.(*flow.FileError); ok {
			return f, fe
		}
		return f, &flow.FileError{Code: "yaml", File: name, Message: err.Error()}
	}
	if len(f.Contracts) == 0 && len(strings.TrimSpace(string(text))) > 0 {
		return f, &flow.FileError{Code: "contract", File: name, Line: 1, Column: 1, Message: "there is no contract in it", Hint: "begin with contracts: and a name"}
	}
	seen := map[string]bool{}
	for i := range f.Contracts {
		c := &f.Contracts[i]
		c.File, c.Line = name, lineOf(text, fmt.Sprintf("$.contracts[%d]", i))
		field, message, hint := c.problem()
		if message == "" && seen[c.Name] {
			field, message, hint = "name", "another contract of this file has the same name", "give each a name of its own"
		}
		if message != "" {
			return f, c.wrong(text, i, field, message, hint)
		}
		seen[c.Name] = true
	}
	return f, nil
}

// wrong points at a field of the i-th contract.
func (c *Contract) wrong(text []byte, i int, field, message, hint string) *flow.FileError {
	line := lineOf(text, fmt.Sprintf("$.contracts[%d].%s", i, field))
	if line == 0 {
		line = max(c.Line, 1)
	}
	return &flow.FileError{Code: "contract", File: c.File, Line: line, Column: 1, Pointer: fmt.Sprintf("/contracts/%d/%s", i, field),
		Message: fmt.Sprintf("%s: %s", c.title(), message), Hint: hint}
}

func (c *Contract) title() string {
	if c.Name == "" {
		return "a contract without a name"
	}
	return fmt.Sprintf("%q", c.Name)
}

// kinds are the promises, by the key that says which it is.
var kinds = []string{"every", "never", "alike", "within", "calls_only"}

// kind answers the key that says which promise it is, "" unless there is one.
func (c *Contract) kind() string {
	var found []string
	for i, there := range []bool{len(c.Every) > 0, len(c.Never) > 0, len(c.Alike) > 0, c.Within != 0, c.CallsOnly != nil} {
		if there {
			found = append(found, kinds[i])
		}
	}
	if len(found) != 1 {
		return ""
	}
	return found[0]
}

func (c *Contract) problem() (field, message, hint string) {
	kind := c.kind()
	path := kind == "every" || kind == "never"
	switch {
	case c.Name == "":
		return "name", "it has no name", "say in name what it promises"
	case kind == "":
		return "name", "it promises nothing, or two things at once", "write one of " + strings.Join(kinds, ", ")
	case kind == "every" && len(c.Passed) == 0:
		return "every", "every path has passed what?", "add passed"
	case kind != "every" && len(c.Passed) > 0:
		return "passed", "passed belongs to every", "write every in place of " + kind
	case !path && (len(c.After) > 0 || c.When != "" || c.Unless != ""):
		return kind, "after, when and unless belong to every and never", "take them away"
	case kind == "alike" && len(c.Alike) < 2:
		return "alike", "one outcome alone is like itself", "name two outcomes, such as find_user:found and find_user:not_found"
	case c.Within < 0:
		return "within", "nothing takes less than no time", "write a length such as 5s"
	}
	return "", "", ""
}

// lineOf answers the line of a place in a YAML document, 0 when it is not there.
func lineOf(text []byte, place string) int {
	p, err := yaml.PathString(place)
	if err != nil {
		return 0
	}
	node, err := p.ReadNode(bytes.NewReader(text))
	if err != nil || node == nil || node.GetToken() == nil || node.GetToken().Position == nil {
		return 0
	}
	return node.GetToken().Position.Line
}

// ReadAll reads the contract files of a project, in the order of their names.
// What cannot be read is reported and left out.
func ReadAll(p *flow.Project) ([]File, []*flow.FileError) {
	var files []File
	var problems []*flow.FileError
	names := make([]string, 0, len(p.Contracts))
	for name := range p.Contracts {
		names = append(names, name)
	}
	sort.Strings(names)
	for _, name := range names {
		if !strings.HasSuffix(name, ".yaml") {
			continue
		}
		f, bad := Read(flow.ContractsDir+"/"+name, []byte(p.Contracts[name]))
		if bad != nil {
			problems = append(problems, bad)
			continue
		}
		files = append(files, f)
	}
	return files, problems
}
