package scenario

import (
	"encoding/xml"
	"fmt"
	"io"
	"strings"
)

// WriteText writes a report for people: what failed, with all that is needed to
// see why, and the sum.
func (r Report) WriteText(w io.Writer, all bool) error {
	var b strings.Builder
	for _, res := range r.Results {
		switch {
		case res.Skipped != "":
			fmt.Fprintf(&b, "skip  %s (%s)\n", res.Name, res.Skipped)
		case !res.Passed:
			writeFailure(&b, res)
		case all:
			fmt.Fprintf(&b, "ok    %s\n", res.Name)
		}
	}
	fmt.Fprintf(&b, "%d passed, %d failed, %d skipped in %.1f s\n", r.Passed, r.Failed, r.Skipped, r.Took.Seconds())
	_, err := io.WriteString(w, b.String())
	return err
}

func writeFailure(b *strings.Builder, res Result) {
	fmt.Fprintf(b, "FAIL  %s\n", res.Name)
	where := "in the end"
	if res.Step > 0 {
		where = fmt.Sprintf("at step %d", res.Step)
	}
	fmt.Fprintf(b, "      %s, %s:\n", res.File, where)
	for _, f := range res.Failures {
		fmt.Fprintf(b, "        %s\n", f)
	}
	if res.Page != "" {
		fmt.Fprintf(b, "      the page %s says: %s\n", res.Page, clipped(res.PageText))
	}
}

// clippedAt keeps a failure readable.
const clippedAt = 200

func clipped(s string) string {
	if runes := []rune(s); len(runes) > clippedAt {
		return string(runes[:clippedAt]) + "…"
	}
	return s
}

// junit is the form that build servers read.
type junit struct {
	XMLName  xml.Name     `xml:"testsuites"`
	Tests    int          `xml:"tests,attr"`
	Failures int          `xml:"failures,attr"`
	Skipped  int          `xml:"skipped,attr"`
	Time     string       `xml:"time,attr"`
	Suites   []junitSuite `xml:"testsuite"`
}

type junitSuite struct {
	Name     string      `xml:"name,attr"`
	Tests    int         `xml:"tests,attr"`
	Failures int         `xml:"failures,attr"`
	Skipped  int         `xml:"skipped,attr"`
	Cases    []junitCase `xml:"testcase"`
}

type junitCase struct {
	Name    string     `xml:"name,attr"`
	Class   string     `xml:"classname,attr"`
	Time    string     `xml:"time,attr"`
	Failure *junitText `xml:"failure,omitempty"`
	Skipped *junitText `xml:"skipped,omitempty"`
}

type junitText struct {
	Message string `xml:"message,attr"`
	Text    string `xml:",chardata"`
}

// WriteJUnit writes a report for build servers.
func (r Report) WriteJUnit(w io.Writer) error {
	out := junit{Tests: len(r.Results), Failures: r.Failed, Skipped: r.Skipped, Time: fmt.Sprintf("%.3f", r.Took.Seconds())}
	at := map[string]int{}
	for _, res := range r.Results {
		i, there := at[res.File]
		if !there {
			i = len(out.Suites)
			at[res.File] = i
			out.Suites = append(out.Suites, junitSuite{Name: res.File})
		}
		s := &out.Suites[i]
		c := junitCase{Name: res.Name, Class: res.File, Time: fmt.Sprintf("%.3f", res.Took.Seconds())}
		switch {
		case res.Skipped != "":
			c.Skipped = &junitText{Message: res.Skipped}
			s.Skipped++
		case !res.Passed:
			var b strings.Builder
			writeFailure(&b, res)
			c.Failure = &junitText{Message: strings.Join(res.Failures, "; "), Text: b.String()}
			s.Failures++
		}
		s.Tests++
		s.Cases = append(s.Cases, c)
	}
	if _, err := io.WriteString(w, xml.Header); err != nil {
		return err
	}
	e := xml.NewEncoder(w)
	e.Indent("", "  ")
	if err := e.Encode(out); err != nil {
		return err
	}
	_, err := io.WriteString(w, "\n")
	return err
}

// WriteText writes coverage for people.
func (c Coverage) WriteText(w io.Writer) error {
	var b strings.Builder
	fmt.Fprintf(&b, "covered: blocks %.0f %%, ports %.0f %%, wired errors %.0f %%, pages %.0f %%, lines of Actions %.0f %%, contracts %.0f %%\n", c.Blocks.Percent(), c.Ports.Percent(), c.Errors.Percent(), c.Pages.Percent(), c.Lines.Percent(), c.Promises.Percent())
	for _, f := range c.Flows {
		runs, ports, of := 0, 0, 0
		var missed []string
		for _, block := range f.Blocks {
			if block.Runs > 0 {
				runs++
			} else {
				missed = append(missed, block.Block)
			}
			for _, p := range block.Ports {
				of++
				if p.Taken > 0 {
					ports++
				} else if block.Runs > 0 {
					missed = append(missed, block.Block+":"+p.Port)
				}
			}
		}
		fmt.Fprintf(&b, "  %-20s blocks %d of %d, ports %d of %d", f.Flow, runs, len(f.Blocks), ports, of)
		if len(missed) > 0 {
			fmt.Fprintf(&b, "; not %s", clipped(strings.Join(missed, ", ")))
		}
		b.WriteByte('\n')
	}
	for _, a := range c.Actions {
		switch {
		case !a.Run:
			fmt.Fprintf(&b, "  actions/%s: not run\n", a.File)
		case len(a.Missed) > 0:
			fmt.Fprintf(&b, "  actions/%s: %d of %d lines; not %s\n", a.File, a.Lines.Covered, a.Lines.Of, strings.Trim(fmt.Sprint(a.Missed), "[]"))
		}
	}
	c.writePromises(&b)
	_, err := io.WriteString(w, b.String())
	return err
}

// writePromises names the contracts that were not shown from both sides.
func (c Coverage) writePromises(b *strings.Builder) {
	for _, k := range c.Contracts {
		switch {
		case !k.Kept && !k.Spared:
			fmt.Fprintf(b, "  contract %q: no run shows it\n", k.Name)
		case !k.Kept:
			fmt.Fprintf(b, "  contract %q: no run is held to it\n", k.Name)
		case !k.Spared:
			fmt.Fprintf(b, "  contract %q: no run is spared by it\n", k.Name)
		}
	}
}
