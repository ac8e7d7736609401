package contract

import (
	"fmt"
	"strings"

	"github.com/goccy/go-yaml"

	"github.com/authflow-studio/authflow/engine/flow"
)

// This file puts one contract into a file and leaves everything else in it as
// it stands: words, order, comments.

// Put writes a contract into the text of a file: in place of the one of that
// name, or at the end where there is none. It answers the new text, which has
// been read back.
func Put(name string, text []byte, old string, c Contract) ([]byte, *flow.FileError) {
	item, err := c.item()
	if err != nil {
		return nil, &flow.FileError{Code: "contract", File: name, Message: err.Error()}
	}
	return put(name, text, old, item)
}

// Drop takes a contract out of the text of a file; of the last one nothing is
// left.
func Drop(name string, text []byte, old string) ([]byte, *flow.FileError) {
	f, bad := Read(name, text)
	if bad != nil {
		return nil, bad
	}
	if len(f.Contracts) == 1 && f.Contracts[0].Name == old {
		return nil, nil
	}
	return put(name, text, old, "")
}

func put(name string, text []byte, old, item string) ([]byte, *flow.FileError) {
	if len(strings.TrimSpace(string(text))) == 0 {
		text = []byte("contracts:\n")
		if old != "" {
			return nil, noSuch(name, old)
		}
		return checked(name, string(text)+item)
	}
	f, bad := Read(name, text)
	if bad != nil {
		return nil, bad
	}
	lines := strings.SplitAfter(string(text), "\n")
	if last := len(lines) - 1; lines[last] == "" {
		lines = lines[:last]
	} else {
		lines[last] += "\n"
	}
	if old == "" {
		from := len(f.Contracts) - 1
		_, end := f.span(from, lines)
		return checked(name, strings.Join(lines[:end], "")+item+strings.Join(lines[end:], ""))
	}
	for i := range f.Contracts {
		if f.Contracts[i].Name == old {
			begin, end := f.span(i, lines)
			return checked(name, strings.Join(lines[:begin], "")+item+strings.Join(lines[end:], ""))
		}
	}
	return nil, noSuch(name, old)
}

func noSuch(name, old string) *flow.FileError {
	return &flow.FileError{Code: "contract", File: name, Message: fmt.Sprintf("there is no contract %q any more", old), Hint: "load the list again"}
}

// span answers the lines of a contract, from and up to; blank lines and comments
// below it belong to what comes next.
func (f *File) span(i int, lines []string) (begin, end int) {
	begin = f.Contracts[i].Line - 1
	for begin > 0 && !strings.HasPrefix(strings.TrimSpace(lines[begin]), "-") {
		begin--
	}
	dash := indent(lines[begin])
	for end = begin + 1; end < len(lines); end++ {
		if t := strings.TrimSpace(lines[end]); t != "" && !strings.HasPrefix(t, "#") && indent(lines[end]) <= dash {
			break
		}
	}
	for end > begin+1 {
		if t := strings.TrimSpace(lines[end-1]); t != "" && !strings.HasPrefix(t, "#") {
			break
		}
		end--
	}
	return begin, end
}

func indent(line string) int { return len(line) - len(strings.TrimLeft(line, " ")) }

// item is the contract as an entry of the list.
func (c Contract) item() (string, error) {
	text, err := yaml.MarshalWithOptions(c, yaml.Indent(2), yaml.Flow(false))
	if err != nil {
		return "", err
	}
	var b strings.Builder
	for i, line := range strings.Split(strings.TrimRight(string(text), "\n"), "\n") {
		if i == 0 {
			b.WriteString("  - " + line + "\n")
		} else {
			b.WriteString("    " + line + "\n")
		}
	}
	return b.String(), nil
}

func checked(name, text string) ([]byte, *flow.FileError) {
	if _, bad := Read(name, []byte(text)); bad != nil {
		return nil, bad
	}
	return []byte(text), nil
}
