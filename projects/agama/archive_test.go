package agama_test

import (
	"archive/zip"
	"bytes"
	"errors"
	"io/fs"
	"os"
	"path/filepath"
	"strings"
	"testing"

	"github.com/authflow-studio/authflow/projects/agama"
)

const small = "Flow org.example.Small\n    Basepath \"\"\nFinish false\n"

// archive packs files; change may spoil the header of one.
func archive(t *testing.T, files [][2]string, change func(name string, h *zip.FileHeader)) string {
	t.Helper()
	var out bytes.Buffer
	w := zip.NewWriter(&out)
	for _, f := range files {
		h := &zip.FileHeader{Name: f[0], Method: zip.Deflate}
		if change != nil {
			change(f[0], h)
		}
		e, err := w.CreateHeader(h)
		if err != nil {
			t.Fatal(err)
		}
		if _, err := e.Write([]byte(f[1])); err != nil {
			t.Fatal(err)
		}
	}
	if err := w.Close(); err != nil {
		t.Fatal(err)
	}
	name := filepath.Join(t.TempDir(), "x.gama")
	if err := os.WriteFile(name, out.Bytes(), 0o644); err != nil {
		t.Fatal(err)
	}
	return name
}

// Archives of people who mean harm are refused with a code and words, and leave
// nothing behind.
func TestImport_HostileArchives(t *testing.T) {
	flow := [2]string{"code/a.flow", small}
	many := make([][2]string, 0, 10_002)
	for i := range 10_001 {
		many = append(many, [2]string{"web/" + strings.Repeat("x", i%5) + "/" + string(rune('a'+i%26)) + strings.Repeat("y", i/26%60) + strings.Repeat("z", i/1560) + ".css", ""})
	}
	for name, c := range map[string]struct {
		files  [][2]string
		change func(string, *zip.FileHeader)
		code   string
		words  string
	}{
		"out of the folder":  {[][2]string{flow, {"web/../../x.html", "x"}}, nil, agama.CodeBadPath, "leads out"},
		"absolute":           {[][2]string{flow, {"/etc/x", "x"}}, nil, agama.CodeBadPath, "leads out"},
		"of another system":  {[][2]string{flow, {`web\..\x.html`, "x"}}, nil, agama.CodeBadPath, "path"},
		"a drive":            {[][2]string{flow, {"C:/x.html", "x"}}, nil, agama.CodeBadPath, "do not allow"},
		"twice":              {[][2]string{flow, {"web/a.html", "x"}, {"web/a.html", "y"}}, nil, agama.CodeBadPath, "same file"},
		"twice, folded":      {[][2]string{flow, {"web/a.html", "x"}, {"web/A.html", "y"}}, nil, agama.CodeBadPath, "same file"},
		"a file as a folder": {[][2]string{flow, {"web/a", "x"}, {"web/a/b", "y"}}, nil, agama.CodeBadPath, "a file and a folder"},
		"a symbolic link": {[][2]string{flow, {"web/a.ftlh", "/etc/passwd"}}, func(n string, h *zip.FileHeader) {
			if n == "web/a.ftlh" {
				h.SetMode(fs.ModeSymlink | 0o777)
			}
		}, agama.CodeBadPath, "symbolic link"},
		"a device": {[][2]string{flow, {"web/a.ftlh", ""}}, func(n string, h *zip.FileHeader) {
			if n == "web/a.ftlh" {
				h.SetMode(fs.ModeDevice | 0o777)
			}
		}, agama.CodeBadPath, "neither a file nor a folder"},
		"a bomb":                     {[][2]string{flow, {"web/a.css", strings.Repeat("0", 5<<20)}}, nil, agama.CodeTooLarge, "more than the 4194304 bytes"},
		"a bomb of many":             {bombs(flow), nil, agama.CodeTooLarge, "unpacked"},
		"too many files":             {append(many, flow), nil, agama.CodeTooLarge, "more than 10000 files"},
		"encrypted":                  {[][2]string{flow}, func(_ string, h *zip.FileHeader) { h.Flags |= 1 }, agama.CodeArchive, "encrypted"},
		"characters unseen":          {[][2]string{flow, {"web/a\x01.html", "x"}}, nil, agama.CodeBadPath, "cannot be seen"},
		"no flow":                    {[][2]string{{"web/a.html", "x"}}, nil, agama.CodeNoSource, "no flows"},
		"a flow that is one no more": {[][2]string{{"code/a.flow", "\xff\xfe"}}, nil, agama.CodeSyntax, "code/a.flow:1:1"},
	} {
		t.Run(name, func(t *testing.T) {
			dir := filepath.Join(t.TempDir(), "out")
			_, err := agama.Import(archive(t, c.files, c.change), dir, agama.Options{})
			var refused *agama.Refused
			if !errors.As(err, &refused) || refused.Code != c.code || !strings.Contains(err.Error(), c.words) {
				t.Errorf("got %v, want %s with %q", err, c.code, c.words)
			}
			left, _ := os.ReadDir(filepath.Dir(dir))
			if len(left) > 0 {
				t.Errorf("something was left behind: %v", left)
			}
		})
	}
}

func bombs(flow [2]string) [][2]string {
	files := [][2]string{flow}
	page := strings.Repeat("0", 4<<20)
	for i := range 17 {
		files = append(files, [2]string{"web/" + string(rune('a'+i)) + ".css", page})
	}
	return files
}

// What systems and tools leave in archives is passed over.
func TestImport_HiddenFilesArePassedOver(t *testing.T) {
	files := [][2]string{{"code/a.flow", small}, {".git/config", "x"}, {"__MACOSX/code/._a.flow", "x"}, {"web/.DS_Store", "x"}}
	r, err := agama.Import(archive(t, files, nil), filepath.Join(t.TempDir(), "out"), agama.Options{})
	if err != nil || len(r.Flows) != 1 {
		t.Fatal(r, err)
	}
}
