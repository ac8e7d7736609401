package cli

import (
	"net/http"
	"net/http/httptest"
	"os"
	"path/filepath"
	"testing"
	"time"
)

func TestV1_ABundleIsFetchedOnceForEachETag(t *testing.T) {
	version, sent := "one", 0
	web := httptest.NewServer(http.HandlerFunc(func(w http.ResponseWriter, r *http.Request) {
		w.Header().Set("ETag", `"`+version+`"`)
		if r.Header.Get("If-None-Match") == `"`+version+`"` {
			w.WriteHeader(http.StatusNotModified)
			return
		}
		if version == "broken" {
			http.Error(w, "no", http.StatusInternalServerError)
			return
		}
		sent++
		_, _ = w.Write([]byte(version))
	}))
	defer web.Close()
	from, err := sourceOf(web.URL + "/acme.afb")
	if err != nil {
		t.Fatal(err)
	}
	look := func(want string, fresh bool) {
		t.Helper()
		data, isFresh, err := from.read(t.Context())
		if err != nil || string(data) != want || isFresh != fresh {
			t.Errorf("%q, fresh %v, %v", data, isFresh, err)
		}
	}
	look("one", true)
	look("", false)
	version = "two"
	look("two", true)
	version = "broken"
	if _, _, err := from.read(t.Context()); err == nil {
		t.Error("an error of the address was a bundle")
	}
	version = "two"
	look("", false)
	if sent != 2 {
		t.Errorf("sent %d times", sent)
	}
	if _, err := sourceOf("http://example.com/acme.afb"); err == nil {
		t.Error("a bundle would be fetched without TLS")
	}
}

func TestV1_TheNewestBundleOfAFolder(t *testing.T) {
	dir := t.TempDir()
	put := func(name string, at time.Time) {
		t.Helper()
		file := filepath.Join(dir, name)
		if err := os.WriteFile(file, []byte(name), 0o600); err != nil {
			t.Fatal(err)
		}
		if err := os.Chtimes(file, at, at); err != nil {
			t.Fatal(err)
		}
	}
	from, err := sourceOf(dir)
	if err != nil {
		t.Fatal(err)
	}
	if _, _, err := from.read(t.Context()); err == nil {
		t.Error("an empty folder has a bundle")
	}
	now := time.Now()
	put("b.afb", now.Add(-time.Hour))
	put("a.afb", now.Add(-time.Minute))
	put("readme.txt", now)
	if data, fresh, err := from.read(t.Context()); err != nil || !fresh || string(data) != "a.afb" {
		t.Errorf("%q, %v, %v", data, fresh, err)
	}
	if _, fresh, _ := from.read(t.Context()); fresh {
		t.Error("the same is new again")
	}
	put("c.afb", now)
	if data, fresh, _ := from.read(t.Context()); !fresh || string(data) != "c.afb" {
		t.Errorf("%q, %v", data, fresh)
	}
}
