package projects

// This file asks git about a project's folder: which versions there were, and
// what is not committed. It changes nothing there.

import (
	"bytes"
	"context"
	"crypto/sha1"
	"crypto/sha256"
	"encoding/hex"
	"errors"
	"fmt"
	"io/fs"
	"os"
	"os/exec"
	"path"
	"regexp"
	"strconv"
	"strings"
	"time"

	"github.com/authflow-studio/authflow/engine/flow"
)

// ErrNoGit says that the folder is in no git repository, or that there is no git.
var ErrNoGit = errors.New("the project is in no git repository, or git is not installed")

// Version is one commit that changed something of the project.
type Version struct {
	Revision string    `json:"revision"`
	Subject  string    `json:"subject"`
	Author   string    `json:"author"`
	At       time.Time `json:"at"`
}

// GitStatus is how the folder stands to its repository.
type GitStatus struct {
	Branch string `json:"branch"`
	Ahead  int    `json:"ahead,omitempty"`
	Behind int    `json:"behind,omitempty"`
	// Changed are the files that are not committed as they are, by path below the
	// project: added, changed or removed.
	Changed map[string]string `json:"changed"`
}

// gitLimit bounds how long one question to git may take.
const gitLimit = 10 * time.Second

// git asks git something in the project's folder. What a repository may have set
// up to be run by such questions is switched off: a folder that somebody sent is
// only looked at.
func (p *Project) git(ctx context.Context, args ...string) ([]byte, error) {
	ctx, cancel := context.WithTimeout(ctx, gitLimit)
	defer cancel()
	fixed := []string{"--no-optional-locks", "-c", "core.fsmonitor=false", "-c", "core.hooksPath=/dev/null", "-c", "log.showSignature=false", "-c", "core.quotePath=false"}
	cmd := exec.CommandContext(ctx, "git", append(fixed, args...)...)
	cmd.Dir = p.dir
	cmd.Env = append(os.Environ(), "GIT_TERMINAL_PROMPT=0", "LC_ALL=C")
	var out, words bytes.Buffer
	cmd.Stdout, cmd.Stderr = &out, &words
	err := cmd.Run()
	switch {
	case errors.Is(err, exec.ErrNotFound), strings.Contains(words.String(), "not a git repository"):
		return nil, ErrNoGit
	case err != nil:
		return nil, fmt.Errorf("git %s: %s", args[0], strings.TrimSpace(words.String()))
	}
	return out.Bytes(), nil
}

// GitStatus answers how the folder stands to its repository. Files are compared
// here and not by git, which would run the filters that a repository names.
func (p *Project) GitStatus(ctx context.Context) (GitStatus, error) {
	s := GitStatus{Changed: map[string]string{}}
	out, err := p.git(ctx, "rev-parse", "--abbrev-ref", "HEAD")
	if errors.Is(err, ErrNoGit) {
		return s, err
	}
	committed := map[string]blob{}
	if err == nil { // there is a commit
		s.Branch = strings.TrimSpace(string(out))
		if committed, err = p.tree(ctx, "HEAD"); err != nil {
			return s, err
		}
		s.Behind, s.Ahead = p.distance(ctx)
	}
	for name, b := range committed {
		text, err := fs.ReadFile(p.FS(), name)
		switch {
		case errors.Is(err, fs.ErrNotExist):
			s.Changed[name] = "removed"
		case err != nil:
			return s, err
		case !b.holds(text):
			s.Changed[name] = "changed"
		}
	}
	out, err = p.git(ctx, "ls-files", "-z", "--cached", "--others", "--exclude-standard", "--", ".")
	if err != nil {
		return s, err
	}
	for _, name := range strings.Split(strings.TrimSuffix(string(out), "\x00"), "\x00") {
		_, known := committed[name]
		if _, err := fs.Stat(p.FS(), name); name != "" && !known && err == nil {
			s.Changed[name] = "added"
		}
	}
	return s, nil
}

// distance answers how many commits the branch is behind and ahead of the one
// that it follows; with none, 0.
func (p *Project) distance(ctx context.Context) (behind, ahead int) {
	out, err := p.git(ctx, "rev-list", "--count", "--left-right", "@{upstream}...HEAD")
	if err == nil {
		_, _ = fmt.Sscan(string(out), &behind, &ahead)
	}
	return behind, ahead
}

// blob is a file in a commit, by the name that git gives to its content.
type blob string

// holds tells whether a file's content is that of the blob, with the line ends of
// Windows or without.
func (b blob) holds(text []byte) bool {
	for _, t := range [][]byte{text, bytes.ReplaceAll(text, []byte("\r\n"), []byte("\n"))} {
		whole := append(fmt.Appendf(nil, "blob %d\x00", len(t)), t...)
		if short, long := sha1.Sum(whole), sha256.Sum256(whole); string(b) == hex.EncodeToString(short[:]) || string(b) == hex.EncodeToString(long[:]) {
			return true
		}
	}
	return false
}

// tree answers the files of the project in a commit.
func (p *Project) tree(ctx context.Context, rev string) (map[string]blob, error) {
	out, err := p.git(ctx, "ls-tree", "-r", "-z", rev, "--", ".")
	if err != nil {
		return nil, err
	}
	files := map[string]blob{}
	for _, line := range strings.Split(string(out), "\x00") {
		about, name, ok := strings.Cut(line, "\t")
		if f := strings.Fields(about); ok && len(f) == 3 && f[1] == "blob" {
			files[name] = blob(f[2])
		}
	}
	return files, nil
}

// Versions answers the commits that changed a file of the project, or with "" any
// of it, the newest first.
func (p *Project) Versions(ctx context.Context, file string, limit int) ([]Version, error) {
	at := "."
	if file != "" {
		at = "./" + path.Clean(file)
	}
	out, err := p.git(ctx, "log", "-n", strconv.Itoa(limit), "--format=%H%x1f%s%x1f%an%x1f%at%x1e", "--", at)
	if err != nil {
		if strings.Contains(err.Error(), "does not have any commits yet") {
			return []Version{}, nil
		}
		return nil, err
	}
	all := []Version{}
	for _, line := range strings.Split(string(out), "\x1e") {
		f := strings.Split(strings.TrimSpace(line), "\x1f")
		if len(f) != 4 {
			continue
		}
		seconds, err := strconv.ParseInt(f[3], 10, 64)
		if err != nil {
			continue
		}
		all = append(all, Version{Revision: f[0], Subject: f[1], Author: f[2], At: time.Unix(seconds, 0).UTC()})
	}
	return all, nil
}

// commitName is what may name a commit; nothing that git could take for an option.
var commitName = regexp.MustCompile(`^[A-Za-z0-9_][A-Za-z0-9_./~^@{}-]{0,200}$`)

// maxVersion bounds what is read of one version.
const maxVersion = 64 << 20

// FilesAt answers the files of the project in a commit that the engine runs, and
// the places of its drawings.
func (p *Project) FilesAt(ctx context.Context, rev string) (map[string][]byte, error) {
	if !commitName.MatchString(rev) {
		return nil, fmt.Errorf("%q names no commit", rev)
	}
	tree, err := p.tree(ctx, rev)
	if err != nil {
		return nil, err
	}
	files, size := map[string][]byte{}, 0
	for name, b := range tree {
		if !flow.Runs(name) && path.Dir(name) != flow.FlowsDir {
			continue
		}
		text, err := p.git(ctx, "cat-file", "blob", string(b))
		if err != nil {
			return nil, err
		}
		if size += len(text); size > maxVersion {
			return nil, fmt.Errorf("the project in %.12s has more than the %d bytes that are read", rev, maxVersion)
		}
		files[name] = text
	}
	return files, nil
}
