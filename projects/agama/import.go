// Package agama turns flows written for Gluu's and Janssen's Agama engine into a
// project: a .gama archive or a .flow file (authflow import agama).
//
// It owns: what each statement of a flow becomes, what cannot be carried over and
// what to do about it, and reading an archive that believes nothing.
// It delegates: the language to projects/agama/dsl, templates to
// projects/agama/markup, the form of a project to engine/flow.
// The law: nothing is dropped silently, and what cannot be carried over refuses
// until somebody has written it; a session is issued only to somebody who has
// proven who they are to a block of ours.
package agama

import (
	"cmp"
	"fmt"
	"maps"
	"path"
	"slices"
	"strings"

	"github.com/authflow-studio/authflow/projects/agama/dsl"
)

// Options of an import.
type Options struct {
	// Login names the flow that clients run, by its qualified name; empty: the
	// one that no other runs.
	Login string
}

// importer holds what the flows of one source share.
type importer struct {
	src    *source
	meta   meta
	units  []*unit
	byName map[string]*unit
	report *Report

	pages      map[string]*page // by template
	paths      map[string]bool
	overridden map[string][]overrider // by template
	// asked are the keys that other flows read of what a flow answers, by its name.
	asked map[string]map[string]bool
	stubs map[string]*stub
	// actionFiles are the names that are taken below actions/.
	actionFiles map[string]bool
	gaps        bool
	secretNames map[string]bool
}

// overrider is a template that is shown in the place of another.
type overrider struct {
	template, by string
	at           dsl.Pos
}

// Import makes the project of a file in a folder that is new or empty. Nothing
// is written when it fails.
func Import(file, dir string, o Options) (*Report, error) {
	if err := vacant(dir); err != nil {
		return nil, err
	}
	src, err := read(file)
	if err != nil {
		return nil, err
	}
	files, report, err := translate(src, o)
	if err != nil {
		return nil, err
	}
	return report, write(dir, files)
}

// translate answers the files of the project.
func translate(src *source, o Options) (map[string][]byte, *Report, error) {
	imp := &importer{src: src, report: &Report{Flows: []Flow{}, Pages: []string{}, Actions: []string{}, Entries: []Entry{}}, byName: map[string]*unit{}, pages: map[string]*page{}, paths: map[string]bool{},
		overridden: map[string][]overrider{}, asked: map[string]map[string]bool{}, stubs: map[string]*stub{}, actionFiles: map[string]bool{gapFile: true}, secretNames: map[string]bool{}}
	var err error
	if imp.meta, err = readMeta(src); err != nil {
		return nil, nil, err
	}
	if err := imp.parse(); err != nil {
		return nil, nil, err
	}
	if err := imp.choose(o.Login); err != nil {
		return nil, nil, err
	}
	imp.look()
	for _, u := range imp.units {
		imp.build(u)
	}
	for _, u := range imp.units {
		imp.close(u)
		imp.stages(u)
	}
	imp.tellOfFiles()
	files, err := imp.files()
	imp.report.order()
	return files, imp.report, err
}

// parse reads all flows; errors of all of them are told at once.
func (imp *importer) parse() error {
	var errs []error
	for _, name := range slices.Sorted(maps.Keys(imp.src.files)) {
		if path.Ext(name) != ".flow" {
			continue
		}
		text := string(imp.src.files[name])
		tree, wrong := dsl.Parse(name, text)
		for _, e := range wrong {
			errs = append(errs, e)
		}
		if tree == nil {
			continue
		}
		if have := imp.byName[tree.Name]; have != nil {
			return refuse(CodeDouble, name, "take one of them out of the archive", "the flow %s stands in %s, too", tree.Name, have.file)
		}
		u := &unit{file: name, text: strings.Split(text, "\n"), tree: tree, g: newGraph(), inputs: map[string]string{}}
		taken := map[string]bool{}
		for _, in := range tree.Inputs {
			id := snake(in)
			for n := 2; taken[id]; n++ {
				id = fmt.Sprintf("%s_%d", snake(in), n)
			}
			taken[id] = true
			u.inputs[in] = id
		}
		imp.units, imp.byName[tree.Name] = append(imp.units, u), u
	}
	switch {
	case len(errs) > 0:
		r := refuse(CodeSyntax, "", "correct it and import again", "the source cannot be read as Agama")
		r.Errors = errs
		return r
	case len(imp.units) == 0:
		return refuse(CodeNoSource, imp.src.name, "put the .flow files into the folder code/ at the top of the archive", "it holds no flows")
	case len(imp.units) > maxFlows:
		return refuse(CodeTooLarge, imp.src.name, "", "it holds more than %d flows", maxFlows)
	}
	return nil
}

// choose finds the flow that clients run, and gives each flow its name here.
func (imp *importer) choose(wish string) error {
	run := map[string]bool{}
	for _, u := range imp.units {
		visit(u.tree.Body, func(s dsl.Stmt) {
			if t, ok := s.(*dsl.Trigger); ok && t.Flow != u.tree.Name {
				run[t.Flow] = true
			}
		})
	}
	var names, entries []string
	for _, u := range imp.units {
		names = append(names, u.tree.Name)
		if !run[u.tree.Name] && imp.meta.launchable(u.tree.Name) {
			entries = append(entries, u.tree.Name)
		}
	}
	login := wish
	if wish != "" && imp.byName[wish] == nil {
		return refuse(CodeUnknown, "", "take one of "+strings.Join(names, ", "), "there is no flow %s", wish)
	}
	if login == "" && len(entries) > 0 {
		login = slices.MinFunc(entries, func(a, b string) int {
			return cmp.Or(cmp.Compare(unlikely(a), unlikely(b)), cmp.Compare(len(a), len(b)), cmp.Compare(a, b))
		})
	}
	for name, slug := range slugs(names, login, reservedSlugs...) {
		imp.byName[name].slug = slug
	}
	for _, u := range imp.units {
		u.login = u.tree.Name == login
		u.subflowOnly = !u.login && (run[u.tree.Name] || !imp.meta.launchable(u.tree.Name))
		imp.tellOfLaunch(u, run[u.tree.Name], login)
	}
	if login == "" {
		imp.report.add(Entry{Kind: Todo, File: imp.src.name, What: "No flow can be launched: each is run by another or stands in noDirectLaunch. The project has no login flow.", Do: "Import again with --login NAME, or make a login flow in the studio."})
	}
	return nil
}

// reservedSlugs are flows that every imported project gets besides.
var reservedSlugs = []string{"logout", "token_refresh"}

// unlikely is 1 for a flow that is hardly the one that clients run.
func unlikely(name string) int {
	last := strings.ToLower(lastPart(name))
	if last == "main" || strings.Contains(last, "login") || strings.Contains(last, "auth") || strings.Contains(last, "signin") {
		return 0
	}
	return 1
}

func (imp *importer) tellOfLaunch(u *unit, run bool, login string) {
	say := func(kind, do, format string, args ...any) {
		imp.report.add(Entry{Kind: kind, File: u.file, Line: u.tree.Line, Column: u.tree.Column, What: fmt.Sprintf(format, args...), Do: do})
	}
	switch {
	case u.login && run:
		say(Check, "Let the other flows run something else, or import again with another --login.", "%s is the login flow here, and another flow runs it; where a login flow issues a session the whole run ends.", u.tree.Name)
	case u.login:
	case !imp.meta.launchable(u.tree.Name):
	case run:
		say(Check, "Take the mark away in the flow's settings if it must be launched directly.", "%s can be launched directly in Agama. Another flow runs it, so it is marked subflow-only here.", u.tree.Name)
	default:
		say(Check, "If this is the flow that clients run, import again with --login "+u.tree.Name+".", "Clients run %s here (flow login). %s is a flow of its own at /flows/%s; acr_values does not choose flows.", login, u.tree.Name, u.slug)
	}
}

// look finds out which templates are shown in the place of others, and what
// flows read of each other's answers.
func (imp *importer) look() {
	for _, u := range imp.units {
		uses := usageOf(u.tree.Body)
		visit(u.tree.Body, func(s dsl.Stmt) {
			t, ok := s.(*dsl.Trigger)
			if !ok {
				return
			}
			if t.Target != nil && len(t.Target.Path) == 0 {
				if imp.asked[t.Flow] == nil {
					imp.asked[t.Flow] = map[string]bool{}
				}
				maps.Copy(imp.asked[t.Flow], uses.data[t.Target.Name])
			}
			for _, o := range t.Overrides {
				original := path.Clean("/" + o.Template)[1:]
				imp.overridden[original] = append(imp.overridden[original], overrider{overriding(u.tree.Basepath, o), u.file, o.Pos})
			}
		})
	}
}

func (imp *importer) build(u *unit) {
	b := &builder{importer: imp, u: u, g: u.g, vars: env{}, uses: usageOf(u.tree.Body)}
	b.flow()
}

// callee answers the flow that a Trigger names. One that is not in the source
// gets a flow in its place that refuses.
func (imp *importer) callee(s *dsl.Trigger, by string) *unit {
	if u := imp.byName[s.Flow]; u != nil {
		return u
	}
	used := map[string]bool{}
	for _, u := range imp.units {
		used[u.slug] = true
	}
	slug := snake(lastPart(s.Flow))
	for used[slug] || slug == "login" || slices.Contains(reservedSlugs, slug) {
		slug += "_flow"
	}
	u := &unit{file: by, slug: slug, subflowOnly: true, g: newGraph(), inputs: map[string]string{}, tree: &dsl.Flow{Pos: s.Pos, Name: s.Flow}}
	for i := range s.Args {
		name := fmt.Sprintf("arg%d", i+1)
		u.tree.Inputs = append(u.tree.Inputs, name)
		u.inputs[name] = name
	}
	b := &builder{importer: imp, u: u, g: u.g, vars: env{}}
	b.gap(s.Pos, "Import the archive that has it and copy the flow, or draw it.", "The flow %s is not in the source", s.Flow)
	b.end(s.Pos, end{err: lit{"not imported"}})
	imp.units, imp.byName[s.Flow] = append(imp.units, u), u
	return u
}

// anyWith answers a flow that takes so many inputs, for a Trigger whose flow is
// computed: those that may be meant take the same.
func (imp *importer) anyWith(n int) *unit {
	for _, u := range imp.units {
		if len(u.tree.Inputs) == n {
			return u
		}
	}
	return nil
}

func (imp *importer) slugOf() map[string]string {
	out := map[string]string{}
	for name, u := range imp.byName {
		if !u.login {
			out[name] = u.slug
		}
	}
	return out
}

// tellOfFiles says what of the archive was left where it is.
func (imp *importer) tellOfFiles() {
	var code, other []string
	for _, name := range imp.src.left {
		switch {
		case strings.HasPrefix(name, "lib/"):
			code = append(code, name)
		case hidden(name) || name == "README.md" || name == "LICENSE" || strings.HasPrefix(name, "code/"):
		default:
			other = append(other, name)
		}
	}
	if len(code) > 0 {
		imp.report.add(Entry{Kind: Note, File: "lib/", What: fmt.Sprintf("Foreign code was left in the archive (%s).", listed(code)), Do: "Look there for what the Actions in actions/ are to do."})
	}
	if len(other) > 0 {
		imp.report.add(Entry{Kind: Note, File: imp.src.name, What: fmt.Sprintf("Other files were left in the archive (%s).", listed(other))})
	}
	if unshown := imp.unshown(); len(unshown) > 0 {
		imp.report.add(Entry{Kind: Note, File: "web/", What: fmt.Sprintf("No flow of the source shows these templates, so they are no pages here (%s). Macros and parts of them stand in the pages that use them.", listed(unshown))})
	}
	for _, p := range slices.SortedFunc(maps.Values(imp.pages), func(a, b *page) int { return cmp.Compare(a.path, b.path) }) {
		if p.made.Aborts && !imp.isOverriding(p) {
			imp.report.add(Entry{Kind: Check, File: "web/" + p.template, What: "The page has a button that cancels, and takes no other page's place. Cancelling there ends the run.", Do: "Show it in the place of another page (Replaced pages of a Run flow block)."})
		}
	}
}

func (imp *importer) isOverriding(p *page) bool {
	for _, list := range imp.overridden {
		if slices.ContainsFunc(list, func(o overrider) bool { return o.template == p.template }) {
			return true
		}
	}
	return false
}

func listed(names []string) string {
	const most = 6
	if len(names) > most {
		return strings.Join(names[:most], ", ") + fmt.Sprintf(" and %d more", len(names)-most)
	}
	return strings.Join(names, ", ")
}
