package draw_test

import (
	"bytes"
	"encoding/xml"
	"errors"
	"image/png"
	"io"
	"strings"
	"testing"

	"github.com/authflow-studio/authflow/engine/flow"
	"github.com/authflow-studio/authflow/engine/flow/draw"
)

func sample() (*flow.Flow, *flow.Layout) {
	f := &flow.Flow{Format: 1, Name: "Sign <in>", Trigger: "login", Start: "ask", Blocks: map[string]*flow.Block{
		"ask":  {Type: "page", Stage: "pre_login", Next: map[string]string{"ok": "look", "error": "no"}},
		"look": {Type: "look", Stage: "post_auth", Next: map[string]string{"ok": "end", "bad": "ask"}},
		"no":   {Type: "deny", Stage: "pre_login"},
		"end":  {Type: "issue", Stage: "post_login"},
	}}
	l := &flow.Layout{Format: 1, Blocks: map[string]flow.Position{"ask": {X: 56, Y: 64}, "look": {X: 56, Y: 64}, "no": {X: 56, Y: 300}},
		Notes:  map[string]flow.Note{"n1": {Stage: "post_auth", X: 40, Y: 400, Width: 200, Height: 80, Text: "Why & how it is looked at, in more words than one line holds"}},
		Frames: map[string]flow.Frame{"f1": {Title: "The first step", Blocks: []string{"ask", "no", "gone"}}}}
	return f, l
}

func describe(id string, b *flow.Block) draw.Card {
	c := draw.Card{Title: "Block " + id, Summary: "about " + id, Family: 1}
	if len(b.Next) > 0 {
		c.Ports = []draw.Port{{ID: "ok", Title: "fine", Tone: "good"}, {ID: "bad", Title: "wrong", Tone: "bad", Detail: "a < b"}}
		c.Error = &draw.Port{ID: "error", Title: "error", Tone: "bad"}
	}
	return c
}

// texts reads a picture as XML, so that one that is not well formed fails.
func texts(t *testing.T, svg []byte) (string, map[string]int) {
	t.Helper()
	d := xml.NewDecoder(bytes.NewReader(svg))
	var b strings.Builder
	count := map[string]int{}
	for {
		token, err := d.Token()
		if errors.Is(err, io.EOF) {
			return b.String(), count
		}
		if err != nil {
			t.Fatal(err)
		}
		switch v := token.(type) {
		case xml.StartElement:
			count[v.Name.Local]++
		case xml.CharData:
			b.Write(v)
			b.WriteByte('\n')
		}
	}
}

func TestAPictureHasEveryPart(t *testing.T) {
	f, l := sample()
	for _, theme := range []draw.Theme{draw.Light, draw.Dark} {
		svg := draw.Of(f, l, describe).SVG(theme)
		got, count := texts(t, svg)
		for _, want := range []string{"Sign <in>", "Pre-Login", "Post-Auth", "Post-Login", "Block ask", "about look", "fine", "wrong", "a < b", "The first step", "Why & how"} {
			if !strings.Contains(got, want) {
				t.Errorf("%s: %q is not in the picture", theme.Name, want)
			}
		}
		// Four wires and the one from the start, two lines between lanes, one below their heads.
		if count["path"] != 5+2+1 {
			t.Errorf("%s: %d paths", theme.Name, count["path"])
		}
		if bytes.Contains(svg, []byte("NaN")) || bytes.Contains(svg, []byte("href")) {
			t.Errorf("%s: the picture has no places, or needs something else", theme.Name)
		}
		if again := draw.Of(f, l, describe).SVG(theme); !bytes.Equal(svg, again) {
			t.Errorf("%s: drawn twice, and not the same", theme.Name)
		}
	}
}

func TestPointsShowWhatTheLinesDo(t *testing.T) {
	f, l := sample()
	data, err := draw.Of(f, l, describe).PNG(draw.Light, 1)
	if err != nil {
		t.Fatal(err)
	}
	img, err := png.Decode(bytes.NewReader(data))
	if err != nil {
		t.Fatal(err)
	}
	colours := map[[3]uint32]int{}
	for y := range img.Bounds().Dy() {
		for x := range img.Bounds().Dx() {
			r, g, b, _ := img.At(x, y).RGBA()
			colours[[3]uint32{r >> 8, g >> 8, b >> 8}]++
		}
	}
	for name, c := range map[string][3]uint32{"ground": {0xf7, 0xf8, 0xfa}, "card": {0xff, 0xff, 0xff}, "good wire": {0x17, 0x79, 0x4a}, "bad wire": {0xc0, 0x2f, 0x37}, "note": {0xfd, 0xf2, 0xdd}, "frame": {0xec, 0xee, 0xfb}} {
		if colours[c] < 20 {
			t.Errorf("%s: %d points of its colour", name, colours[c])
		}
	}
}

func TestAHugeFlowIsDrawnSmaller(t *testing.T) {
	f, l := sample()
	l.Blocks["no"] = flow.Position{X: 56, Y: 90_000}
	data, err := draw.Of(f, l, describe).PNG(draw.Dark, 2)
	if err != nil {
		t.Fatal(err)
	}
	c, err := png.DecodeConfig(bytes.NewReader(data))
	if err != nil || c.Height > 16_001 || c.Height < 15_000 {
		t.Errorf("%dx%d, %v", c.Width, c.Height, err)
	}
}

func TestMermaidNamesEveryOutcome(t *testing.T) {
	f, _ := sample()
	got := string(draw.Mermaid(f, describe))
	for _, want := range []string{`subgraph stage_1["Pre-Login"]`, `b_ask["Block ask · ask"]`, "start((start)) --> b_ask", `b_ask -->|"ok"| b_look`, `b_ask -->|"error"| b_no`, `b_look -->|"bad"| b_ask`, `b_end["Block end · end"]`} {
		if !strings.Contains(got, want) {
			t.Errorf("%q is not in\n%s", want, got)
		}
	}
}

func FuzzAnythingCanBeDrawn(f *testing.F) {
	f.Add("a", "ok", "b", 56.0, 64.0, "note")
	f.Add("", "", "", -1e9, 1e9, "\x00<&>")
	f.Fuzz(func(t *testing.T, id, port, to string, x, y float64, text string) {
		fl := &flow.Flow{Name: text, Trigger: "custom", Start: id, Blocks: map[string]*flow.Block{id: {Type: text, Stage: port, Next: map[string]string{port: to}}, to: {Stage: to}}}
		l := &flow.Layout{Blocks: map[string]flow.Position{id: {X: min(max(x, -1e6), 1e6), Y: min(max(y, -1e6), 1e6)}}}
		if svg := draw.Of(fl, l, describe).SVG(draw.Dark); len(svg) == 0 {
			t.Error("no picture")
		}
	})
}
