//go:build windowtest

package windowtest

import (
	"errors"
	"image"
	"os"
	"path/filepath"
	"testing"
)

// saveDialog waits for the system's dialog with a title, and gives it the keyboard:
// without a window manager nobody else does.
func saveDialog(t *testing.T, screen *Screen, title string) (id string) {
	t.Helper()
	err := Until(func() (bool, error) {
		if id = screen.Find("^" + title + "$"); id == "" {
			return false, nil
		}
		return true, screen.Focus(id)
	})
	if err != nil {
		t.Fatalf("the system's dialog %q does not open: %v", title, err)
	}
	return id
}

// paintedOver waits until a window is painted over what was there before.
func paintedOver(t *testing.T, screen *Screen, id string, before image.Image) image.Image {
	t.Helper()
	part, err := screen.Place(id)
	if err != nil {
		t.Fatal(err)
	}
	var img image.Image
	err = Until(func() (bool, error) {
		var err error
		if img, err = screen.Picture(); err != nil {
			return false, err
		}
		other, all := 0, 0
		for y := part.Min.Y; y < part.Max.Y; y += 4 {
			for x := part.Min.X; x < part.Max.X; x += 4 {
				if all++; img.At(x, y) != before.At(x, y) {
					other++
				}
			}
		}
		return other > all/2 && Colors(img, part) > 50, nil
	})
	if err != nil {
		t.Fatalf("the dialog at %v is not painted: %v", part, err)
	}
	return img
}

func gone(t *testing.T, screen *Screen, title string) {
	t.Helper()
	if err := Until(func() (bool, error) { return screen.Find("^"+title+"$") == "", nil }); err != nil {
		t.Fatalf("the system's dialog %q stays: %v", title, err)
	}
}

// The system's dialog chooses where a bundle is written, by its keyboard: who
// gives it up changes nothing, who accepts a path finds the file there.
func TestTheSystemsDialogChoosesWhereABundleIsWritten(t *testing.T) {
	p := programs(t)
	project := newProject(t, p)
	s, screen := openWindow(t, p, project)
	file := filepath.Join(t.TempDir(), "chosen.afb")
	const path = `document.querySelector('#export-path')?.value`
	button := func(name string) string {
		return `[...document.querySelectorAll('button')].find((b) => b.textContent.trim().startsWith('` + name + `'))`
	}
	s.press("Bundles", "%s", `[...document.querySelectorAll('nav button')].find((b) => b.textContent.includes('Bundles'))`)
	s.press("Export…", "%s", button("Export…"))
	s.until("the dialog asks for the file", "(%s ?? '').endsWith('.afb')", path)
	before := eval[string](s, path)

	behind, err := screen.Picture()
	if err != nil {
		t.Fatal(err)
	}
	s.press("Choose…", "%s", button("Choose…"))
	id := saveDialog(t, screen, "Export bundle")
	keep(t, filepath.Join(p.Artifacts, "save-dialog.png"), paintedOver(t, screen, id, behind))
	if err := screen.Press("Escape"); err != nil {
		t.Fatal(err)
	}
	gone(t, screen, "Export bundle")
	if now := eval[string](s, path); now != before {
		t.Errorf("giving it up made %q of %q", now, before)
	}

	// A name alone is in the folder that the dialog has opened in: the project, for
	// its dist is not there yet.
	for _, typed := range []string{"named.afb", file} {
		chosen := typed
		if !filepath.IsAbs(typed) {
			chosen = filepath.Join(project, typed)
		}
		s.press("Choose… again", "%s", button("Choose…"))
		saveDialog(t, screen, "Export bundle")
		if err := errors.Join(screen.Press("ctrl+a"), screen.Type(typed), screen.Press("Return")); err != nil {
			t.Fatal(err)
		}
		gone(t, screen, "Export bundle")
		s.until("the chosen path is taken", "%s === %q", path, chosen)
	}
	if _, err := os.Stat(file); err == nil {
		t.Error("choosing wrote the file already")
	}
	s.press("Export", "%s", button("Export unsigned"))
	s.until("the bundle is written", `document.body.innerText.includes('Bundle written')`)
	if info, err := os.Stat(file); err != nil || info.Size() == 0 {
		t.Errorf("the bundle: %v, %v", info, err)
	}
	if _, err := os.Stat(before); err == nil {
		t.Errorf("a bundle stands at %s as well", before)
	}
}
