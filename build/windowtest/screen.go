// Package windowtest tries the studio as a person has it: in its real window on
// a display without a screen, and in a real Chromium.
//
// It owns: the display and its hand, the line to a web view's inspector, the
// tests (tagged windowtest, since they need what `build/setup.sh screen webview
// browser` installs).
// It delegates: building the programs to the Makefile.
// The law: clicks are real; script is only used to look and to wait.
package windowtest

import (
	"bufio"
	"bytes"
	"encoding/binary"
	"errors"
	"fmt"
	"image"
	"image/color"
	"os"
	"os/exec"
	"path/filepath"
	"strconv"
	"strings"
)

// Screen is a display without a screen.
type Screen struct {
	Display string
	dir     string // holds its picture
	server  *exec.Cmd
}

// OpenScreen starts a display. dir is for its files.
func OpenScreen(dir string, width, height int) (*Screen, error) {
	read, write, err := os.Pipe()
	if err != nil {
		return nil, err
	}
	defer read.Close()
	s := &Screen{dir: dir}
	s.server = exec.Command("Xvfb", "-displayfd", "3", "-fbdir", dir, "-nolisten", "tcp", "-screen", "0", fmt.Sprintf("%dx%dx24", width, height))
	s.server.ExtraFiles = []*os.File{write}
	var said bytes.Buffer
	s.server.Stderr = &said
	if err := errors.Join(s.server.Start(), write.Close()); err != nil {
		return nil, err
	}
	number, err := bufio.NewReader(read).ReadString('\n')
	if err != nil {
		return nil, errors.Join(fmt.Errorf("no display from Xvfb: %s", &said), s.Close())
	}
	s.Display = ":" + strings.TrimSpace(number)
	return s, nil
}

// Close ends the display.
func (s *Screen) Close() error {
	if err := s.server.Process.Kill(); err != nil {
		return err
	}
	_ = s.server.Wait() // it was killed
	return nil
}

// Click presses the left button at a place, as a hand does: move, rest, press,
// release.
func (s *Screen) Click(x, y int) error {
	return s.hand("mousemove", strconv.Itoa(x), strconv.Itoa(y), "sleep", "0.05", "click", "1")
}

func (s *Screen) hand(args ...string) error {
	_, err := s.ask(args...)
	return err
}

// ask does what the hand is told, and answers what it says.
func (s *Screen) ask(args ...string) (string, error) {
	cmd := exec.Command("xdotool", args...)
	cmd.Env = append(os.Environ(), "DISPLAY="+s.Display)
	text, err := cmd.CombinedOutput()
	if err != nil {
		return "", fmt.Errorf("xdotool %s: %w: %s", strings.Join(args, " "), err, text)
	}
	return string(text), nil
}

// Find answers the window that has a title and is seen, "" for none.
func (s *Screen) Find(title string) string {
	found, err := s.ask("search", "--onlyvisible", "--name", title)
	if err != nil {
		return "" // none
	}
	id, _, _ := strings.Cut(found, "\n")
	return id
}

// Place answers where a window is.
func (s *Screen) Place(id string) (image.Rectangle, error) {
	said, err := s.ask("getwindowgeometry", "--shell", id)
	if err != nil {
		return image.Rectangle{}, err
	}
	n := map[string]int{}
	for line := range strings.Lines(said) {
		name, value, _ := strings.Cut(strings.TrimSpace(line), "=")
		n[name], _ = strconv.Atoi(value)
	}
	return image.Rect(n["X"], n["Y"], n["X"]+n["WIDTH"], n["Y"]+n["HEIGHT"]), nil
}

// Put moves a window and makes it as large as asked, as its frame would.
func (s *Screen) Put(id string, to image.Rectangle) error {
	n := strconv.Itoa
	return s.hand("windowsize", id, n(to.Dx()), n(to.Dy()), "windowmove", id, n(to.Min.X), n(to.Min.Y))
}

// Focus gives a window the keyboard.
func (s *Screen) Focus(id string) error { return s.hand("windowfocus", "--sync", id) }

// Type writes a text on the keyboard.
func (s *Screen) Type(text string) error { return s.hand("type", "--delay", "20", text) }

// Press presses keys, such as ctrl+a.
func (s *Screen) Press(keys ...string) error {
	return s.hand(append([]string{"key", "--delay", "40"}, keys...)...)
}

// Picture is what a person would see now.
func (s *Screen) Picture() (image.Image, error) {
	data, err := os.ReadFile(filepath.Join(s.dir, "Xvfb_screen0"))
	if err != nil {
		return nil, err
	}
	return decodeXWD(data)
}

// xwdHeader is the beginning of a window dump (X11/XWDFile.h).
type xwdHeader struct {
	Size, Version, Format, Depth, Width, Height, XOffset, ByteOrder, Unit, BitOrder, Pad, BitsPerPixel, BytesPerLine,
	Visual, Red, Green, Blue, BitsPerRGB, ColorEntries, Colors uint32
}

// xwdColor is the size of an entry of the table of colours.
const xwdColor = 12

// decodeXWD reads the one kind of dump that a display of 24 bits makes.
func decodeXWD(data []byte) (image.Image, error) {
	var h xwdHeader
	if err := binary.Read(bytes.NewReader(data), binary.BigEndian, &h); err != nil {
		return nil, fmt.Errorf("the picture of the display is cut short: %w", err)
	}
	if h.BitsPerPixel != 32 || h.Red != 0xff0000 || h.ByteOrder != 0 {
		return nil, fmt.Errorf("the picture of the display has %d bits a pixel and red at %x: 32 and ff0000 are read", h.BitsPerPixel, h.Red)
	}
	begin := int(h.Size + h.Colors*xwdColor)
	if len(data) < begin+int(h.BytesPerLine*h.Height) {
		return nil, errors.New("the picture of the display is cut short")
	}
	img := image.NewRGBA(image.Rect(0, 0, int(h.Width), int(h.Height)))
	for y := range int(h.Height) {
		row := data[begin+y*int(h.BytesPerLine):]
		for x := range int(h.Width) {
			img.SetRGBA(x, y, color.RGBA{R: row[4*x+2], G: row[4*x+1], B: row[4*x], A: 0xff})
		}
	}
	return img, nil
}

// Colors counts the different colours in a part of a picture: what is blank has
// few.
func Colors(img image.Image, part image.Rectangle) int {
	seen := map[color.Color]bool{}
	for y := part.Min.Y; y < part.Max.Y; y++ {
		for x := part.Min.X; x < part.Max.X; x++ {
			seen[img.At(x, y)] = true
		}
	}
	return len(seen)
}
