package agama

// This file carries over the labels of web/labels.txt, which are written as Java
// writes properties, with a section for each locale.

import (
	"regexp"
	"slices"
	"strconv"
	"strings"

	"github.com/authflow-studio/authflow/engine/flow"
)

const labelsFile = "web/labels.txt"

var (
	localeForm      = regexp.MustCompile(`^\[\s*([A-Za-z0-9_-]+)\s*\]$`)
	placeholderForm = regexp.MustCompile(`\{\d`)
)

// labels answers the texts by locale.
func (imp *importer) labels() map[string]map[string]string {
	data, ok := imp.src.files[labelsFile]
	if !ok {
		return nil
	}
	out := map[string]map[string]string{}
	locale := flow.DefaultLocale
	lines := strings.Split(string(data), "\n")
	for i := 0; i < len(lines); i++ {
		at := i + 1
		line := strings.TrimSpace(lines[i])
		if line == "" || line[0] == '#' || line[0] == '!' {
			continue
		}
		if m := localeForm.FindStringSubmatch(line); m != nil {
			locale = strings.ReplaceAll(m[1], "_", "-")
			continue
		}
		for strings.HasSuffix(line, `\`) && i+1 < len(lines) {
			i++
			line = strings.TrimSuffix(line, `\`) + strings.TrimSpace(lines[i])
		}
		key, text, ok := property(line)
		if !ok {
			imp.report.add(Entry{Kind: Check, File: labelsFile, Line: at, What: "This line is no key and text, and was left out.", Do: "Write the text into labels/" + locale + ".json."})
			continue
		}
		if placeholderForm.MatchString(text) {
			imp.report.add(Entry{Kind: Check, File: labelsFile, Line: at, What: "The text of " + strconv.Quote(key) + " holds places for values ({0}); texts here hold none.", Do: "Show the value beside the text in the page."})
		}
		if out[locale] == nil {
			out[locale] = map[string]string{}
		}
		out[locale][key] = text
	}
	return out
}

func property(line string) (key, text string, ok bool) {
	n := strings.IndexAny(line, "=:")
	if n <= 0 {
		return "", "", false
	}
	return strings.TrimSpace(line[:n]), unescaped(strings.TrimSpace(line[n+1:])), true
}

var unicodeForm = regexp.MustCompile(`\\u([0-9A-Fa-f]{4})`)

func unescaped(s string) string {
	s = unicodeForm.ReplaceAllStringFunc(s, func(m string) string {
		code, err := strconv.ParseUint(m[2:], 16, 16)
		if err != nil {
			return m
		}
		return string(rune(code))
	})
	return strings.NewReplacer(`\n`, "\n", `\t`, "\t", `\\`, `\`, `\:`, ":", `\=`, "=").Replace(s)
}

// plainLabels are those of the source that its pages ask for by a key that it
// has no text for.
var labelForm = regexp.MustCompile(`\(label "([^"]+)"\)`)

func (imp *importer) missingLabels(have map[string]map[string]string) {
	var missing []string
	for _, p := range imp.pages {
		for _, m := range labelForm.FindAllStringSubmatch(p.made.Text, -1) {
			if have[flow.DefaultLocale][m[1]] == "" && !slices.Contains(missing, m[1]) {
				missing = append(missing, m[1])
			}
		}
	}
	if len(missing) == 0 {
		return
	}
	slices.Sort(missing)
	imp.report.add(Entry{Kind: Check, File: labelsFile, What: "Pages show texts that are not in the source: " + strings.Join(missing, ", ") + ". People see the key.", Do: "Write them into labels/" + flow.DefaultLocale + ".json; those of the server (msgs) are not in an archive."})
}
