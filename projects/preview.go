package projects

import (
	"io/fs"
	"maps"
	"slices"

	"github.com/authflow-studio/authflow/engine/block/catalogue"
	"github.com/authflow-studio/authflow/engine/flow"
)

// Preview is a flow as a small drawing: cards where the canvas has them.
type Preview struct {
	Width  float64       `json:"width"`
	Height float64       `json:"height"`
	Lanes  []float64     `json:"lanes"` // where each but the first begins
	Cards  []PreviewCard `json:"cards"`
	Edges  [][2]int      `json:"edges"` // from card, to card
}

// PreviewCard is one block.
type PreviewCard struct {
	X      float64 `json:"x"`
	Y      float64 `json:"y"`
	Height float64 `json:"height"`
	Family string  `json:"family"`
}

// Measures of the canvas, as frontend/src/document draws it.
const (
	cardWidth  = 224
	cardHead   = 58
	portHeight = 22
	lanePad    = 56
)

// previewOf draws a flow of a project.
func previewOf(fsys fs.FS, slug string) (Preview, error) {
	text, err := fs.ReadFile(fsys, flow.FlowPath(slug))
	if err != nil {
		return Preview{}, err
	}
	f, err := flow.Decode(flow.FlowPath(slug), text)
	if err != nil {
		return Preview{}, err
	}
	if text, err = fs.ReadFile(fsys, flow.LayoutPath(slug)); err != nil {
		return Preview{}, err
	}
	l, err := flow.DecodeLayout(flow.LayoutPath(slug), text)
	if err != nil {
		return Preview{}, err
	}
	return preview(f, l), nil
}

func preview(f *flow.Flow, l *flow.Layout) Preview {
	ids := slices.Sorted(maps.Keys(f.Blocks))
	all := catalogue.All()
	p := Preview{Lanes: []float64{}, Edges: [][2]int{}}
	begins := map[string]float64{}
	for i, stage := range f.StageOrder() {
		if begins[stage] = p.Width; i > 0 {
			p.Lanes = append(p.Lanes, p.Width)
		}
		width := float64(cardWidth + 2*lanePad)
		for _, id := range ids {
			if f.Blocks[id].Stage == stage {
				width = max(width, l.Blocks[id].X+cardWidth+lanePad)
			}
		}
		p.Width += width
	}
	for _, id := range ids {
		b := f.Blocks[id]
		c := PreviewCard{X: begins[b.Stage] + l.Blocks[id].X, Y: l.Blocks[id].Y, Height: cardHead + portHeight*float64(len(b.Next))}
		if d, ok := all.Descriptor(b.Type); ok {
			c.Family = d.Family
		}
		p.Cards = append(p.Cards, c)
		p.Height = max(p.Height, c.Y+c.Height+lanePad)
		for _, port := range slices.Sorted(maps.Keys(b.Next)) {
			p.Edges = append(p.Edges, [2]int{slices.Index(ids, id), slices.Index(ids, b.Next[port])})
		}
	}
	return p
}
