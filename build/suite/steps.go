package main

import (
	"io"
	"os"
	"path/filepath"
	"strings"
)

// reports is where tools leave machine-readable results.
const reports = ".build/reports"

// windowTags build the program with its window.
const windowTags = "desktop,production,webkit2_41"

// concurrent are the packages in which goroutines meet; only they are worth the
// time that the race detector takes.
var concurrent = []string{
	"./engine/store/bolt", "./engine/run", "./engine/debug", "./engine/script", "./engine/web",
	"./engine/idp", "./engine/server", "./app/studio", "./app/browser",
}

// steps is the suite, cheap ones first. Everything up to the front end runs
// without cgo, a web view or a built front end: the library must not need them.
func steps() []step {
	pure := command{env: []string{"CGO_ENABLED=0"}}
	front := command{dir: "frontend"}
	return []step{
		{"format", "Go sources are formatted", nil, silent(pure, "gofmt", goSources()...)},
		{"vet", "go vet", nil, pass(pure, "go", "vet", "./...")},
		{"staticcheck", "staticcheck, as pinned in go.mod", nil, pass(pure, "go", "tool", "staticcheck", "./...")},
		{"tidy", "go.mod and go.sum say what is used", nil, pass(pure, "go", "mod", "tidy", "-diff")},
		{"pure", "everything builds without cgo", nil, pass(pure, "go", "build", "./...")},
		{"go", "Go tests", nil, goTest(pure, "./...")},

		{"modules", "npm packages of the front end, as locked", nil, pass(command{}, "make", "-s", "modules")},
		{"typecheck", "types of the front end", []string{"modules"}, pass(front, "npm", "run", "-s", "typecheck")},
		{"eslint", "rules of the front end", []string{"modules"}, pass(front, "npm", "run", "-s", "lint")},
		{"unit", "unit tests of the front end", []string{"modules"}, vitest(front)},
		{"build", "the front end, and the program with it inside", []string{"modules"}, pass(command{}, "make", "-s", "build")},

		{"package", "the Debian package of the server", []string{"build"}, pass(command{}, "build/package/deb_test.sh")},
		{"container", "what the container file makes, and the program in it", []string{"build"}, pass(command{}, "build/package/container_test.sh")},
		{"judges", "stock OpenID Connect clients sign in, refresh and sign out at authflow run", []string{"build"}, judges()},
		{"cluster", "several servers on a real PostgreSQL, which crashes", nil, cluster()},
		{"race", "Go tests of what runs at the same time, under the race detector", nil, raced(goTest(command{}, append([]string{"-race"}, concurrent...)...))},
		{"e2e", "the studio in Chromium", []string{"build"}, playwright(front)},
		{"window", "the studio in its window, under Xvfb", []string{"build"}, window()},
	}
}

func goSources() []string {
	list := []string{"-l"}
	for _, p := range []string{"main.go", "app", "build", "engine", "frontend/*.go", "projects"} {
		found, _ := filepath.Glob(p) // the patterns are well formed
		list = append(list, found...)
	}
	return list
}

// raced makes sure of the C compiler that the race detector links with.
func raced(test func(io.Writer) (tally, error)) func(io.Writer) (tally, error) {
	return func(out io.Writer) (tally, error) {
		if err := (command{}).run(out, "build/setup.sh", "compiler"); err != nil {
			return tally{}, err
		}
		return test(out)
	}
}

// judges runs the tests of stock clients, which have packages of their own.
func judges() func(io.Writer) (tally, error) {
	const dir = "build/judges"
	return func(out io.Writer) (tally, error) {
		for _, args := range [][]string{{"make", "-s", dir + "/node_modules/.package-lock.json"}, {"build/setup.sh", "apache"}} {
			if err := (command{}).run(out, args[0], args[1:]...); err != nil {
				return tally{}, err
			}
		}
		env, err := programs(out)
		if err != nil {
			return tally{}, err
		}
		return nodeTest(command{dir: dir, env: env})(out)
	}
}

// cluster runs what several servers share, on a PostgreSQL of its own.
func cluster() func(io.Writer) (tally, error) {
	const dir = "./build/clustertest"
	return func(out io.Writer) (tally, error) {
		programs, err := command{}.output(out, "build/setup.sh", "postgres")
		if err != nil {
			return tally{}, err
		}
		if err := (command{}).run(out, "go", "vet", "-tags", "clustertest", dir); err != nil {
			return tally{}, err
		}
		c := command{env: []string{"AUTHFLOW_POSTGRES=" + strings.TrimSpace(programs)}}
		return goTest(c, "-count=1", "-tags", "clustertest", dir)(out)
	}
}

// playwright runs the browser tests with the Chromium of this machine.
func playwright(c command) func(io.Writer) (tally, error) {
	return func(out io.Writer) (tally, error) {
		env, err := programs(out)
		if err != nil {
			return tally{}, err
		}
		c.env = append(c.env, env...)
		return playwrightTest(c)(out)
	}
}

// programs answers the settings that name our program and the browser to tests.
func programs(out io.Writer) ([]string, error) {
	path, err := chromium(out)
	if err != nil {
		return nil, err
	}
	program, err := filepath.Abs(".build/authflow")
	if err != nil {
		return nil, err
	}
	return []string{"CHROMIUM=" + path, "AUTHFLOW_BIN=" + program}, nil
}

func chromium(out io.Writer) (string, error) {
	path, err := command{}.output(out, "build/setup.sh", "browser")
	return strings.TrimSpace(path), err
}

// window builds the program with its window and tries it on a display without a
// screen.
func window() func(io.Writer) (tally, error) {
	return func(out io.Writer) (tally, error) {
		path, err := chromium(out)
		if err != nil {
			return tally{}, err
		}
		for _, args := range [][]string{
			{"build/setup.sh", "screen", "webview"},
			{"make", "-s", "desktop"},
			{"go", "vet", "-tags", windowTags, "./app/..."},
			{"go", "vet", "-tags", "windowtest", "./build/..."},
		} {
			if err := (command{}).run(out, args[0], args[1:]...); err != nil {
				return tally{}, err
			}
		}
		root, err := os.Getwd()
		if err != nil {
			return tally{}, err
		}
		c := command{env: []string{
			"AUTHFLOW_BIN=" + filepath.Join(root, ".build/authflow"),
			"AUTHFLOW_DESKTOP=" + filepath.Join(root, ".build/authflow-desktop"),
			"CHROMIUM=" + path,
			"AUTHFLOW_ARTIFACTS=" + filepath.Join(root, ".build/artifacts"),
		}}
		return goTest(c, "-count=1", "-tags", "windowtest", "./build/windowtest")(out)
	}
}
