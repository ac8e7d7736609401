package studio

// This file is what flows and Actions call outside: the calls that were made,
// and stubs that answer in place of a service.

import (
	"context"
	"encoding/json"
	"fmt"
	"strings"

	"github.com/authflow-studio/authflow/engine/world"
)

// Outside is what stands in the HTTP panel.
type Outside struct {
	Calls []world.StubbedCall `json:"calls"`
	Stubs []world.Stub        `json:"stubs"`
}

func (w *workspace) outside() *Outside {
	return &Outside{Calls: w.harness.Outgoing(), Stubs: w.harness.Stubs()}
}

func (s *Studio) outsideView(context.Context, none) (*Outside, error) {
	w, err := s.workspace()
	if err != nil {
		return nil, err
	}
	return w.outside(), nil
}

type answerArg struct {
	Method, URL string
	Status      int
	Body        string
}

// answerWith puts a stub before all others: from now on it answers calls of that
// method to that address, until the project is loaded anew; calls.keep keeps it.
func (s *Studio) answerWith(_ context.Context, a answerArg) (*Outside, error) {
	w, err := s.workspace()
	if err != nil {
		return nil, err
	}
	if a.Status != 0 && (a.Status < 100 || a.Status > 599) {
		return nil, &Error{Code: "bad_argument", Message: fmt.Sprintf("%d is no HTTP status.", a.Status), Hint: "It lies between 100 and 599."}
	}
	bare, _, _ := strings.Cut(a.URL, "?")
	stub := world.Stub{Method: a.Method, URL: bare, Answer: world.StubAnswer{Status: a.Status}}
	if json.Unmarshal([]byte(a.Body), &stub.Answer.JSON) != nil {
		stub.Answer.JSON, stub.Answer.Text = nil, a.Body
	}
	if err := w.harness.SetStubs(append([]world.Stub{stub}, stubsBut(w.harness.Stubs(), stub.Method, stub.URL)...)); err != nil {
		return nil, &Error{Code: "bad_argument", Message: sentence(err)}
	}
	return w.outside(), nil
}

type dropArg struct{ Method, URL string }

func (s *Studio) dropStub(_ context.Context, a dropArg) (*Outside, error) {
	w, err := s.workspace()
	if err != nil {
		return nil, err
	}
	if err := w.harness.SetStubs(stubsBut(w.harness.Stubs(), a.Method, a.URL)); err != nil {
		return nil, err
	}
	return w.outside(), nil
}

func (s *Studio) forgetCalls(context.Context, none) (*Outside, error) {
	w, err := s.workspace()
	if err != nil {
		return nil, err
	}
	w.harness.ForgetCalls()
	return w.outside(), nil
}

func stubsBut(stubs []world.Stub, method, url string) []world.Stub {
	out := []world.Stub{}
	for _, s := range stubs {
		if s.Method != method || s.URL != url {
			out = append(out, s)
		}
	}
	return out
}
