// Package engine_test holds the laws of the house as tests: which room may
// import which, what may not be called outside the world, how long a file may
// be, what a package may not be called.
//
// It owns: the laws and the table of rooms.
// It delegates: reading the tree to lawtree_test.go.
// The law: each law has been seen failing on a made-up tree
// (lawsfail_test.go), and its message says why and what to do instead.
package engine_test

import (
	"cmp"
	"fmt"
	"go/ast"
	"os"
	"path"
	"slices"
	"strings"
	"testing"
)

const module = "github.com/authflow-studio/authflow"

// floors are the rooms from the ground up. A package belongs to the room with
// the longest matching path; it may import rooms of lower floors only.
var floors = [][]string{
	{"engine/flow", "engine/jwk"},
	{"engine/world", "engine/store"},
	{"engine/directory", "engine/session", "engine/audit", "engine/risk"},
	{"engine/script", "engine/expr"},
	{"engine/block"},
	{"engine/run"},
	{"engine/idp", "engine/web"},
	{"engine/bundle", "engine/check"},
	{"engine/scenario", "engine/debug"},
	{"engine/server"},
	{"projects"},
	{"frontend"},
	{"app/studio"},
	{"app/browser", "app/desktop"},
	{"app/cli"},
	{"build"},
	{"."},
}

// arrows are the imports that the floors alone would forbid: within a room, or
// to a neighbour, where the arrow is plainly downward in meaning. A family of
// "dir/*" stands for every package right below dir.
var arrows = []struct{ from, to, why string }{
	{"engine/store/bolt", "engine/world", "expiry is counted on the world's clock"},
	{"engine/store/postgres", "engine/world", "expiry is counted on the world's clock"},
	{"engine/store/storetest", "engine/world", "the suite moves the world's clock"},
	{"engine/session", "engine/audit", "who keeps sessions records their begin and end, so that none is forgotten"},
	{"engine/block/catalogue", "engine/block/*", "the catalogue gathers the families"},
	{"engine/block/reference", "engine/block", "a page is written from a descriptor"},
	{"engine/debug/dap", "engine/debug", "the protocol shows the debugger to editors"},
	{"engine/scenario", "engine/scenario/agent", "scenarios drive the agent"},
	{"engine/server", "engine/server/*", "the wiring is split into parts"},
	{"projects/agama", "projects/agama/*", "the import is split into what it reads"},
}

// sealed packages import nothing of ours at all.
var sealed = map[string]string{
	"engine/scenario/agent": "the user agent knows flows only as any browser does: over HTTP",
	"frontend":              "the front end knows the methods and events of app, and those are no Go imports",
}

// kept names the one place behind which a library stays, so that it can be
// replaced there.
var kept = []struct{ library, room string }{
	{"github.com/wailsapp/wails", "app/desktop"},
	{"github.com/dop251/goja", "engine/script"},
	{"cel.dev/cel-go", "engine/expr"},
	{"go.etcd.io/bbolt", "engine/store/bolt"},
	{"github.com/jackc/pgx", "engine/store/postgres"},
	{"github.com/golang-jwt/jwt", "engine"},
	{"github.com/spf13/cobra", "app/cli"},
	{"github.com/fsnotify/fsnotify", "projects"},
	{"github.com/google/go-dap", "engine/debug/dap"},
}

// bans are calls that reach past the world. The one place where they may stand
// is engine/world; tests may call them.
var bans = []struct{ pkg, name, instead string }{
	{"time", "Now", "take the time from the world.Clock that you were given: a run must be replayable and the harness must be able to jump"},
	{"time", "Since", "it reads the machine's clock: subtract from world.Clock's Now"},
	{"time", "Until", "it reads the machine's clock: subtract world.Clock's Now"},
	{"crypto/rand", "*", "take randomness from the world.Random that you were given: a run must be replayable"},
	{"net/http", "DefaultClient", "send through the world's HTTP: it has limits, it is recorded, and the harness answers with stubs"},
	{"net/http", "DefaultTransport", "send through the world's HTTP: it has limits, it is recorded, and the harness answers with stubs"},
	{"net/http", "Get", "send through the world's HTTP: it has limits, it is recorded, and the harness answers with stubs"},
	{"net/http", "Head", "send through the world's HTTP: it has limits, it is recorded, and the harness answers with stubs"},
	{"net/http", "Post", "send through the world's HTTP: it has limits, it is recorded, and the harness answers with stubs"},
	{"net/http", "PostForm", "send through the world's HTTP: it has limits, it is recorded, and the harness answers with stubs"},
}

// seeded is what may be used of math/rand: generators whose seed was given.
// Everything else of it draws from a seed that no world gave.
var seeded = []string{"New", "NewChaCha8", "NewPCG", "NewZipf", "Rand", "Source", "ChaCha8", "PCG", "Zipf"}

// maxLines is the length past which a file holds more than one duty.
const maxLines = 500

// vague names say nothing about what a package owns.
var vague = []string{"util", "utils", "common", "helper", "helpers", "misc", "shared"}

func TestLaw_RoomsImportOnlyTheRoomsBelow(t *testing.T) { obeyed(t, importLaw) }
func TestLaw_LibrariesStayBehindOneRoom(t *testing.T)   { obeyed(t, libraryLaw) }
func TestLaw_EffectsGoThroughTheWorld(t *testing.T)     { obeyed(t, effectLaw) }
func TestLaw_FilesHoldOneDuty(t *testing.T)             { obeyed(t, lengthLaw) }
func TestLaw_PackagesAreNamedAfterWhatTheyOwn(t *testing.T) {
	obeyed(t, nameLaw)
}

func obeyed(t *testing.T, law func(tree) []string) {
	t.Helper()
	house, err := readTree(os.DirFS(".."))
	if err != nil {
		t.Fatal(err)
	}
	for _, broken := range law(house) {
		t.Error(broken)
	}
}

// importLaw reads what each package imports of ours.
func importLaw(house tree) []string {
	var broken []string
	for _, f := range house.code() {
		from := path.Dir(f.path)
		if _, _, ok := roomOf(from); !ok {
			broken = append(broken, fmt.Sprintf("%s: package %s has no room: give it a floor in engine/laws_test.go", f.path, from))
			continue
		}
		for _, imported := range f.imports {
			to, ours := strings.CutPrefix(imported, module)
			if !ours {
				continue
			}
			to = cmp.Or(strings.TrimPrefix(to, "/"), ".")
			if why := forbidden(from, to); why != "" {
				broken = append(broken, fmt.Sprintf("%s: imports %s: %s", f.path, to, why))
			}
		}
	}
	return broken
}

// forbidden answers why from may not import to, or nothing.
func forbidden(from, to string) string {
	if why := sealed[from]; why != "" {
		return "it may import nothing of ours: " + why
	}
	for _, a := range arrows {
		if from == a.from && (to == a.to || path.Dir(to) == strings.TrimSuffix(a.to, "/*")) {
			return ""
		}
	}
	room, height, _ := roomOf(from)
	other, below, known := roomOf(to)
	switch {
	case !known:
		return "it has no room: give it a floor in engine/laws_test.go"
	case room == other && to == room:
		return "" // a part of a room may use what the whole room shares
	case room == other:
		return "the parts of a room do not import each other: move what both need into " + room
	case below >= height:
		return "a room imports only the rooms below it: let " + to + " be given what it needs, or take a small interface here"
	}
	return ""
}

// roomOf answers the room of a package and its floor.
func roomOf(pkg string) (room string, floor int, ok bool) {
	for i, rooms := range floors {
		for _, r := range rooms {
			if (pkg == r || strings.HasPrefix(pkg, r+"/")) && len(r) > len(room) {
				room, floor, ok = r, i, true
			}
		}
	}
	return room, floor, ok
}

// libraryLaw keeps each library behind its room. Cgo has no room: what a server
// imports must build without it.
func libraryLaw(house tree) []string {
	var broken []string
	for _, f := range house.code() {
		pkg := path.Dir(f.path)
		for _, imported := range f.imports {
			if imported == "C" {
				broken = append(broken, f.path+": uses cgo: whatever is not tagged desktop builds without a C compiler")
			}
			for _, k := range kept {
				if strings.HasPrefix(imported, k.library) && pkg != k.room && !strings.HasPrefix(pkg, k.room+"/") {
					broken = append(broken, fmt.Sprintf("%s: imports %s, which stays behind %s: call that room", f.path, imported, k.room))
				}
			}
		}
	}
	return broken
}

// effectLaw finds calls that reach past the world.
func effectLaw(house tree) []string {
	var broken []string
	for _, f := range house.code() {
		pkg := path.Dir(f.path)
		if !strings.HasPrefix(pkg, "engine/") || pkg == "engine/world" || strings.HasSuffix(pkg, "test") {
			continue
		}
		ast.Inspect(f.syntax, func(n ast.Node) bool {
			if sel, ok := n.(*ast.SelectorExpr); ok {
				if instead := banned(f.importOf(sel.X), sel.Sel.Name); instead != "" {
					broken = append(broken, fmt.Sprintf("%s:%d: %s.%s: %s", f.path, f.line(sel), sel.X, sel.Sel.Name, instead))
				}
			}
			return true
		})
	}
	return broken
}

// banned answers what to use instead of a name of a package, or nothing.
func banned(pkg, name string) string {
	if (pkg == "math/rand" || pkg == "math/rand/v2") && !slices.Contains(seeded, name) {
		return "it draws from a seed that no world gave: make a generator seeded from world.Random"
	}
	for _, b := range bans {
		if b.pkg == pkg && (b.name == name || b.name == "*") {
			return b.instead
		}
	}
	return ""
}

func lengthLaw(house tree) []string {
	var broken []string
	for _, f := range house {
		if !f.test && !f.generated && f.lines > maxLines {
			broken = append(broken, fmt.Sprintf("%s: %d lines, more than %d: it holds more than one duty, split it by duty", f.path, f.lines, maxLines))
		}
	}
	return broken
}

func nameLaw(house tree) []string {
	var broken []string
	for _, f := range house {
		if f.syntax == nil {
			continue
		}
		name := strings.TrimSuffix(f.syntax.Name.Name, "_test")
		if slices.Contains(vague, name) || slices.Contains(vague, path.Base(path.Dir(f.path))) {
			broken = append(broken, fmt.Sprintf("%s: package %s: the name says nothing of what it owns: name it after its duty", f.path, name))
		}
	}
	return broken
}
