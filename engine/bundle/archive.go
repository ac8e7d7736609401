package bundle

// This file writes and reads the one form of the archive.

import (
	"bytes"
	"encoding/binary"
	"hash/crc32"
	"unicode/utf8"
)

// entry is one file of the archive.
type entry struct {
	name string
	data []byte
}

// Limits of an archive.
const (
	maxArchive = 64 << 20
	maxEntries = 10_000
	maxName    = 512
)

// The fixed values of every entry. The date is the first that the format knows;
// zero would be the thirtieth of a month before the first.
const (
	zipVersion  = 20
	zipUTF8     = 0x0800
	zipDate     = 0x0021 // 1980-01-01
	zipUnix     = 3 << 8
	zipFileMode = 0o100644 << 16

	localMagic     = 0x04034b50
	directoryMagic = 0x02014b50
	endMagic       = 0x06054b50
	localSize      = 30
)

// pack writes the entries in the order given.
func pack(entries []entry) []byte {
	var out, directory bytes.Buffer
	for _, e := range entries {
		offset := out.Len()
		common := littleEndian(
			uint16(zipVersion), uint16(zipUTF8), uint16(0), uint16(0), uint16(zipDate),
			crc32.ChecksumIEEE(e.data), uint32(len(e.data)), uint32(len(e.data)), uint16(len(e.name)), uint16(0))
		out.Write(littleEndian(uint32(localMagic)))
		out.Write(common)
		out.WriteString(e.name)
		out.Write(e.data)
		directory.Write(littleEndian(uint32(directoryMagic), uint16(zipUnix|zipVersion)))
		directory.Write(common)
		directory.Write(littleEndian(uint16(0), uint16(0), uint16(0), uint32(zipFileMode), uint32(offset)))
		directory.WriteString(e.name)
	}
	start := out.Len()
	out.Write(directory.Bytes())
	n := uint16(len(entries))
	out.Write(littleEndian(uint32(endMagic), uint16(0), uint16(0), n, n, uint32(directory.Len()), uint32(start), uint16(0)))
	return out.Bytes()
}

func littleEndian(values ...any) []byte {
	var b []byte
	for _, v := range values {
		switch v := v.(type) {
		case uint16:
			b = binary.LittleEndian.AppendUint16(b, v)
		case uint32:
			b = binary.LittleEndian.AppendUint32(b, v)
		}
	}
	return b
}

// unpack reads an archive by its entries alone and then demands that packing
// them again gives the same bytes. So nothing else in the archive is ever
// interpreted, and nothing in it can go unseen.
func unpack(data []byte) ([]entry, error) {
	if len(data) < 4 || binary.LittleEndian.Uint32(data) != localMagic {
		return nil, refuse(CodeNotABundle, "", "is it a file that authflow export wrote?", "this is not a bundle")
	}
	var entries []entry
	for rest := data; ; {
		if len(rest) < 4 {
			return nil, cutShort()
		}
		if binary.LittleEndian.Uint32(rest) != localMagic {
			break
		}
		e, size, err := unpackEntry(rest)
		if err != nil {
			return nil, err
		}
		if len(entries) == maxEntries {
			return nil, refuse(CodeTooLarge, "", "", "the bundle holds more than %d files", maxEntries)
		}
		entries = append(entries, e)
		rest = rest[size:]
	}
	again := pack(entries)
	switch {
	case bytes.Equal(again, data):
		return entries, nil
	case len(data) < len(again) && bytes.HasPrefix(again, data):
		return nil, cutShort()
	}
	return nil, notCanonical("")
}

func unpackEntry(data []byte) (entry, int, error) {
	if len(data) < localSize {
		return entry{}, 0, cutShort()
	}
	method, flags := binary.LittleEndian.Uint16(data[8:]), binary.LittleEndian.Uint16(data[6:])
	size, stored := binary.LittleEndian.Uint32(data[22:]), binary.LittleEndian.Uint32(data[18:])
	name, extra := int(binary.LittleEndian.Uint16(data[26:])), binary.LittleEndian.Uint16(data[28:])
	if method != 0 || flags != zipUTF8 || size != stored || extra != 0 || name == 0 || name > maxName {
		return entry{}, 0, notCanonical("")
	}
	end := localSize + name + int(size)
	if end > len(data) {
		return entry{}, 0, cutShort()
	}
	e := entry{name: string(data[localSize : localSize+name]), data: data[localSize+name : end]}
	if !utf8.ValidString(e.name) {
		return entry{}, 0, refuse(CodeBadPath, "", "", "a path in the bundle is not valid text")
	}
	if crc32.ChecksumIEEE(e.data) != binary.LittleEndian.Uint32(data[14:]) {
		return entry{}, 0, refuse(CodeDigest, e.name, "fetch the bundle again", "the file was damaged")
	}
	return e, end, nil
}

func cutShort() *Error {
	return refuse(CodeNotABundle, "", "fetch it again", "the bundle is cut short")
}

func notCanonical(path string) *Error {
	return refuse(CodeNotCanonical, path, "load the file as authflow export wrote it; a bundle that was packed again is refused",
		"the archive is not in the form of a bundle")
}
