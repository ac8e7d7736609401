package catalogue_test

import (
	"flag"
	"os"
	"path/filepath"
	"slices"
	"strings"
	"testing"

	"github.com/authflow-studio/authflow/engine/block"
	"github.com/authflow-studio/authflow/engine/block/catalogue"
	"github.com/authflow-studio/authflow/engine/block/reference"
)

var update = flag.Bool("update", false, "write docs/blocks anew")

const pages = "../../../docs/blocks"

// Every block has its page, as its descriptor has it now; no page is left of a
// block that is gone.
func TestEveryBlockHasItsPage(t *testing.T) {
	c := catalogue.All()
	want := map[string]string{"README.md": reference.Index(c)}
	for _, id := range c.IDs() {
		d, _ := c.Descriptor(id)
		want[id+".md"] = reference.Page(d)
	}
	if *update {
		if err := os.RemoveAll(pages); err != nil {
			t.Fatal(err)
		}
		if err := os.MkdirAll(pages, 0o755); err != nil {
			t.Fatal(err)
		}
		for name, text := range want {
			if err := os.WriteFile(filepath.Join(pages, name), []byte(text), 0o644); err != nil {
				t.Fatal(err)
			}
		}
	}
	have, err := filepath.Glob(filepath.Join(pages, "*.md"))
	if err != nil {
		t.Fatal(err)
	}
	for _, name := range have {
		if _, ok := want[filepath.Base(name)]; !ok {
			t.Errorf("%s is the page of no block", name)
		}
	}
	for name, text := range want {
		got, err := os.ReadFile(filepath.Join(pages, name))
		if err != nil || string(got) != text {
			t.Errorf("docs/blocks/%s is not what the descriptor says; write it anew: go test ./engine/block/catalogue -update", name)
		}
	}
}

// What palette, form and docs show must be there for every block.
func TestEveryDescriptorIsWhole(t *testing.T) {
	c := catalogue.All()
	for _, id := range c.IDs() {
		d, _ := c.Descriptor(id)
		if d.Title == "" || d.Summary == "" || d.Help == "" || d.Icon == "" || len(d.Synonyms) == 0 {
			t.Errorf("%s: title, summary, help, icon and synonyms are needed", id)
		}
		if strings.HasSuffix(d.Summary, ".") {
			t.Errorf("%s: the summary is a line in a menu and ends without a full stop", id)
		}
		if !slices.ContainsFunc(block.Families, func(f block.Family) bool { return f.ID == d.Family }) {
			t.Errorf("%s: there is no family %q", id, d.Family)
		}
		if d.Terminal != (len(d.Ports) == 0 && !slices.ContainsFunc(d.Fields, func(f block.Field) bool { return f.PortOf != "" })) {
			t.Errorf("%s: terminal blocks have no ports, and all others have some", id)
		}
		for _, o := range d.Outputs {
			if o.Help == "" {
				t.Errorf("%s: the output %s has no help", id, o.Name)
			}
		}
		for port := range d.Gives {
			if port != "" && !slices.ContainsFunc(d.Ports, func(p block.Port) bool { return p.ID == port }) {
				t.Errorf("%s: gives a fact after the port %q, which it does not have", id, port)
			}
		}
	}
}
