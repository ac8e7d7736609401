package desktop

import "github.com/authflow-studio/authflow/app/studio"

// This file says where the window opens: where it was, as far as that can still
// be seen.

// The size of a window that nobody has changed, and the least that it can have.
const (
	firstWidth, firstHeight = 1440, 900
	leastWidth, leastHeight = 960, 600
)

// extent is the size of a screen.
type extent struct{ width, height int }

// sized answers where the window was with a size that it can have, and whether
// that is known.
func sized(p studio.WindowPlace) (studio.WindowPlace, bool) {
	if p.Width <= 0 || p.Height <= 0 {
		return studio.WindowPlace{Width: firstWidth, Height: firstHeight}, false
	}
	p.Width, p.Height = max(p.Width, leastWidth), max(p.Height, leastHeight)
	return p, true
}

// within answers the nearest place to p that can be seen. What the system tells
// of screens is how large they are, not how they stand: a place that is beyond
// the largest one way must be within the largest the other way.
func within(p studio.WindowPlace, screens []extent) studio.WindowPlace {
	if len(screens) == 0 {
		return p
	}
	var largest, all extent
	for _, s := range screens {
		largest.width, largest.height = max(largest.width, s.width), max(largest.height, s.height)
		all.width, all.height = all.width+s.width, all.height+s.height
	}
	p.Width, p.Height = min(p.Width, largest.width), min(p.Height, largest.height)
	p.X = between(p.X, all.width-p.Width)
	below := all.height
	if p.X+p.Width > largest.width {
		below = largest.height
	}
	p.Y = between(p.Y, below-p.Height)
	return p
}

func between(n, most int) int { return max(0, min(n, most)) }
