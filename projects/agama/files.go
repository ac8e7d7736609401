package agama

// This file makes the files of the project.

import (
	"bytes"
	"cmp"
	"fmt"
	"io/fs"
	"maps"
	"slices"
	"strings"

	"github.com/authflow-studio/authflow/engine/flow"
	"github.com/authflow-studio/authflow/engine/flow/draw"
	"github.com/authflow-studio/authflow/projects"
)

// beside are files of the starter that an imported project needs as well: who is
// there to sign in, with which client, and the flows that Agama leaves to its
// server.
var beside = []string{".gitignore", flow.ClientsFile, flow.WorldFile, "flows/logout.json", "flows/logout.layout.json", "flows/token_refresh.json", "flows/token_refresh.layout.json"}

func (imp *importer) files() (map[string][]byte, error) {
	files := map[string][]byte{}
	starter, err := projects.TemplateFS(projects.DefaultTemplate)
	if err != nil {
		return nil, err
	}
	for _, name := range beside {
		data, err := fs.ReadFile(starter, name)
		if err != nil {
			return nil, fmt.Errorf("agama: the starter: %w", err)
		}
		files[name] = data
	}
	imp.settle(files)
	imp.addActions(files)
	labels := imp.labels()
	imp.missingLabels(labels)
	for locale, texts := range labels {
		if files["labels/"+locale+".json"], err = flow.Encode(texts); err != nil {
			return nil, fmt.Errorf("agama: labels: %w", err)
		}
	}
	flows := map[*unit]*flow.Flow{}
	for _, u := range imp.units {
		flows[u] = imp.flowOf(u)
	}
	for _, p := range imp.pages {
		files["pages/"+p.path] = []byte(p.made.Text)
		imp.report.Pages = append(imp.report.Pages, p.path)
	}
	slices.Sort(imp.report.Pages)
	if files[flow.SettingsFile], err = flow.Encode(imp.settings()); err != nil {
		return nil, fmt.Errorf("agama: settings: %w", err)
	}
	running := maps.Clone(files)
	maps.DeleteFunc(running, func(name string, _ []byte) bool { return !flow.Runs(name) })
	project, unreadable := flow.Parse(running)
	if len(unreadable) > 0 {
		return nil, fmt.Errorf("agama: %w", unreadable[0])
	}
	for u, f := range flows {
		if files[flow.FlowPath(u.slug)], err = flow.Encode(f); err != nil {
			return nil, fmt.Errorf("agama: %s: %w", u.slug, err)
		}
		if files[flow.LayoutPath(u.slug)], err = flow.Encode(draw.Arrange(f, projects.DescribeFor(project))); err != nil {
			return nil, fmt.Errorf("agama: %s: %w", u.slug, err)
		}
		imp.report.Flows = append(imp.report.Flows, Flow{Name: u.tree.Name, Slug: u.slug, File: u.file, Trigger: f.Trigger, SubflowOnly: f.SubflowOnly, Blocks: len(f.Blocks)})
	}
	slices.SortFunc(imp.report.Flows, func(a, b Flow) int { return cmp.Compare(a.Slug, b.Slug) })
	imp.report.order()
	files[TodoFile] = imp.report.Markdown(imp.src.name)
	return files, nil
}

func (imp *importer) flowOf(u *unit) *flow.Flow {
	for _, n := range u.g.nodes {
		if n.page == nil {
			continue
		}
		if rows := imp.fields(n.page); len(rows) > 0 {
			n.config["fields"] = rows
		}
	}
	f := &flow.Flow{Schema: flow.SchemaURL, Format: flow.Format, Name: u.tree.Name, Description: "Imported from Agama: " + u.file + ".", Trigger: flow.Custom, Enabled: true, SubflowOnly: u.subflowOnly,
		Timeout: u.tree.Timeout, Stages: []string{"main"}, Inputs: map[string]flow.Input{}}
	if u.login {
		f.Trigger, f.Stages = "login", nil
		f.Unlocked = unlocked(u)
	}
	for _, in := range u.tree.Inputs {
		f.Inputs[u.inputs[in]] = flow.Input{Type: "any", Description: "In Agama: " + in}
	}
	if u.g.start != nil {
		f.Start = u.g.start.id
	}
	f.Blocks = u.g.blocks()
	return f
}

func (imp *importer) settings() flow.Settings {
	name := imp.meta.Name
	if name == "" {
		name = strings.TrimSuffix(strings.TrimSuffix(imp.src.name, ".gama"), ".flow")
	}
	imp.report.Project = name
	s := flow.Settings{Format: flow.Format, Name: name, Version: "0.1.0", Description: cmp.Or(imp.meta.Description, "Imported from Agama: "+imp.src.name+"."), DefaultLocale: flow.DefaultLocale, Harness: &flow.Harness{FastHashing: true}}
	for _, secret := range slices.Sorted(maps.Keys(imp.secretNames)) {
		s.Secrets = append(s.Secrets, flow.Secret{Name: secret, Purpose: "Was in the configuration of an Agama flow."})
	}
	return s
}

// settle makes the files of the starter fit: the harness needs a value for each
// secret, and the token refresh knows no department.
func (imp *importer) settle(files map[string][]byte) {
	if len(imp.secretNames) == 0 {
		return
	}
	var b bytes.Buffer
	b.Write(files[flow.WorldFile])
	b.WriteString("# Values for this machine only; the server supplies its own.\nsecrets:\n")
	for _, name := range slices.Sorted(maps.Keys(imp.secretNames)) {
		fmt.Fprintf(&b, "  %s: write the value here\n", name)
	}
	files[flow.WorldFile] = b.Bytes()
}

func (imp *importer) addActions(files map[string][]byte) {
	for _, key := range slices.Sorted(maps.Keys(imp.stubs)) {
		s := imp.stubs[key]
		files["actions/"+s.file] = []byte(s.source())
		imp.report.Actions = append(imp.report.Actions, s.file)
	}
	if imp.gaps {
		files["actions/"+gapFile] = []byte(gapSource)
		imp.report.Actions = append(imp.report.Actions, gapFile)
	}
	slices.Sort(imp.report.Actions)
}
