package projects_test

import (
	"errors"
	"os"
	"os/exec"
	"path/filepath"
	"strings"
	"testing"

	"github.com/authflow-studio/authflow/projects"
)

// repository makes a project in a folder of a git repository, with two commits.
func repository(t *testing.T) (dir string, p *projects.Project) {
	t.Helper()
	root := t.TempDir()
	dir = filepath.Join(root, "auth")
	made, err := projects.Create(dir, "starter", "shop")
	if err != nil {
		t.Fatal(err)
	}
	made.Close()
	git(t, root, "init", "-q", "-b", "main")
	git(t, root, "add", ".")
	git(t, root, "commit", "-q", "-m", "the first version")
	edit(t, dir, "flows/login.json", `"name": "Login"`, `"name": "Sign in"`)
	git(t, root, "commit", "-q", "-a", "-m", "another name; it's \"better\"")
	if p, err = projects.Open(dir); err != nil {
		t.Fatal(err)
	}
	t.Cleanup(func() { p.Close() })
	return dir, p
}

func git(t *testing.T, dir string, args ...string) {
	t.Helper()
	cmd := exec.Command("git", append([]string{"-c", "user.name=Ada", "-c", "user.email=ada@example.com", "-c", "commit.gpgsign=false"}, args...)...)
	cmd.Dir = dir
	if out, err := cmd.CombinedOutput(); err != nil {
		t.Fatalf("git %v: %v\n%s", args, err, out)
	}
}

func edit(t *testing.T, dir, name, old, with string) {
	t.Helper()
	file := filepath.Join(dir, name)
	text, err := os.ReadFile(file)
	if err != nil {
		t.Fatal(err)
	}
	changed := strings.Replace(string(text), old, with, 1)
	if changed == string(text) {
		t.Fatalf("%s has no %s", name, old)
	}
	if err := os.WriteFile(file, []byte(changed), 0o644); err != nil {
		t.Fatal(err)
	}
}

func TestVersionsOfAFlowAndTheirFiles(t *testing.T) {
	_, p := repository(t)
	all, err := p.Versions(t.Context(), "flows/login.json", 10)
	if err != nil || len(all) != 2 || all[0].Subject != "another name; it's \"better\"" || all[0].Author != "Ada" || all[0].At.IsZero() {
		t.Fatalf("%+v, %v", all, err)
	}
	if other, err := p.Versions(t.Context(), "flows/logout.json", 10); err != nil || len(other) != 1 {
		t.Errorf("%+v, %v", other, err)
	}
	files, err := p.FilesAt(t.Context(), all[1].Revision)
	if err != nil || !strings.Contains(string(files["flows/login.json"]), `"name": "Login"`) || files["flows/login.layout.json"] == nil || files["scenarios/login.yaml"] != nil {
		t.Errorf("%d files, %v", len(files), err)
	}
	for _, bad := range []string{"--output=/tmp/x", "", "a b", "nowhere"} {
		if _, err := p.FilesAt(t.Context(), bad); err == nil {
			t.Errorf("%q named a commit", bad)
		}
	}
}

func TestGitStatusOfAProject(t *testing.T) {
	dir, p := repository(t)
	s, err := p.GitStatus(t.Context())
	if err != nil || s.Branch != "main" || len(s.Changed) != 0 {
		t.Fatalf("%+v, %v", s, err)
	}
	edit(t, dir, "flows/login.json", "Sign in", "Login")
	if err := os.WriteFile(filepath.Join(dir, "a new file.txt"), nil, 0o644); err != nil {
		t.Fatal(err)
	}
	git(t, dir, "mv", "flows/logout.json", "flows/bye.json")
	git(t, dir, "rm", "-q", "clients.yaml")
	s, err = p.GitStatus(t.Context())
	want := map[string]string{"flows/login.json": "changed", "a new file.txt": "added", "flows/bye.json": "added", "flows/logout.json": "removed", "clients.yaml": "removed"}
	for name, state := range want {
		if s.Changed[name] != state {
			t.Errorf("%s is %q, want %q", name, s.Changed[name], state)
		}
	}
	if err != nil || len(s.Changed) != len(want) {
		t.Errorf("%v, %v", s.Changed, err)
	}
}

func TestAFolderOutsideOfGit(t *testing.T) {
	dir := filepath.Join(t.TempDir(), "p")
	made, err := projects.Create(dir, "starter", "shop")
	if err != nil {
		t.Fatal(err)
	}
	made.Close()
	p, err := projects.Open(dir)
	if err != nil {
		t.Fatal(err)
	}
	defer p.Close()
	t.Setenv("GIT_CEILING_DIRECTORIES", filepath.Dir(dir))
	if _, err := p.GitStatus(t.Context()); !errors.Is(err, projects.ErrNoGit) {
		t.Errorf("status: %v", err)
	}
	if _, err := p.Versions(t.Context(), "", 3); !errors.Is(err, projects.ErrNoGit) {
		t.Errorf("versions: %v", err)
	}
}

// A repository that somebody sent runs nothing of its own when it is looked at.
func TestARepositoryRunsNothing(t *testing.T) {
	dir, p := repository(t)
	mark := filepath.Join(t.TempDir(), "ran")
	git(t, dir, "config", "core.fsmonitor", "touch "+mark)
	git(t, dir, "config", "filter.x.clean", "touch "+mark)
	git(t, dir, "config", "filter.x.smudge", "touch "+mark)
	if err := os.WriteFile(filepath.Join(dir, ".gitattributes"), []byte("* filter=x\n"), 0o644); err != nil {
		t.Fatal(err)
	}
	git(t, dir, "config", "log.showSignature", "true")
	git(t, dir, "config", "gpg.program", "touch "+mark)
	edit(t, dir, "flows/login.json", "Sign in", "Login")
	if _, err := p.GitStatus(t.Context()); err != nil {
		t.Error(err)
	}
	if _, err := p.Versions(t.Context(), "", 3); err != nil {
		t.Error(err)
	}
	if _, err := p.FilesAt(t.Context(), "HEAD"); err != nil {
		t.Error(err)
	}
	if _, err := os.Stat(mark); err == nil {
		t.Error("the repository's own program was run")
	}
}
