package projects

import (
	"embed"
	"fmt"
	"io/fs"
	"path"
	"strings"

	"github.com/authflow-studio/authflow/engine/flow"
	"github.com/authflow-studio/authflow/engine/script"
)

//go:embed readymade
var readymade embed.FS

// Kinds of what is ready-made. Nothing survives an Action's call (rule A7), so
// what must count is a small flow around the block that counts.
const (
	ReadyAction = "action"
	ReadyFlow   = "flow"
)

// Ready is an Action or a small flow that a project can take over as it is; it
// is the project's own from then on.
type Ready struct {
	Name    string                `json:"name"`
	Kind    string                `json:"kind"`
	Title   string                `json:"title"`
	Summary string                `json:"summary"`
	Config  []script.HeaderConfig `json:"config,omitempty"`
	Ports   []script.HeaderPort   `json:"ports,omitempty"`
	Outputs []script.HeaderOutput `json:"outputs,omitempty"`
}

// ReadyMade lists them by name.
func ReadyMade() ([]Ready, error) {
	entries, err := fs.ReadDir(readymade, "readymade")
	if err != nil {
		return nil, fmt.Errorf("projects: %w", err)
	}
	var out []Ready
	for _, e := range entries {
		if strings.Contains(e.Name(), ".layout.") {
			continue
		}
		r, err := readReady(e.Name())
		if err != nil {
			return nil, fmt.Errorf("projects: the ready-made %s: %w", e.Name(), err)
		}
		out = append(out, r)
	}
	return out, nil
}

func readReady(file string) (Ready, error) {
	text, err := fs.ReadFile(readymade, "readymade/"+file)
	if err != nil {
		return Ready{}, err
	}
	name, isFlow := strings.CutSuffix(file, ".json")
	if isFlow {
		f, err := flow.Decode(file, text)
		if err != nil {
			return Ready{}, err
		}
		return Ready{Name: name, Kind: ReadyFlow, Title: f.Name, Summary: f.Description}, nil
	}
	h, issues := script.ReadHeader(string(text))
	if len(issues) > 0 {
		return Ready{}, fmt.Errorf("line %d: %s", issues[0].Line, issues[0].Message)
	}
	return Ready{Name: strings.TrimSuffix(file, path.Ext(file)), Kind: ReadyAction, Title: h.Title, Summary: h.Summary, Config: h.Config, Ports: h.Ports, Outputs: h.Outputs}, nil
}

// AddReady takes a ready-made Action or flow into the project under a name, its
// own when empty, and answers the file that was made.
func (p *Project) AddReady(ready, name string) (string, error) {
	if name == "" {
		name = ready
	}
	if text, err := fs.ReadFile(readymade, "readymade/"+ready+".ts"); err == nil && flow.ValidSlug(ready) {
		file := flow.ActionsDir + "/" + strings.TrimSuffix(name, ".ts") + ".ts"
		_, err := p.CreateFile(file, string(text))
		return file, err
	}
	text, err := fs.ReadFile(readymade, "readymade/"+ready+".json")
	if err != nil || !flow.ValidSlug(ready) {
		return "", fmt.Errorf("projects: there is nothing ready-made called %q; authflow actions new --list shows what there is", ready)
	}
	return p.addReadyFlow(ready, name, text)
}

func (p *Project) addReadyFlow(ready, slug string, text []byte) (string, error) {
	f, err := flow.Decode(ready, text)
	if err != nil {
		return "", err
	}
	places, err := fs.ReadFile(readymade, "readymade/"+ready+".layout.json")
	if err != nil {
		return "", fmt.Errorf("projects: %w", err)
	}
	l, err := flow.DecodeLayout(ready, places)
	if err != nil {
		return "", err
	}
	if !flow.ValidSlug(slug) {
		return "", fmt.Errorf("projects: %q cannot name a flow: use lower case letters, digits, - and _, beginning with a letter", slug)
	}
	if _, err := p.root.Stat(flow.FlowPath(slug)); err == nil {
		return "", fmt.Errorf("%w: %s", ErrExists, flow.FlowPath(slug))
	}
	_, err = p.writeFlow(slug, f, l)
	return flow.FlowPath(slug), err
}
