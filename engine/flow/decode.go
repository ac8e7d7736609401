package flow

import (
	"bytes"
	"errors"
	"fmt"
	"strings"

	"github.com/go-json-experiment/json"
	"github.com/go-json-experiment/json/jsontext"
)

// MaxFileSize bounds every text file of a project.
const MaxFileSize = 4 << 20

// FileError says what is wrong in a file, where, and what to do.
type FileError struct {
	Code   string // json_syntax, json_duplicate, json_unknown_field, json_type, format, too_large, yaml
	File   string
	Line   int // 1-based; 0: the file as a whole
	Column int
	// Pointer is the place in the document (RFC 6901).
	Pointer string
	Message string
	Hint    string
}

func (e *FileError) Error() string {
	var b strings.Builder
	if e.File != "" {
		b.WriteString(e.File)
		b.WriteByte(':')
	}
	if e.Line > 0 {
		fmt.Fprintf(&b, "%d:%d:", e.Line, e.Column)
	}
	if b.Len() > 0 {
		b.WriteByte(' ')
	}
	b.WriteString(e.Message)
	if e.Hint != "" {
		b.WriteString(" (" + e.Hint + ")")
	}
	return b.String()
}

// Decode reads a flow file. It refuses what it does not understand, but not a
// graph that is merely unfinished: that is for engine/check to report.
func Decode(file string, data []byte) (*Flow, error) {
	f := &Flow{}
	if err := decodeStrict(file, data, f); err != nil {
		return nil, err
	}
	if f.Format != Format {
		return nil, &FileError{Code: "format", File: file, Line: 1, Column: 1, Pointer: "/format",
			Message: fmt.Sprintf("this is a flow file of format %d, and this version reads format %d", f.Format, Format),
			Hint:    "update Authflow Studio if the file comes from a newer version"}
	}
	if f.Blocks == nil {
		f.Blocks = map[string]*Block{}
	}
	for id, b := range f.Blocks {
		if b == nil {
			line, col := Locate(data, "/blocks/"+id)
			return nil, &FileError{Code: "json_type", File: file, Line: line, Column: col, Pointer: "/blocks/" + id,
				Message: fmt.Sprintf("block %q is null", id), Hint: "a block is an object with at least a type and a stage"}
		}
	}
	return f, nil
}

// DecodeLayout reads a layout file.
func DecodeLayout(file string, data []byte) (*Layout, error) {
	l := &Layout{}
	if err := decodeStrict(file, data, l); err != nil {
		return nil, err
	}
	if l.Format != Format {
		return nil, &FileError{Code: "format", File: file, Line: 1, Column: 1, Message: fmt.Sprintf("this is a layout file of format %d, and this version reads format %d", l.Format, Format)}
	}
	if l.Blocks == nil {
		l.Blocks = map[string]Position{}
	}
	return l, nil
}

func decodeStrict(file string, data []byte, into any) error {
	if len(data) > MaxFileSize {
		return &FileError{Code: "too_large", File: file, Message: fmt.Sprintf("the file has %d bytes, more than the %d that are read", len(data), MaxFileSize)}
	}
	err := json.Unmarshal(data, into, json.RejectUnknownMembers(true))
	if err == nil {
		return nil
	}
	return jsonError(file, data, err)
}

func jsonError(file string, data []byte, err error) error {
	fe := &FileError{File: file, Code: "json_syntax"}
	var syn *jsontext.SyntacticError
	var sem *json.SemanticError
	switch {
	case errors.As(err, &syn):
		fe.Pointer = string(syn.JSONPointer)
		fe.Line, fe.Column = lineColumn(data, syn.ByteOffset)
		fe.Message = "not valid JSON: " + strings.TrimPrefix(syn.Err.Error(), "jsontext: ")
		if errors.Is(syn, jsontext.ErrDuplicateName) {
			fe.Code = "json_duplicate"
			fe.Message = fmt.Sprintf("the name %q stands twice in the same object", lastToken(fe.Pointer))
			if strings.HasPrefix(fe.Pointer, "/blocks/") && strings.Count(fe.Pointer, "/") == 2 {
				fe.Message = fmt.Sprintf("two blocks have the id %q", lastToken(fe.Pointer))
				fe.Hint = "give one of them another id"
			}
		}
	case errors.As(err, &sem):
		fe.Pointer = string(sem.JSONPointer)
		fe.Line, fe.Column = lineColumn(data, sem.ByteOffset)
		if errors.Is(err, json.ErrUnknownName) {
			fe.Code = "json_unknown_field"
			fe.Message = fmt.Sprintf("unknown field %q at %s", lastToken(fe.Pointer), parentPointer(fe.Pointer))
			fe.Hint = "remove it, or check its spelling"
			break
		}
		fe.Code = "json_type"
		fe.Message = fmt.Sprintf("%s has the wrong type: a JSON %s stands where %v is expected", orRoot(fe.Pointer), kindName(sem.JSONKind), sem.GoType)
	default:
		fe.Message = err.Error()
	}
	return fe
}

func kindName(k jsontext.Kind) string {
	switch k {
	case '"':
		return "string"
	case '0':
		return "number"
	case 't', 'f':
		return "boolean"
	case '{':
		return "object"
	case '[':
		return "array"
	}
	return "null"
}

func orRoot(p string) string {
	if p == "" {
		return "the document"
	}
	return p
}

func lastToken(p string) string {
	i := strings.LastIndexByte(p, '/')
	return strings.NewReplacer("~1", "/", "~0", "~").Replace(p[i+1:])
}

func parentPointer(p string) string {
	i := strings.LastIndexByte(p, '/')
	if i <= 0 {
		return "the top level"
	}
	return p[:i]
}

func lineColumn(data []byte, offset int64) (line, column int) {
	if offset < 0 || offset > int64(len(data)) {
		offset = int64(len(data))
	}
	head := data[:offset]
	return bytes.Count(head, []byte{'\n'}) + 1, len(head) - bytes.LastIndexByte(head, '\n')
}

// Locate answers the line and column of the value at a JSON pointer, or 0, 0
// when the document has no such place.
func Locate(data []byte, pointer string) (line, column int) {
	d := jsontext.NewDecoder(bytes.NewReader(data), jsontext.AllowDuplicateNames(true))
	for {
		if _, err := d.ReadToken(); err != nil {
			return 0, 0
		}
		if string(d.StackPointer()) == pointer {
			// The token that was read last is the name or the first token of
			// the value: its end is close enough to put a cursor there.
			return lineColumn(data, d.InputOffset())
		}
	}
}

// Encode writes v the one way that project files are written: two spaces,
// sorted names, no HTML escapes, a line feed at the end.
func Encode(v any) ([]byte, error) {
	b, err := json.Marshal(v, json.Deterministic(true), jsontext.WithIndent("  "))
	if err != nil {
		return nil, fmt.Errorf("encode: %w", err)
	}
	return append(b, '\n'), nil
}

// Canonical writes v as JSON after RFC 8785 (JCS): the form that is hashed.
func Canonical(v any) ([]byte, error) {
	b, err := json.Marshal(v, json.Deterministic(true))
	if err != nil {
		return nil, fmt.Errorf("canonical: %w", err)
	}
	c := jsontext.Value(b)
	if err := c.Canonicalize(); err != nil {
		return nil, fmt.Errorf("canonical: %w", err)
	}
	return c, nil
}
