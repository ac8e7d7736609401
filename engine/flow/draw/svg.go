package draw

import (
	"fmt"
	"html"
	"image/color"
	"strconv"
	"strings"
)

// SVG answers the picture as one file that needs nothing else.
func (p *Picture) SVG(t Theme) []byte {
	w := &svgPen{}
	fmt.Fprintf(&w.b, `<svg xmlns="http://www.w3.org/2000/svg" viewBox="%s %s %s %s" width="%s" height="%s" role="img" font-family="Inter, system-ui, 'Segoe UI', Roboto, 'Noto Sans', sans-serif">`+"\n",
		num(p.size.x), num(p.size.y), num(p.size.w), num(p.size.h), num(p.size.w), num(p.size.h))
	fmt.Fprintf(&w.b, "<title>%s</title>\n", html.EscapeString(p.name))
	p.paint(t, w)
	w.b.WriteString("</svg>\n")
	return []byte(w.b.String())
}

type svgPen struct{ b strings.Builder }

func num(v float64) string {
	return strconv.FormatFloat(float64(int64(v*100+sign(v)*0.5))/100, 'f', -1, 64)
}

func sign(v float64) float64 {
	if v < 0 {
		return -1
	}
	return 1
}

func hexOf(c color.NRGBA) string { return fmt.Sprintf("#%02x%02x%02x", c.R, c.G, c.B) }

func (w *svgPen) look(fill, line paint) string {
	out := ` fill="none"`
	if fill.width > 0 {
		out = ` fill="` + hexOf(fill.color) + `"`
	}
	if line.width > 0 {
		out += ` stroke="` + hexOf(line.color) + `" stroke-width="` + num(line.width) + `"`
	}
	if line.dash > 0 {
		out += ` stroke-dasharray="` + num(line.dash) + `"`
	}
	return out
}

func (w *svgPen) rect(b box, radius float64, fill, line paint) {
	round := ""
	if radius > 0 {
		round = ` rx="` + num(radius) + `"`
	}
	fmt.Fprintf(&w.b, `<rect x="%s" y="%s" width="%s" height="%s"%s%s/>`+"\n", num(b.x), num(b.y), num(b.w), num(b.h), round, w.look(fill, line))
}

func (w *svgPen) circle(at point, radius float64, fill, line paint) {
	fmt.Fprintf(&w.b, `<circle cx="%s" cy="%s" r="%s"%s/>`+"\n", num(at.x), num(at.y), num(radius), w.look(fill, line))
}

func (w *svgPen) line(p path, line paint) {
	var d strings.Builder
	for _, s := range p {
		d.WriteByte(s.kind)
		for i, at := range s.points {
			if i > 0 {
				d.WriteByte(' ')
			}
			d.WriteString(num(at.x) + "," + num(at.y))
		}
	}
	fmt.Fprintf(&w.b, `<path d="%s"%s/>`+"\n", d.String(), w.look(paint{}, line))
}

func (w *svgPen) polygon(points []point, c color.NRGBA) {
	places := make([]string, len(points))
	for i, at := range points {
		places[i] = num(at.x) + "," + num(at.y)
	}
	fmt.Fprintf(&w.b, `<polygon points="%s" fill="%s"/>`+"\n", strings.Join(places, " "), hexOf(c))
}

func (w *svgPen) text(at point, s string, st style) {
	if s == "" {
		return
	}
	more := ""
	if st.bold {
		more += ` font-weight="600"`
	}
	if st.mono {
		more += ` font-family="ui-monospace, 'SF Mono', Menlo, 'Noto Sans Mono', 'DejaVu Sans Mono', monospace"`
	}
	if st.right {
		more += ` text-anchor="end"`
	}
	fmt.Fprintf(&w.b, `<text x="%s" y="%s" font-size="%s" fill="%s"%s>%s</text>`+"\n", num(at.x), num(at.y), num(st.size), hexOf(st.color), more, html.EscapeString(s))
}
