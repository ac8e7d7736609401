package server_test

import (
	"context"
	"sync"
	"testing"

	"github.com/authflow-studio/authflow/engine/flow"
)

// A save, a run and the watcher of a folder may all want the project taken over
// at the same moment: they wait for one another (under -race it shows).
func TestAProjectIsTakenOverOnceAtATime(t *testing.T) {
	r := newRig(t, nil, nil)
	files := starterFiles(t)
	p, problems := flow.Load(files)
	if len(problems) > 0 {
		t.Fatal(problems[0])
	}
	var all sync.WaitGroup
	for range 4 {
		all.Go(func() {
			for range 10 {
				if err := r.Load(context.Background(), p, files[flow.WorldFile].Data); err != nil {
					t.Error(err)
				}
			}
		})
	}
	all.Wait()
	if len(r.People()) == 0 {
		t.Error("nobody is there")
	}
}
