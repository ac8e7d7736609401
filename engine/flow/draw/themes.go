package draw

import "image/color"

// Theme is a set of colours, those of frontend/src/ui/tokens.css.
type Theme struct {
	Name                                               string
	canvas, laneOdd, surface, head, border, strong     color.NRGBA
	text, text2, text3, onStart, note, noteLine, frame color.NRGBA
	tones                                              map[string]color.NRGBA
	families                                           [8]color.NRGBA
}

// Light and Dark are the themes of the studio.
var (
	Light = Theme{Name: "light", canvas: rgb(0xf7f8fa), laneOdd: rgb(0xf1f2f5), surface: rgb(0xffffff), head: rgb(0xffffff), border: rgb(0xe2e5eb), strong: rgb(0xc6ccd6),
		text: rgb(0x1a1e27), text2: rgb(0x4c5463), text3: rgb(0x646c7b), onStart: rgb(0xffffff), note: rgb(0xfdf2dd), noteLine: rgb(0xe5c98f), frame: rgb(0xeceefb),
		tones:    map[string]color.NRGBA{"good": rgb(0x17794a), "bad": rgb(0xc02f37), "warn": rgb(0xcf8a16), "neutral": rgb(0x6b7484)},
		families: [8]color.NRGBA{rgb(0x3f5fd0), rgb(0xb05d00), rgb(0x7a48c2), rgb(0x0c7c86), rgb(0xb03a78), rgb(0x566072), rgb(0x2d7d46), rgb(0xa83f3a)}}
	Dark = Theme{Name: "dark", canvas: rgb(0x121419), laneOdd: rgb(0x161920), surface: rgb(0x171a20), head: rgb(0x171a20), border: rgb(0x262b34), strong: rgb(0x3b424f),
		text: rgb(0xe7e9ee), text2: rgb(0xaeb5c1), text3: rgb(0x8d95a3), onStart: rgb(0x171a20), note: rgb(0x312612), noteLine: rgb(0x6b5426), frame: rgb(0x1b1e31),
		tones:    map[string]color.NRGBA{"good": rgb(0x4fc78a), "bad": rgb(0xf27e82), "warn": rgb(0xe2a84b), "neutral": rgb(0x8b94a4)},
		families: [8]color.NRGBA{rgb(0x8ba2ff), rgb(0xeba458), rgb(0xbf98f2), rgb(0x55c2cb), rgb(0xf08cbf), rgb(0xa5afbf), rgb(0x76c68e), rgb(0xf0928c)}}
)

// ThemeByName answers a theme, and false for a name that is none.
func ThemeByName(name string) (Theme, bool) {
	switch name {
	case Light.Name, "":
		return Light, true
	case Dark.Name:
		return Dark, true
	}
	return Theme{}, false
}

func rgb(hex uint32) color.NRGBA {
	return color.NRGBA{R: uint8(hex >> 16), G: uint8(hex >> 8), B: uint8(hex), A: 255}
}

func (t Theme) tone(name string) color.NRGBA {
	if c, ok := t.tones[name]; ok {
		return c
	}
	return t.tones["neutral"]
}
