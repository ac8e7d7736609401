// Package markup turns FreeMarker templates into the pages of a project, which
// are templates of Go.
//
// It owns: the directives and expressions of FreeMarker as far as pages of flows
// use them, what HTML may hold here (no scripts, nothing from other sites), and
// the fields of forms.
// It delegates: where files come from and which page shows what, to
// projects/agama.
// The law: what cannot be carried over is said with its line and leaves a mark in
// the page; a page never shows more than its source did.
package markup

// Trouble is something that was not carried over as it was.
type Trouble struct {
	Line int
	// Serious things leave a mark in the page, or take away what a person can do.
	Serious  bool
	What, Do string
}

// Field is an input of a form.
type Field struct {
	Name, Type string
	Required   bool
	Pattern    string
	// Button marks a submit button that has a name.
	Button bool
}

// Page is a template that was turned.
type Page struct {
	Text  string
	Title string
	// Fields of the page's forms, in order.
	Fields []Field
	// Uses are the values that the page is given, by name, sorted.
	Uses []string
	// Aborts says that it has a button that cancels the flow.
	Aborts  bool
	Trouble []Trouble
}

// Files gives access to what stands beside a template.
type Files interface {
	// Template answers the text of another template by a path that is relative to
	// the one that names it.
	Template(from, name string) (path, text string, ok bool)
	// Asset answers a file that a page shows.
	Asset(from, name string) ([]byte, bool)
}
