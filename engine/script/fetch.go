package script

// This file gives scripts fetch, in the shape they know from elsewhere. The
// call itself is made by the host, behind its egress guard (rule A8).

import (
	"errors"
	"maps"
	"slices"
	"strings"
	"time"

	"github.com/dop251/goja"

	"github.com/authflow-studio/authflow/engine/world"
)

// fetch answers a promise that is settled already: a script never runs beside
// its own outgoing calls, so that their order in the journal is certain.
func fetch(m *machine, args arguments) goja.Value {
	m.refuseWhileLooking("no call is made")
	promise, resolve, reject := m.rt.NewPromise()
	if m.result.Denied != nil {
		m.must(reject(m.coded("denied", "fetch after a denial")))
		return m.rt.ToValue(promise)
	}
	request := m.request(args)
	response, failed := m.outgoing(request)
	if failed != nil {
		m.must(reject(failed))
	} else {
		m.must(resolve(m.response(request.URL, response)))
	}
	return m.rt.ToValue(promise)
}

// outgoing makes the call and turns a refusal of the host into a rejection.
func (m *machine) outgoing(r world.Request) (response world.Response, failed *goja.Object) {
	defer func() {
		m.clock = nil // time went by
		switch r := recover().(type) {
		case nil:
		case *goja.Object:
			failed = r
		default:
			panic(r)
		}
	}()
	answer := m.question(ask{Kind: "fetch", Request: &r})
	if answer.Response == nil {
		return response, m.coded("fetch_failed", "the call failed")
	}
	return *answer.Response, nil
}

// request reads the arguments of fetch(url, {method, headers, body, timeout}).
func (m *machine) request(args arguments) world.Request {
	r := world.Request{Method: "GET", URL: m.text("fetch", "a URL", args.at(0))}
	init, ok := args.at(1).(*goja.Object)
	if !ok {
		return r
	}
	given := func(name string) (goja.Value, bool) {
		v := init.Get(name)
		return v, v != nil && !goja.IsUndefined(v) && !goja.IsNull(v)
	}
	if v, ok := given("method"); ok {
		r.Method = strings.ToUpper(m.text("fetch", "a method", v))
	}
	if v, ok := given("headers"); ok {
		r.Header = m.headers(v)
	}
	if v, ok := given("body"); ok {
		if !goja.IsString(v) {
			panic(m.rt.NewTypeError("fetch: the body must be a text; write JSON.stringify(…) around an object"))
		}
		r.Body = v.String()
		m.count(len(r.Body))
	}
	if v, ok := given("timeout"); ok {
		r.Timeout = time.Duration(v.ToInteger()) * time.Millisecond
	}
	return r
}

func (m *machine) headers(v goja.Value) map[string]string {
	plain, err := m.plain(v, maxValue)
	fields, ok := plain.(map[string]any)
	if err != nil || !ok {
		panic(m.rt.NewTypeError("fetch: the headers must be an object of texts"))
	}
	out := make(map[string]string, len(fields))
	for name, value := range fields {
		text, ok := value.(string)
		if !ok {
			panic(m.rt.NewTypeError("fetch: the header %s must be a text", name))
		}
		out[name] = text
	}
	return out
}

// response is what the promise holds.
func (m *machine) response(address string, r world.Response) goja.Value {
	headers := map[string]any{}
	for name, value := range r.Header {
		headers[strings.ToLower(name)] = value
	}
	object := m.rt.NewObject()
	m.must(object.Set("url", address))
	m.must(object.Set("status", r.Status))
	m.must(object.Set("ok", r.Status >= 200 && r.Status < 300))
	m.must(object.Set("headers", m.headerObject(headers)))
	m.must(object.Set("text", m.function(func(m *machine, _ arguments) goja.Value { return m.resolved(m.rt.ToValue(r.Body)) })))
	m.must(object.Set("json", m.function(func(m *machine, _ arguments) goja.Value { return m.parsed(r.Body) })))
	return object
}

func (m *machine) headerObject(headers map[string]any) goja.Value {
	object := m.rt.NewObject()
	lookup := func(args arguments) any { return headers[strings.ToLower(m.text("headers", "a name", args.at(0)))] }
	m.must(object.Set("get", m.function(func(m *machine, args arguments) goja.Value {
		if v, ok := lookup(args).(string); ok {
			return m.rt.ToValue(v)
		}
		return goja.Null()
	})))
	m.must(object.Set("has", m.function(func(m *machine, args arguments) goja.Value {
		return m.rt.ToValue(lookup(args) != nil)
	})))
	m.must(object.Set("keys", m.function(func(m *machine, _ arguments) goja.Value {
		var names []any
		for _, name := range slices.Sorted(maps.Keys(headers)) {
			names = append(names, name)
		}
		return m.frozen(names)
	})))
	return object
}

func (m *machine) resolved(v goja.Value) goja.Value {
	promise, resolve, _ := m.rt.NewPromise()
	m.must(resolve(v))
	return m.rt.ToValue(promise)
}

// parsed refuses deep nesting before the parser, which would not survive it.
func (m *machine) parsed(body string) goja.Value {
	promise, resolve, reject := m.rt.NewPromise()
	if tooDeep(body) {
		m.must(reject(m.coded("too_deep", "the answer is nested too deeply")))
		return m.rt.ToValue(promise)
	}
	value, err := m.parseJSON(body)
	if err != nil {
		m.must(reject(m.coded("not_json", "the answer is not JSON")))
	} else {
		m.must(resolve(value))
	}
	return m.rt.ToValue(promise)
}

// parseJSON is the script's own JSON.parse, whatever it made of it.
func (m *machine) parseJSON(text string) (goja.Value, error) {
	json, ok := m.global("JSON").(*goja.Object)
	if !ok {
		return nil, errNoParser
	}
	parse, ok := goja.AssertFunction(json.Get("parse"))
	if !ok {
		return nil, errNoParser
	}
	return parse(goja.Undefined(), m.rt.ToValue(text))
}

var errNoParser = errors.New("the script removed JSON.parse")
