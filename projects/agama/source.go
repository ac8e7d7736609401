package agama

// This file reads the file that is imported, believing nothing that it says
// about itself.

import (
	"archive/zip"
	"errors"
	"fmt"
	"io"
	"io/fs"
	"os"
	"path"
	"path/filepath"
	"slices"
	"strings"

	"github.com/authflow-studio/authflow/engine/bundle"
	"github.com/authflow-studio/authflow/engine/flow"
)

// Limits of what is read.
const (
	maxArchive = 64 << 20 // of the file
	maxTotal   = 64 << 20 // of all that is unpacked
	maxEntries = 10_000
	maxFlows   = 200
)

// Codes of what is refused.
const (
	CodeNoSource   = "agama_no_source"
	CodeArchive    = "agama_archive"
	CodeTooLarge   = "agama_too_large"
	CodeBadPath    = "agama_bad_path"
	CodeSyntax     = "agama_syntax"
	CodeProject    = "agama_project"
	CodeDouble     = "agama_double_flow"
	CodeNotEmpty   = "agama_not_empty"
	CodeUnknown    = "agama_unknown_flow"
	CodeUnwritable = "agama_unwritable"
)

// Refused says why nothing was imported.
type Refused struct {
	Code, Path, Message, Hint string
	// Errors are those of flows that cannot be read.
	Errors []error
}

func (r *Refused) Error() string {
	s := r.Message
	if r.Path != "" {
		s = r.Path + ": " + s
	}
	if r.Hint != "" {
		s += "; " + r.Hint
	}
	for _, e := range r.Errors {
		s += "\n  " + e.Error()
	}
	return s + " [" + r.Code + "]"
}

func refuse(code, where, hint, format string, args ...any) *Refused {
	return &Refused{Code: code, Path: where, Hint: hint, Message: fmt.Sprintf(format, args...)}
}

// source is what was read: files by their path in the archive.
type source struct {
	name  string
	files map[string][]byte
	// left are files that were not read, in order.
	left []string
}

// read opens a .gama archive or a .flow file.
func read(file string) (*source, error) {
	info, err := os.Stat(file)
	switch {
	case errors.Is(err, fs.ErrNotExist):
		return nil, refuse(CodeNoSource, file, "", "there is no such file")
	case err != nil:
		return nil, refuse(CodeNoSource, file, "", "it cannot be read: %v", err)
	case info.IsDir():
		return nil, refuse(CodeNoSource, file, "pack its content as a zip file that ends in .gama, with project.json, code/ and web/ at the top", "it is a folder")
	case info.Size() > maxArchive:
		return nil, refuse(CodeTooLarge, file, "", "it has %d bytes, more than the %d that are read", info.Size(), maxArchive)
	}
	name := filepath.Base(file)
	if strings.EqualFold(filepath.Ext(file), ".flow") {
		if info.Size() > flow.MaxFileSize {
			return nil, refuse(CodeTooLarge, name, "", "it has %d bytes, more than the %d that are read", info.Size(), flow.MaxFileSize)
		}
		data, err := os.ReadFile(file)
		if err != nil {
			return nil, refuse(CodeNoSource, file, "", "it cannot be read: %v", err)
		}
		return &source{name: name, files: map[string][]byte{name: data}}, nil
	}
	r, err := zip.OpenReader(file)
	if err != nil {
		return nil, refuse(CodeArchive, name, "import a .gama archive (a zip file) or a .flow file", "it is no zip file: %v", err)
	}
	defer r.Close()
	return unpack(name, &r.Reader)
}

// unpack reads the files of an archive that an import uses. Its paths are judged
// as those of a bundle are.
func unpack(name string, r *zip.Reader) (*source, error) {
	if len(r.File) > maxEntries {
		return nil, refuse(CodeTooLarge, name, "", "it holds more than %d files", maxEntries)
	}
	s := &source{name: name, files: map[string][]byte{}}
	var names []string
	for _, f := range r.File {
		if hidden(f.Name) {
			s.left = append(s.left, f.Name)
			continue
		}
		if err := acceptable(f); err != nil {
			return nil, err
		}
		if !f.Mode().IsDir() {
			names = append(names, f.Name)
		}
	}
	if err := bundle.CheckNames(names); err != nil {
		var e *bundle.Error
		if errors.As(err, &e) {
			return nil, refuse(CodeBadPath, e.Path, e.Hint, "%s", e.Message)
		}
		return nil, refuse(CodeBadPath, name, "", "%v", err)
	}
	root := top(names)
	total := 0
	for _, f := range r.File {
		short := strings.TrimPrefix(f.Name, root)
		if f.Mode().IsDir() || hidden(f.Name) {
			continue
		}
		if !wanted(short) {
			s.left = append(s.left, short)
			continue
		}
		data, err := content(f, maxTotal-total)
		if err != nil {
			return nil, err
		}
		total += len(data)
		s.files[short] = data
	}
	slices.Sort(s.left)
	return s, nil
}

// hidden reports whether a file is one that systems and tools leave behind.
func hidden(name string) bool {
	for _, p := range strings.Split(name, "/") {
		if p == "__MACOSX" || strings.HasPrefix(p, ".") && strings.Trim(p, ".") != "" {
			return true
		}
	}
	return false
}

func acceptable(f *zip.File) error {
	switch {
	case f.Flags&1 != 0:
		return refuse(CodeArchive, f.Name, "pack the archive again without a password", "the file is encrypted")
	case f.Mode()&fs.ModeSymlink != 0:
		return refuse(CodeBadPath, f.Name, "put the file itself into the archive", "it is a symbolic link")
	case f.Mode()&fs.ModeType&^fs.ModeDir != 0:
		return refuse(CodeBadPath, f.Name, "take it out of the archive", "it is neither a file nor a folder")
	case f.Mode().IsDir():
		if strings.Contains("/"+f.Name, "/../") {
			return refuse(CodeBadPath, f.Name, "", "the path leads out of the archive")
		}
	case f.UncompressedSize64 > maxTotal:
		return refuse(CodeTooLarge, f.Name, "", "the file would have %d bytes unpacked, more than the %d that are read", f.UncompressedSize64, maxTotal)
	}
	return nil
}

// top is the folder in which all of an archive stands, if there is one.
func top(names []string) string {
	root := ""
	for i, n := range names {
		first, _, inside := strings.Cut(n, "/")
		if !inside || i > 0 && first+"/" != root || first == "code" || first == "web" {
			return ""
		}
		root = first + "/"
	}
	return root
}

// wanted are the files that an import looks at.
func wanted(name string) bool {
	return name == "project.json" || strings.HasPrefix(name, "web/") || strings.HasPrefix(name, "code/") && path.Ext(name) == ".flow"
}

func content(f *zip.File, most int) ([]byte, error) {
	limit := min(most, flow.MaxFileSize)
	r, err := f.Open()
	if err != nil {
		return nil, refuse(CodeArchive, f.Name, "pack the archive again", "the file cannot be unpacked: %v", err)
	}
	defer r.Close()
	data, err := io.ReadAll(io.LimitReader(r, int64(limit)+1))
	if err != nil {
		return nil, refuse(CodeArchive, f.Name, "pack the archive again", "the file cannot be unpacked: %v", err)
	}
	if len(data) > limit {
		if limit < flow.MaxFileSize {
			return nil, refuse(CodeTooLarge, f.Name, "", "the files would have more than %d bytes unpacked, which is all that is read", maxTotal)
		}
		return nil, refuse(CodeTooLarge, f.Name, "", "the file has more than the %d bytes that are read", flow.MaxFileSize)
	}
	return data, nil
}
