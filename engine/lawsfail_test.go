package engine_test

import (
	"strings"
	"testing"
	"testing/fstest"
)

// Each law is shown a small tree that breaks it and one that keeps it: a law
// that cannot fail protects nothing.
func TestLaw_EachIsSeenFailing(t *testing.T) {
	long := strings.Repeat("// duty\n", maxLines)
	cases := []struct {
		name string
		law  func(tree) []string
		file string
		text string
		want string // part of the complaint; empty: none
	}{
		{"a room above", importLaw, "engine/flow/a.go", imports("engine/run"), "only the rooms below"},
		{"a room beside", importLaw, "engine/audit/a.go", imports("engine/session"), "only the rooms below"},
		{"a room below", importLaw, "engine/run/a.go", imports("engine/flow"), ""},
		{"the engine imports the app", importLaw, "engine/server/a.go", imports("app/studio"), "only the rooms below"},
		{"the engine imports projects", importLaw, "engine/server/a.go", imports("projects"), "only the rooms below"},
		{"the engine imports the program", importLaw, "engine/server/a.go", "package a\nimport _ \"" + module + "\"\n", "only the rooms below"},
		{"a tagged file", importLaw, "engine/flow/a.go", "//go:build desktop\n\n" + imports("engine/run"), "only the rooms below"},
		{"a test may look up", importLaw, "engine/flow/a_test.go", imports("engine/run"), ""},
		{"a family imports a family", importLaw, "engine/block/risk/a.go", imports("engine/block/control"), "do not import each other"},
		{"a family imports the room", importLaw, "engine/block/risk/a.go", imports("engine/block"), ""},
		{"the room imports a family", importLaw, "engine/block/a.go", imports("engine/block/risk"), "do not import each other"},
		{"the catalogue gathers", importLaw, "engine/block/catalogue/a.go", imports("engine/block/risk"), ""},
		{"a plain arrow", importLaw, "engine/store/bolt/a.go", imports("engine/world"), ""},
		{"its way back", importLaw, "engine/world/a.go", imports("engine/store"), "only the rooms below"},
		{"a sealed package", importLaw, "engine/scenario/agent/a.go", imports("engine/flow"), "nothing of ours"},
		{"a package without a room", importLaw, "engine/attic/a.go", imports("engine/flow"), "has no room"},
		{"an import without a room", importLaw, "engine/server/a.go", imports("engine/attic"), "has no room"},
		{"two doors", importLaw, "app/browser/a.go", imports("app/desktop"), "only the rooms below"},

		{"a library out of its room", libraryLaw, "engine/run/a.go", "package a\nimport _ \"github.com/dop251/goja/ast\"\n", "stays behind engine/script"},
		{"a library in its room", libraryLaw, "engine/script/a.go", "package a\nimport _ \"github.com/dop251/goja/ast\"\n", ""},
		{"the web view in the engine", libraryLaw, "engine/server/a.go", "package a\nimport _ \"github.com/wailsapp/wails/v2\"\n", "stays behind app/desktop"},
		{"cgo", libraryLaw, "engine/run/a.go", "package a\nimport \"C\"\n", "uses cgo"},

		{"the machine's clock", effectLaw, "engine/run/a.go", calls("time", "time.Now"), "engine/run/a.go:3: time.Now: take the time from the world.Clock"},
		{"the clock as a value", effectLaw, "engine/run/a.go", "package a\nimport \"time\"\nvar now = time.Now\n", "world.Clock"},
		{"the clock under another name", effectLaw, "engine/run/a.go", "package a\nimport machine \"time\"\nvar t = machine.Now()\n", "world.Clock"},
		{"the clock behind Since", effectLaw, "engine/run/a.go", calls("time", "time.Since"), "reads the machine's clock"},
		{"another thing called time", effectLaw, "engine/run/a.go", "package a\nvar t = time.Now()\n", ""},
		{"the world's own clock", effectLaw, "engine/world/a.go", calls("time", "time.Now"), ""},
		{"the clock in a test", effectLaw, "engine/run/a_test.go", calls("time", "time.Now"), ""},
		{"the clock in the app", effectLaw, "app/cli/a.go", calls("time", "time.Now"), ""},
		{"a duration", effectLaw, "engine/run/a.go", "package a\nimport \"time\"\nconst wait = time.Second\n", ""},
		{"randomness", effectLaw, "engine/idp/a.go", calls("crypto/rand", "rand.Read"), "world.Random"},
		{"unseeded randomness", effectLaw, "engine/idp/a.go", calls("math/rand/v2", "rand.IntN"), "no world gave"},
		{"seeded randomness", effectLaw, "engine/idp/a.go", calls("math/rand/v2", "rand.NewChaCha8"), ""},
		{"the default client", effectLaw, "engine/script/a.go", "package a\nimport \"net/http\"\nvar c = http.DefaultClient\n", "world's HTTP"},
		{"a bare request", effectLaw, "engine/script/a.go", calls("net/http", "http.Get"), "world's HTTP"},
		{"a status", effectLaw, "engine/script/a.go", "package a\nimport \"net/http\"\nconst ok = http.StatusOK\n", ""},

		{"a long file", lengthLaw, "engine/run/a.go", "package a\n" + long, "501 lines"},
		{"a long file of the front end", lengthLaw, "frontend/src/a.tsx", long + "\n", "501 lines"},
		{"a file of just that length", lengthLaw, "frontend/src/a.tsx", long, ""},
		{"a long test", lengthLaw, "engine/run/a_test.go", "package a\n" + long, ""},
		{"a long test of the front end", lengthLaw, "frontend/src/a.test.ts", long + "\n", ""},
		{"a long generated file", lengthLaw, "engine/run/a.go", "// Code generated by stringer. DO NOT EDIT.\npackage a\n" + long, ""},
		{"a long file of others", lengthLaw, "frontend/node_modules/a/a.ts", long + "\n", ""},

		{"a vague package", nameLaw, "engine/run/a.go", "package helpers\n", "says nothing"},
		{"a vague folder", nameLaw, "engine/common/a.go", "package run\n", "says nothing"},
		{"a vague test package", nameLaw, "engine/run/a_test.go", "package util_test\n", "says nothing"},
		{"a good name", nameLaw, "engine/run/a.go", "package run\n", ""},
	}
	for _, c := range cases {
		t.Run(c.name, func(t *testing.T) {
			house, err := readTree(fstest.MapFS{c.file: {Data: []byte(c.text)}})
			if err != nil {
				t.Fatal(err)
			}
			got := strings.Join(c.law(house), "\n")
			if c.want == "" && got != "" {
				t.Errorf("a tree that keeps the law is accused:\n%s", got)
			}
			if c.want != "" && !strings.Contains(got, c.want) {
				t.Errorf("want a complaint with %q, got %q", c.want, got)
			}
		})
	}
}

func TestLaw_ATreeThatCannotBeReadIsNoObedientTree(t *testing.T) {
	if _, err := readTree(fstest.MapFS{"engine/run/a.go": {Data: []byte("package")}}); err == nil {
		t.Error("a file that is no Go was read without a complaint")
	}
}

func imports(pkg string) string { return "package a\nimport _ \"" + module + "/" + pkg + "\"\n" }

func calls(pkg, call string) string {
	return "package a\nimport \"" + pkg + "\"\nvar x = " + call + "()\n"
}
