//go:build windowtest

package windowtest

import (
	"encoding/json"
	"image"
	"os"
	"path/filepath"
	"testing"
)

const title = "Authflow Studio"

// openAgain opens the window of a person who has been here before, whose folder
// is home, on a display that is there.
func openAgain(t *testing.T, p Programs, screen *Screen, home, project string) (id string, end func()) {
	t.Helper()
	window, page, err := p.OpenWindow(screen, home, project)
	if err != nil {
		t.Fatal(err)
	}
	(&studio{t: t, page: page}).ready()
	if err := Until(func() (bool, error) { id = screen.Find(title); return id != "", nil }); err != nil {
		closed(t, window.Close())
		t.Fatal("the window has no title:", err)
	}
	return id, func() { closed(t, window.Close()) }
}

func stands(t *testing.T, screen *Screen, id string, want image.Rectangle) {
	t.Helper()
	var at image.Rectangle
	err := Until(func() (_ bool, err error) {
		at, err = screen.Place(id)
		return at == want, err
	})
	if err != nil {
		t.Fatalf("the window stands at %v, not at %v: %v", at, want, err)
	}
}

// A window comes back where it was, as large as it was; one that was on a screen
// that is no longer there comes to where it can be seen.
func TestTheWindowComesBackWhereItWas(t *testing.T) {
	p := programs(t)
	screen, home, project := openScreen(t), t.TempDir(), newProject(t, p)
	kept := filepath.Join(home, "config", "studio.json")

	id, end := openAgain(t, p, screen, home, project)
	want := image.Rect(120, 70, 120+1100, 70+700)
	if err := screen.Put(id, want); err != nil {
		t.Fatal(err)
	}
	stands(t, screen, id, want)
	if err := Until(func() (bool, error) { return placeIn(t, kept) == want, nil }); err != nil {
		t.Fatalf("kept is %v: %v", placeIn(t, kept), err)
	}
	end()

	id, end = openAgain(t, p, screen, home, project)
	stands(t, screen, id, want)
	end()

	keepPlace(t, kept, image.Rect(5000, 4000, 5000+1200, 4000+800))
	id, end = openAgain(t, p, screen, home, project)
	stands(t, screen, id, image.Rect(width-1200, height-800, width, height))
	end()
}

type keptPlace struct{ X, Y, Width, Height int }

func placeIn(t *testing.T, file string) image.Rectangle {
	t.Helper()
	text, err := os.ReadFile(file)
	if err != nil {
		t.Fatal(err)
	}
	var p struct{ Window keptPlace }
	if err := json.Unmarshal(text, &p); err != nil {
		t.Fatal(err)
	}
	return image.Rect(p.Window.X, p.Window.Y, p.Window.X+p.Window.Width, p.Window.Y+p.Window.Height)
}

func keepPlace(t *testing.T, file string, r image.Rectangle) {
	t.Helper()
	text, err := os.ReadFile(file)
	if err != nil {
		t.Fatal(err)
	}
	var all map[string]any
	if err := json.Unmarshal(text, &all); err != nil {
		t.Fatal(err)
	}
	all["window"] = map[string]int{"x": r.Min.X, "y": r.Min.Y, "width": r.Dx(), "height": r.Dy()}
	if text, err = json.Marshal(all); err != nil {
		t.Fatal(err)
	}
	if err := os.WriteFile(file, text, 0o600); err != nil {
		t.Fatal(err)
	}
}
