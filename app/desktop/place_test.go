package desktop

import (
	"testing"

	"github.com/authflow-studio/authflow/app/studio"
)

func TestTheWindowOpensWhereItCanBeSeen(t *testing.T) {
	one, two := []extent{{1920, 1080}}, []extent{{1920, 1080}, {2560, 1440}}
	for name, c := range map[string]struct {
		was     studio.WindowPlace
		screens []extent
		want    studio.WindowPlace
	}{
		"as it was":               {studio.WindowPlace{X: 100, Y: 50, Width: 1200, Height: 800}, one, studio.WindowPlace{X: 100, Y: 50, Width: 1200, Height: 800}},
		"larger than the screen":  {studio.WindowPlace{X: 100, Y: 50, Width: 3000, Height: 2000}, one, studio.WindowPlace{Width: 1920, Height: 1080}},
		"off to the right, below": {studio.WindowPlace{X: 5000, Y: 4000, Width: 1200, Height: 800}, one, studio.WindowPlace{X: 720, Y: 280, Width: 1200, Height: 800}},
		"off to the left, above":  {studio.WindowPlace{X: -5000, Y: -10, Width: 1200, Height: 800}, one, studio.WindowPlace{Width: 1200, Height: 800}},
		"on the screen beside":    {studio.WindowPlace{X: 2500, Y: 300, Width: 1200, Height: 800}, two, studio.WindowPlace{X: 2500, Y: 300, Width: 1200, Height: 800}},
		"on the screen below":     {studio.WindowPlace{X: 300, Y: 1500, Width: 1200, Height: 800}, two, studio.WindowPlace{X: 300, Y: 1500, Width: 1200, Height: 800}},
		"beside and below":        {studio.WindowPlace{X: 2500, Y: 1500, Width: 1200, Height: 800}, two, studio.WindowPlace{X: 2500, Y: 640, Width: 1200, Height: 800}},
		"nothing known":           {studio.WindowPlace{X: 2500, Y: 300, Width: 1200, Height: 800}, nil, studio.WindowPlace{X: 2500, Y: 300, Width: 1200, Height: 800}},
		"maximised":               {studio.WindowPlace{X: 9000, Y: 50, Width: 1200, Height: 800, Maximised: true}, one, studio.WindowPlace{X: 720, Y: 50, Width: 1200, Height: 800, Maximised: true}},
	} {
		if got := within(c.was, c.screens); got != c.want {
			t.Errorf("%s: %+v, want %+v", name, got, c.want)
		}
	}
}

func TestTheWindowHasASizeThatItCanHave(t *testing.T) {
	for _, c := range []struct {
		was, want studio.WindowPlace
		known     bool
	}{
		{studio.WindowPlace{}, studio.WindowPlace{Width: 1440, Height: 900}, false},
		{studio.WindowPlace{X: 7, Y: 7, Width: -1, Height: 900}, studio.WindowPlace{Width: 1440, Height: 900}, false},
		{studio.WindowPlace{X: 7, Y: 7, Width: 10, Height: 10}, studio.WindowPlace{X: 7, Y: 7, Width: 960, Height: 600}, true},
	} {
		if got, known := sized(c.was); got != c.want || known != c.known {
			t.Errorf("%+v: %+v %v", c.was, got, known)
		}
	}
}
