// Package bundletest takes bundles apart and puts them together again in ways that
// nobody should accept.
//
// It owns: a packer that writes the form of a bundle whatever is in it.
// It delegates: nothing; it knows the form by itself, so that a fault of the real
// packer is no fault of the tests.
// The law: tests alone import it.
package bundletest

import (
	"archive/zip"
	"bytes"
	"encoding/binary"
	"hash/crc32"
	"io"
	"slices"
	"strings"
	"testing"
)

// Part is an entry of a bundle.
type Part struct{ Name, Text string }

// Parts unpacks a bundle into its entries, in order.
func Parts(t testing.TB, data []byte) []Part {
	t.Helper()
	r, err := zip.NewReader(bytes.NewReader(data), int64(len(data)))
	if err != nil {
		t.Fatal(err)
	}
	var out []Part
	for _, f := range r.File {
		rc, err := f.Open()
		if err != nil {
			t.Fatal(err)
		}
		text, err := io.ReadAll(rc)
		if err != nil {
			t.Fatal(err)
		}
		out = append(out, Part{f.Name, string(text)})
	}
	return out
}

// With answers the parts and one more.
func With(parts []Part, name, text string) []Part {
	return append(slices.Clone(parts), Part{name, text})
}

// Changed answers the parts with one text replaced in one of them.
func Changed(t testing.TB, parts []Part, name, old, next string) []Part {
	t.Helper()
	at := slices.IndexFunc(parts, func(p Part) bool { return p.Name == name })
	if at < 0 || !strings.Contains(parts[at].Text, old) {
		t.Fatalf("%s has no %s", name, old)
	}
	out := slices.Clone(parts)
	out[at].Text = strings.Replace(out[at].Text, old, next, 1)
	return out
}

// Pack writes parts in the form of a bundle, whatever they are.
func Pack(parts []Part) []byte {
	var out, dir bytes.Buffer
	le := binary.LittleEndian
	for _, f := range parts {
		head := le.AppendUint16(le.AppendUint16(nil, 20), 0x800)
		head = le.AppendUint16(le.AppendUint32(head, 0), 0x21)
		head = le.AppendUint32(head, crc32.ChecksumIEEE([]byte(f.Text)))
		head = le.AppendUint32(le.AppendUint32(head, uint32(len(f.Text))), uint32(len(f.Text)))
		head = le.AppendUint16(le.AppendUint16(head, uint16(len(f.Name))), 0)
		dir.Write(le.AppendUint16(le.AppendUint32(nil, 0x02014b50), 3<<8|20))
		dir.Write(head)
		dir.Write(make([]byte, 6))
		dir.Write(le.AppendUint32(le.AppendUint32(nil, 0o100644<<16), uint32(out.Len())))
		dir.WriteString(f.Name)
		out.Write(le.AppendUint32(nil, 0x04034b50))
		out.Write(head)
		out.WriteString(f.Name + f.Text)
	}
	start, n := out.Len(), uint16(len(parts))
	out.Write(dir.Bytes())
	end := le.AppendUint32(le.AppendUint32(nil, 0x06054b50), 0)
	end = le.AppendUint16(le.AppendUint16(end, n), n)
	end = le.AppendUint32(le.AppendUint32(end, uint32(dir.Len())), uint32(start))
	out.Write(le.AppendUint16(end, 0))
	return out.Bytes()
}

// Zip writes parts as another program would, each with a header of its own.
func Zip(t testing.TB, parts []Part, header func(*zip.FileHeader)) []byte {
	t.Helper()
	var out bytes.Buffer
	w := zip.NewWriter(&out)
	for _, f := range parts {
		h := &zip.FileHeader{Name: f.Name, Method: zip.Store}
		header(h)
		to, err := w.CreateHeader(h)
		if err == nil {
			_, err = io.WriteString(to, f.Text)
		}
		if err != nil {
			t.Fatal(err)
		}
	}
	if err := w.Close(); err != nil {
		t.Fatal(err)
	}
	return out.Bytes()
}
