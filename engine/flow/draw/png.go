package draw

import (
	"bytes"
	"fmt"
	"image"
	"image/color"
	"image/png"
	"math"
	"sync"

	"golang.org/x/image/font"
	"golang.org/x/image/font/gofont/gobold"
	"golang.org/x/image/font/gofont/gomono"
	"golang.org/x/image/font/gofont/goregular"
	"golang.org/x/image/font/opentype"
	"golang.org/x/image/math/fixed"
	"golang.org/x/image/vector"
)

// maxSide bounds a picture: what is larger is drawn smaller.
const maxSide = 16_000

// PNG answers the picture as points; a scale of 2 is for screens of today.
func (p *Picture) PNG(t Theme, scale float64) ([]byte, error) {
	scale = min(max(scale, 0.1), 4, maxSide/p.size.w, maxSide/p.size.h)
	w, h := int(math.Ceil(p.size.w*scale)), int(math.Ceil(p.size.h*scale))
	k := &pngPen{img: image.NewRGBA(image.Rect(0, 0, w, h)), origin: point{p.size.x, p.size.y}, scale: scale}
	p.paint(t, k)
	var out bytes.Buffer
	if err := png.Encode(&out, k.img); err != nil {
		return nil, fmt.Errorf("draw: writing the picture: %w", err)
	}
	return out.Bytes(), nil
}

type pngPen struct {
	img    *image.RGBA
	origin point
	scale  float64
}

func (k *pngPen) at(p point) point {
	return point{(p.x - k.origin.x) * k.scale, (p.y - k.origin.y) * k.scale}
}

// fillAll paints closed shapes that all turn the same way, as one.
func (k *pngPen) fillAll(shapes [][]point, c color.NRGBA) {
	area := image.Rectangle{}
	for _, s := range shapes {
		for _, q := range s {
			area = area.Union(image.Rect(int(math.Floor(q.x))-1, int(math.Floor(q.y))-1, int(math.Ceil(q.x))+1, int(math.Ceil(q.y))+1))
		}
	}
	area = area.Intersect(k.img.Bounds())
	if area.Empty() {
		return
	}
	r := vector.NewRasterizer(area.Dx(), area.Dy())
	for _, s := range shapes {
		for i, q := range s {
			x, y := float32(q.x-float64(area.Min.X)), float32(q.y-float64(area.Min.Y))
			if i == 0 {
				r.MoveTo(x, y)
			} else {
				r.LineTo(x, y)
			}
		}
		r.ClosePath()
	}
	r.Draw(k.img, area, image.NewUniform(c), image.Point{})
}

func (k *pngPen) shape(points []point, fill, line paint) {
	scaled := make([]point, len(points))
	for i, q := range points {
		scaled[i] = k.at(q)
	}
	if fill.width > 0 {
		k.fillAll([][]point{scaled}, fill.color)
	}
	if line.width > 0 {
		k.stroke(append(scaled, scaled[0]), line)
	}
}

// stroke paints a line of a width: a bar for each piece, a disc for each joint.
func (k *pngPen) stroke(points []point, line paint) {
	half := line.width * k.scale / 2
	for _, part := range cut(points, line.dash*k.scale) {
		var shapes [][]point
		for i, q := range part {
			if i > 0 {
				shapes = append(shapes, bar(part[i-1], q, half))
			}
			if i > 0 && i < len(part)-1 && half > 0.6 {
				shapes = append(shapes, disc(q, half, 10))
			}
		}
		k.fillAll(shapes, line.color)
	}
}

func bar(a, b point, half float64) []point {
	d := distance(a, b)
	if d == 0 {
		return nil
	}
	nx, ny := -(b.y-a.y)/d*half, (b.x-a.x)/d*half
	return []point{{a.x - nx, a.y - ny}, {b.x - nx, b.y - ny}, {b.x + nx, b.y + ny}, {a.x + nx, a.y + ny}}
}

func disc(at point, radius float64, corners int) []point {
	out := make([]point, corners)
	for i := range out {
		sin, cos := math.Sincos(2 * math.Pi * float64(i) / float64(corners))
		out[i] = point{at.x + radius*cos, at.y + radius*sin}
	}
	return out
}

// cut answers the dashes of a line; without a dash, the line itself.
func cut(points []point, dash float64) [][]point {
	if dash <= 0 {
		return [][]point{points}
	}
	var out [][]point
	on, left, part := true, dash, []point{points[0]}
	for i := 1; i < len(points); i++ {
		from, to := points[i-1], points[i]
		for distance(from, to) > left {
			from = towards(from, to, left)
			if on {
				out = append(out, append(part, from))
			}
			on, left, part = !on, dash, []point{from}
		}
		left -= distance(from, to)
		part = append(part, to)
	}
	if on && len(part) > 1 {
		out = append(out, part)
	}
	return out
}

func (k *pngPen) rect(b box, radius float64, fill, line paint) {
	if radius == 0 {
		k.shape([]point{{b.x, b.y}, {b.right(), b.y}, {b.right(), b.bottom()}, {b.x, b.bottom()}}, fill, line)
		return
	}
	var points []point
	corners := []point{{b.right() - radius, b.bottom() - radius}, {b.x + radius, b.bottom() - radius}, {b.x + radius, b.y + radius}, {b.right() - radius, b.y + radius}}
	for i, c := range corners {
		for step := range 7 {
			sin, cos := math.Sincos(math.Pi / 2 * (float64(i) + float64(step)/6))
			points = append(points, point{c.x + radius*cos, c.y + radius*sin})
		}
	}
	k.shape(points, fill, line)
}

func (k *pngPen) circle(at point, radius float64, fill, line paint) {
	k.shape(disc(at, radius, 32), fill, line)
}

func (k *pngPen) line(p path, line paint) {
	points := p.flat()
	for i, q := range points {
		points[i] = k.at(q)
	}
	k.stroke(points, line)
}

func (k *pngPen) polygon(points []point, c color.NRGBA) { k.shape(points, fill(c), paint{}) }

func (k *pngPen) text(at point, s string, st style) {
	at = k.at(at)
	face, done := faceOf(st, st.size*k.scale)
	defer done()
	d := font.Drawer{Dst: k.img, Src: image.NewUniform(st.color), Face: face}
	if st.right {
		at.x -= float64(d.MeasureString(s)) / 64
	}
	d.Dot = fixed.Point26_6{X: fixed.Int26_6(at.x * 64), Y: fixed.Int26_6(at.y * 64)}
	d.DrawString(s)
}

// fonts are the Go fonts, which come with the program: no picture depends on what
// is installed.
var fonts = sync.OnceValue(func() [3]*opentype.Font {
	var out [3]*opentype.Font
	for i, data := range [][]byte{goregular.TTF, gobold.TTF, gomono.TTF} {
		f, err := opentype.Parse(data)
		if err != nil {
			panic(fmt.Sprintf("draw: a font that is part of the program cannot be read: %v", err))
		}
		out[i] = f
	}
	return out
})

func faceOf(st style, size float64) (font.Face, func()) {
	f := fonts()[0]
	switch {
	case st.mono:
		f = fonts()[2]
	case st.bold:
		f = fonts()[1]
	}
	face, err := opentype.NewFace(f, &opentype.FaceOptions{Size: size, DPI: 72, Hinting: font.HintingNone})
	if err != nil {
		panic(fmt.Sprintf("draw: a face of a font of the program: %v", err))
	}
	return face, func() { _ = face.Close() }
}

// measures are the faces that texts are measured with, by bold and mono; advances
// grow with the size, so one size is enough.
var measures sync.Map

// width measures a text in the pictures' font.
func width(s string, st style) float64 {
	key := [2]bool{st.bold, st.mono}
	face, ok := measures.Load(key)
	if !ok {
		f, _ := faceOf(st, 100)
		face, _ = measures.LoadOrStore(key, &measure{face: f})
	}
	return face.(*measure).of(s) * st.size / 100
}

// measure is a face that several pictures measure with; faces are not safe for
// that on their own.
type measure struct {
	mu   sync.Mutex
	face font.Face
}

func (m *measure) of(s string) float64 {
	m.mu.Lock()
	defer m.mu.Unlock()
	return float64(font.MeasureString(m.face, s)) / 64
}
