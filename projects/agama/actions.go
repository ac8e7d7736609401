package agama

// This file writes the Actions that stand in the place of foreign code. They
// refuse until somebody writes them.

import (
	"fmt"
	"maps"
	"slices"
	"strings"
)

// stub is an Action to be written.
type stub struct {
	file, class, method string
	config              map[string]string // name → type
	left                map[string]string // what is not passed, and why
	reads               map[string]bool
	catches             bool
	calls               []actionCall
}

type actionCall struct {
	file, source, block, flow string
	line                      int
}

func (s *stub) takes(name, kind string) {
	if have, ok := s.config[name]; ok && have != kind {
		kind = "text"
	}
	s.config[name] = kind
}

func (s *stub) without(name, why string) { s.left[name] = why }

// stub answers the Action for a method; each method has one.
func (imp *importer) stub(class, method string, instance bool) *stub {
	key := class + "#" + method
	if s := imp.stubs[key]; s != nil {
		return s
	}
	name := snake(lastPart(class) + "_" + method)
	file := name + ".js"
	for n := 2; imp.actionFiles[file]; n++ {
		file = fmt.Sprintf("%s_%d.js", name, n)
	}
	imp.actionFiles[file] = true
	s := &stub{file: file, class: class, method: method, config: map[string]string{}, left: map[string]string{}, reads: map[string]bool{}}
	if instance {
		s.takes("self", "text")
	}
	imp.stubs[key] = s
	return s
}

// gapFile is the Action for what has no block and is no call.
const gapFile = "to_write.js"

func (imp *importer) gapAction() string {
	imp.gaps = true
	return gapFile
}

const gapSource = `/**
 * Stands where the source did something for which there is no block. It refuses:
 * the error ends the run as denied, and says what is missing.
 *
 * @title To write
 * @config {text} what - what the source did here
 */
export default async function (event, step, api) {
  throw new Error('not imported yet: ' + api.config.what)
}
`

// source writes the Action.
func (s *stub) source() string {
	var b strings.Builder
	line := func(format string, args ...any) { fmt.Fprintf(&b, format+"\n", args...) }
	line("/**")
	line(" * Takes the place of %s of %s. Until it is written it", comment(s.method), comment(lastPart(s.class)))
	line(" * refuses: the error ends the run as denied.")
	line(" *")
	line(" * @title %s %s", comment(lastPart(s.class)), comment(s.method))
	for _, name := range slices.Sorted(maps.Keys(s.config)) {
		line(" * @config {%s} [%s] - %s", s.config[name], name, "what the source passes")
	}
	if s.catches {
		line(" * @port failed - where the source caught an error of the call")
		line(" * @output {string} failure - what went wrong, when it left by failed")
	}
	line(" * @output {any} result - what the method answered%s", s.readKeys())
	line(" */")
	line("")
	line("// In the source:")
	for _, c := range s.calls {
		line("//   %s:%d  %s  (block %s of %s)", comment(c.file), c.line, comment(c.source), c.block, c.flow)
	}
	line("// The class: %s", comment(s.class))
	for _, name := range slices.Sorted(maps.Keys(s.left)) {
		line("// Not passed: %s, %s.", name, s.left[name])
	}
	line("export default async function (event, step, api) {")
	line("  // When it is written: api.state.set('result', …) with what the flow reads.")
	if s.catches {
		line("  // Where the call may fail: api.state.set('failure', 'why') and api.leave('failed').")
	}
	line("  throw new Error(%s)", jsText("actions/"+s.file+" is not written yet: it takes the place of "+s.class+"#"+s.method))
	line("}")
	return b.String()
}

func (s *stub) readKeys() string {
	if len(s.reads) == 0 {
		return ""
	}
	return "; the flow reads " + strings.Join(slices.Sorted(maps.Keys(s.reads)), ", ")
}

// comment makes a text fit for a comment of JavaScript.
func comment(s string) string {
	s = strings.NewReplacer("*/", "* /", "\n", " ", "\r", " ", "\u2028", " ", "\u2029", " ").Replace(s)
	return s
}

func jsText(s string) string {
	return "'" + strings.NewReplacer(`\`, `\\`, "'", `\'`, "\n", `\n`, "\r", `\r`, "\u2028", " ", "\u2029", " ").Replace(s) + "'"
}
