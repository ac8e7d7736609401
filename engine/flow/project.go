package flow

import (
	"crypto/sha256"
	"encoding/hex"
	"errors"
	"fmt"
	"io/fs"
	"path"
	"sort"
	"strings"
)

// Names of the files and folders of a project.
const (
	SettingsFile = "authflow.json"
	ClientsFile  = "clients.yaml"
	WorldFile    = "world.yaml"
	FlowsDir     = "flows"
	ActionsDir   = "actions"
	PagesDir     = "pages"
	LabelsDir    = "labels"
	ListsDir     = "lists"
	ContractsDir = "contracts"
	SmokeDir     = "smoke"

	layoutSuffix = ".layout.json"
)

// Project is what the engine runs: the parsed content of a project folder or
// of a bundle. It does not change after Load.
type Project struct {
	Settings Settings
	Flows    map[string]*Flow             // by slug
	Actions  map[string]string            // by path below actions/
	Pages    map[string]string            // by path below pages/
	Labels   map[string]map[string]string // by locale, then by key
	Lists    map[string]string            // by path below lists/
	// Contracts are no part of a run; they go with the flows that they are
	// about, so that whoever loads these can prove them again.
	Contracts map[string]string // by path below contracts/
	// Smoke are scenarios that go along, so that whoever loads the flows can try
	// them before anybody signs in.
	Smoke   map[string]string // by path below smoke/
	Clients []Client
	// Digest covers every file that the engine runs; positions are not among
	// them.
	Digest string
	// Files are the bytes behind it, by path: what pins a run to the version
	// it began with (rule X8).
	Files map[string][]byte
}

// Runs reports whether the engine needs the file: what is for the drawing
// board, the harness or the tests alone is neither run nor exported.
func Runs(p string) bool {
	switch {
	case p == SettingsFile, p == ClientsFile:
		return true
	case strings.HasPrefix(p, FlowsDir+"/"):
		return strings.HasSuffix(p, ".json") && !strings.HasSuffix(p, layoutSuffix)
	}
	for _, dir := range []string{ActionsDir, PagesDir, LabelsDir, ListsDir, ContractsDir, SmokeDir} {
		if strings.HasPrefix(p, dir+"/") {
			return true
		}
	}
	return false
}

// FlowPath and LayoutPath answer where a flow and its positions stand.
func FlowPath(slug string) string { return FlowsDir + "/" + slug + ".json" }

// LayoutPath answers where the positions of a flow stand.
func LayoutPath(slug string) string { return FlowsDir + "/" + slug + layoutSuffix }

// Load reads a project. What cannot be read is left out and reported, so that
// one broken file does not hide the others; a caller that must have all of it
// treats any error as fatal.
func Load(fsys fs.FS) (*Project, []*FileError) {
	files, problems := readAll(fsys)
	p, more := Parse(files)
	return p, append(problems, more...)
}

func readAll(fsys fs.FS) (map[string][]byte, []*FileError) {
	files := map[string][]byte{}
	var problems []*FileError
	fail := func(name string, err error) {
		problems = append(problems, &FileError{Code: "unreadable", File: name, Message: "cannot be read: " + err.Error(), Hint: "check that it exists and may be read"})
	}
	err := fs.WalkDir(fsys, ".", func(name string, d fs.DirEntry, err error) error {
		if err != nil {
			if name == "." {
				return err
			}
			fail(name, err)
			return nil
		}
		if base := path.Base(name); name != "." && (strings.HasPrefix(base, ".") || base == "node_modules") {
			if d.IsDir() {
				return fs.SkipDir
			}
			return nil
		}
		if !d.Type().IsRegular() || !Runs(name) {
			return nil
		}
		if info, err := d.Info(); err == nil && info.Size() > MaxFileSize {
			problems = append(problems, &FileError{Code: "too_large", File: name, Message: fmt.Sprintf("the file has %d bytes, more than the %d that are read", info.Size(), MaxFileSize)})
			return nil
		}
		data, err := fs.ReadFile(fsys, name)
		if err != nil {
			fail(name, err)
			return nil
		}
		files[name] = data
		return nil
	})
	if err != nil {
		fail(".", err)
	}
	return files, problems
}

// Parse makes a project of its files.
func Parse(files map[string][]byte) (*Project, []*FileError) {
	p := &Project{Flows: map[string]*Flow{}, Actions: map[string]string{}, Pages: map[string]string{},
		Labels: map[string]map[string]string{}, Lists: map[string]string{}, Contracts: map[string]string{}, Smoke: map[string]string{}, Files: files}
	l := &loader{p: p}
	if _, ok := files[SettingsFile]; !ok {
		l.fail(&FileError{Code: "no_project", File: SettingsFile, Message: "there is no " + SettingsFile + ", so this is no Authflow project", Hint: "make one with: authflow new DIR"})
	}
	for _, name := range p.sorted() {
		l.add(name, files[name])
	}
	p.Digest = digestFiles(files)
	return p, l.problems
}

func (p *Project) sorted() []string {
	names := make([]string, 0, len(p.Files))
	for n := range p.Files {
		names = append(names, n)
	}
	sort.Strings(names)
	return names
}

type loader struct {
	p        *Project
	problems []*FileError
}

func (l *loader) fail(err error) {
	var fe *FileError
	if !errors.As(err, &fe) {
		fe = &FileError{Code: "unreadable", Message: err.Error()}
	}
	l.problems = append(l.problems, fe)
}

func (l *loader) add(name string, data []byte) {
	dir, rest, _ := strings.Cut(name, "/")
	var err error
	switch {
	case name == SettingsFile:
		l.p.Settings, err = DecodeSettings(name, data)
	case name == ClientsFile:
		l.p.Clients, err = DecodeClients(name, data)
	case dir == FlowsDir:
		err = l.addFlow(name, strings.TrimSuffix(rest, ".json"), data)
	case dir == ActionsDir:
		l.p.Actions[rest] = string(data)
	case dir == PagesDir:
		l.p.Pages[rest] = string(data)
	case dir == ListsDir:
		l.p.Lists[rest] = string(data)
	case dir == ContractsDir:
		l.p.Contracts[rest] = string(data)
	case dir == SmokeDir:
		l.p.Smoke[rest] = string(data)
	case dir == LabelsDir && strings.HasSuffix(rest, ".json"):
		labels := map[string]string{}
		if err = decodeStrict(name, data, &labels); err == nil {
			l.p.Labels[strings.TrimSuffix(rest, ".json")] = labels
		}
	}
	if err != nil {
		l.fail(err)
	}
}

func (l *loader) addFlow(name, slug string, data []byte) error {
	if !ValidSlug(slug) {
		return &FileError{Code: "bad_name", File: name, Message: fmt.Sprintf("%q cannot name a flow", slug), Hint: "use lower case letters, digits, - and _, beginning with a letter"}
	}
	f, err := Decode(name, data)
	if err != nil {
		return err
	}
	l.p.Flows[slug] = f
	return nil
}

func digestFiles(files map[string][]byte) string {
	names := make([]string, 0, len(files))
	for n := range files {
		names = append(names, n)
	}
	sort.Strings(names)
	h := sha256.New()
	for _, n := range names {
		sum := sha256.Sum256(files[n])
		fmt.Fprintf(h, "%s %d %s\n", n, len(files[n]), hex.EncodeToString(sum[:]))
	}
	return hex.EncodeToString(h.Sum(nil))
}

// FlowByTrigger answers the slug of the enabled flow that a trigger starts: the
// flow named after the trigger, or the first by slug that can be launched.
func (p *Project) FlowByTrigger(trigger string) (string, bool) {
	if f, ok := p.Flows[trigger]; ok && f.Trigger == trigger && f.Startable() {
		return trigger, true
	}
	found := ""
	for slug, f := range p.Flows {
		if f.Trigger == trigger && f.Startable() && (found == "" || slug < found) {
			found = slug
		}
	}
	return found, found != ""
}
