package studio

import (
	"context"
	"errors"
	"strings"

	"github.com/authflow-studio/authflow/projects"
	"github.com/authflow-studio/authflow/projects/agama"
)

// Imported is the project that an import made, and what is left to do in it.
type Imported struct {
	Project *Project      `json:"project"`
	Report  *agama.Report `json:"report"`
}

type importArg struct{ File, Dir, Login string }

// importAgama makes a project of flows of Agama, and opens it.
func (s *Studio) importAgama(_ context.Context, a importArg) (*Imported, error) {
	if a.File == "" || a.Dir == "" {
		return nil, &Error{Code: "bad_argument", Message: "Choose a .gama archive or a .flow file, and a folder for the project."}
	}
	report, err := agama.Import(a.File, a.Dir, agama.Options{Login: a.Login})
	var refused *agama.Refused
	if errors.As(err, &refused) {
		return nil, importRefused(refused)
	}
	if err != nil {
		return nil, err
	}
	disk, err := projects.Open(a.Dir)
	if err != nil {
		return nil, err
	}
	p, err := s.enter(disk)
	if err != nil {
		return nil, err
	}
	return &Imported{p, report}, nil
}

func importRefused(r *agama.Refused) *Error {
	e := &Error{Code: r.Code, Message: r.Message, Hint: r.Hint}
	if r.Hint != "" {
		e.Hint = asSentence(r.Hint)
	}
	if r.Path != "" {
		e.Message = r.Path + ": " + r.Message
	}
	var lines []string
	for _, one := range r.Errors {
		lines = append(lines, one.Error())
	}
	if len(lines) > 0 {
		e.Message += ": " + strings.Join(lines, " · ")
	}
	return e
}
