package script

// This file collects what a script says.

import (
	"encoding/json"
	"fmt"
	"strings"

	"github.com/dop251/goja"
)

// Limits of what a call may say. More is left out, and a last line says so.
const (
	maxLogLines = 200
	maxLogLine  = 4 << 10
	maxLogSize  = 64 << 10
)

var levels = map[string]string{
	"debug": "debug", "info": "info", "warn": "warn", "warning": "warn", "error": "error",
}

// console is what scripts expect under that name.
var console = map[string]any{
	"debug": say("debug"), "trace": say("debug"), "log": say("info"),
	"info": say("info"), "warn": say("warn"), "error": say("error"),
}

func say(level string) member {
	return func(m *machine, args arguments) goja.Value {
		words := make([]string, len(args))
		for i, arg := range args {
			words[i] = m.shown(arg)
		}
		m.logLine(level, strings.Join(words, " "), nil)
		return goja.Undefined()
	}
}

// logMember is api.log(level, message, fields).
func logMember(m *machine, args arguments) goja.Value {
	level := ""
	if goja.IsString(args.at(0)) {
		level = levels[args.at(0).String()]
	}
	if level == "" {
		panic(m.rt.NewTypeError("log: the level is one of debug, info, warn, error"))
	}
	var fields map[string]any
	if v := args.at(2); !goja.IsUndefined(v) && !goja.IsNull(v) {
		plain, err := m.plain(v, maxLogLine)
		object, ok := plain.(map[string]any)
		if err != nil || !ok {
			panic(m.rt.NewTypeError("log: the fields must be an object of JSON values"))
		}
		fields = object
	}
	m.logLine(level, m.shown(args.at(1)), fields)
	return goja.Undefined()
}

func (m *machine) logLine(level, message string, fields map[string]any) {
	if m.debug.overheard(level, message, fields) {
		return
	}
	if len(m.logs) > maxLogLines || m.logSize > maxLogSize {
		return
	}
	if len(message) > maxLogLine {
		message = strings.ToValidUTF8(message[:maxLogLine], "") + "…"
	}
	m.logSize += len(message) + valueSize(fields)
	if len(m.logs) == maxLogLines || m.logSize > maxLogSize {
		level, message, fields = "warn", "what follows is left out: the Action says too much", nil
		m.logSize = maxLogSize + 1
	}
	m.logs = append(m.logs, LogLine{level, message, fields})
}

// shown is a value as the console writes it: texts as they are, JSON for plain
// values, and for everything else a word that runs none of the script's code.
func (m *machine) shown(v goja.Value) string {
	object, ok := v.(*goja.Object)
	if !ok {
		return v.String()
	}
	if plain, err := m.plain(v, maxLogLine); err == nil {
		var b strings.Builder
		encoder := json.NewEncoder(&b)
		encoder.SetEscapeHTML(false)
		if encoder.Encode(plain) == nil {
			return strings.TrimSuffix(b.String(), "\n")
		}
	}
	switch class := object.ClassName(); {
	case isProxy(object):
		return "[Proxy]"
	case class == "Error":
		return m.describe(v)
	default:
		return fmt.Sprintf("[%s]", class)
	}
}
