package flow

import (
	"reflect"
	"strings"
	"testing"

	"github.com/go-json-experiment/json/jsontext"
)

// TestNothingIsWrittenThatNobodySet: Encode leaves out what is absent, and for
// numbers and booleans that takes omitzero: omitempty speaks of empty strings,
// lists and objects alone.
func TestNothingIsWrittenThatNobodySet(t *testing.T) {
	seen := map[reflect.Type]bool{}
	for _, v := range []any{Flow{}, Layout{}, Settings{}} {
		absentFields(t, reflect.TypeOf(v), seen)
	}
	if len(seen) < 10 {
		t.Errorf("only %d types were looked at", len(seen))
	}
}

func absentFields(t *testing.T, typ reflect.Type, seen map[reflect.Type]bool) {
	for typ.Kind() == reflect.Pointer || typ.Kind() == reflect.Slice || typ.Kind() == reflect.Map {
		typ = typ.Elem()
	}
	if typ.Kind() != reflect.Struct || seen[typ] {
		return
	}
	seen[typ] = true
	for i := range typ.NumField() {
		f := typ.Field(i)
		tag := f.Tag.Get("json")
		switch f.Type.Kind() {
		case reflect.Bool, reflect.Int, reflect.Int64, reflect.Float64:
			if strings.Contains(tag, ",omitempty") {
				t.Errorf("%s.%s has the tag %q, which writes %s where nobody set it: use omitzero", typ.Name(), f.Name, tag, f.Type)
			}
		}
		absentFields(t, f.Type, seen)
	}
}

// TestAChangeIsAsSmallInTheFileAsInMeaning: what was there keeps its place and
// its bytes; what is new comes behind.
func TestAChangeIsAsSmallInTheFileAsInMeaning(t *testing.T) {
	before := "{\n  \"format\": 1,\n  \"name\": \"Login\",\n  \"trigger\": \"login\",\n  \"enabled\": true,\n  \"start\": \"b\",\n  \"blocks\": {\n    \"b\": {\n      \"type\": \"page\",\n      \"stage\": \"s\"\n    },\n    \"a\": {\n      \"type\": \"end\",\n      \"stage\": \"s\"\n    }\n  }\n}\n"
	f, err := Decode("x.json", []byte(before))
	if err != nil {
		t.Fatal(err)
	}
	// The same in other white space stays as somebody wrote it.
	for _, text := range []string{before, strings.ReplaceAll(before, "  ", "\t")} {
		if got, err := EncodeLike(f, []byte(text)); err != nil || string(got) != text {
			t.Errorf("unchanged, and written as\n%s%v", got, err)
		}
	}
	f.Blocks["b"].Label = "Sign in"
	f.Blocks["0"] = &Block{Type: "new", Stage: "s"}
	delete(f.Blocks, "a")
	want := strings.Replace(before, "      \"stage\": \"s\"\n    },\n    \"a\": {\n      \"type\": \"end\",\n", "      \"stage\": \"s\",\n      \"label\": \"Sign in\"\n    },\n    \"0\": {\n      \"type\": \"new\",\n", 1)
	if got, err := EncodeLike(f, []byte(before)); err != nil || string(got) != want {
		t.Errorf("written as\n%s%v\nwant\n%s", got, err, want)
	}
	// What cannot be read has no order, and is replaced.
	plain, err := Encode(f)
	if err != nil {
		t.Fatal(err)
	}
	for _, broken := range []string{"", "{", "[]", "null", `{"a": 1, "a": 2}`} {
		if got, err := EncodeLike(f, []byte(broken)); err != nil || string(got) != string(plain) {
			t.Errorf("over %q: %s%v", broken, got, err)
		}
	}
}

func FuzzEncodeLike(f *testing.F) {
	f.Add(`{"b":1,"a":[{"y":1,"x":2}]}`, `{"a":[{"x":1,"y":2},3],"b":{}}`)
	f.Fuzz(func(t *testing.T, before, now string) {
		v := jsontext.Value(now)
		if !v.IsValid() || v.Canonicalize() != nil {
			return // not what a value is encoded to
		}
		got, err := EncodeLike(v, []byte(before))
		if err != nil {
			t.Fatal(err)
		}
		if !same(got, v) {
			t.Errorf("over %q\n%s\nis not\n%s", before, got, now)
		}
	})
}
