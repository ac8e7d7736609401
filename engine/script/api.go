package script

// This file is the api an Action is given (rule A3). What it does here is to
// note what the script asks for; the engine carries it out.

import (
	"net/url"
	"regexp"
	"slices"
	"strings"
	"sync"

	"github.com/dop251/goja"
)

// member is one function of the api.
type member func(m *machine, args arguments) goja.Value

// arguments answers undefined for those that were not given.
type arguments []goja.Value

func (a arguments) at(i int) goja.Value {
	if i < len(a) {
		return a[i]
	}
	return goja.Undefined()
}

// members are the names of rule A3. Those that change something do nothing
// after a denial (rule A5): effect sees to that.
var members = map[string]member{
	"deny":                       effect(deny),
	"requireMfa":                 effect(requireMFA),
	"state.set":                  effect(setState),
	"session.setCustomClaim":     effect(claim(func(r *Result) *map[string]any { return &r.Claims.Session })),
	"accessToken.setCustomClaim": effect(claim(func(r *Result) *map[string]any { return &r.Claims.AccessToken })),
	"idToken.setCustomClaim":     effect(claim(func(r *Result) *map[string]any { return &r.Claims.IDToken })),
	"user.setAppMetadata":        effect(metadata(func(r *Result) *map[string]any { return &r.AppMetadata })),
	"user.setUserMetadata":       effect(metadata(func(r *Result) *map[string]any { return &r.UserMetadata })),
	"redirect.to":                effect(redirect),
	"leave":                      effect(leavePort),
	"log":                        logMember,
	"fetch":                      fetch,
	"secrets.get":                secret,
	"now":                        func(m *machine, _ arguments) goja.Value { return m.rt.ToValue(m.now().UnixMilli()) },
	"random":                     func(m *machine, _ arguments) goja.Value { return m.rt.ToValue(m.nextRandom()) },
}

func effect(fn member) member {
	return func(m *machine, args arguments) goja.Value {
		if m.result.Denied != nil {
			return goja.Undefined()
		}
		m.refuseWhileLooking("the api takes nothing")
		return fn(m, args)
	}
}

func deny(m *machine, args arguments) goja.Value {
	reason := m.text("deny", "a reason", args.at(0))
	d := &Denial{Reason: reason}
	switch options := args.at(1).(type) {
	case *goja.Object:
		for _, name := range []string{"user_message", "userMessage"} {
			if v := options.Get(name); v != nil && !goja.IsUndefined(v) {
				d.UserMessage = m.text("deny", "a user_message", v)
			}
		}
	default:
		if !goja.IsUndefined(options) && !goja.IsNull(options) {
			d.UserMessage = m.text("deny", "a user_message", options)
		}
	}
	m.count(len(d.Reason) + len(d.UserMessage))
	m.debug.denied(d.Reason)
	m.result.Denied = d
	return goja.Undefined()
}

func requireMFA(m *machine, args arguments) goja.Value {
	factor := ""
	if v := args.at(0); !goja.IsUndefined(v) && !goja.IsNull(v) {
		factor = m.text("requireMfa", "a factor", v)
	}
	m.result.RequireMFA = &factor
	return goja.Undefined()
}

// outputName is what can be written as step.<block>.<name>.
var outputName = regexp.MustCompile(`^[A-Za-z_][A-Za-z0-9_]{0,63}$`)

func setState(m *machine, args arguments) goja.Value {
	key := m.text("state.set", "a key", args.at(0))
	if !outputName.MatchString(key) {
		panic(m.rt.NewTypeError("state.set: %q is not a name (letters, digits and _, not beginning with a digit)", key))
	}
	m.put(&m.result.Outputs, key, m.take("state.set", args.at(1)))
	return goja.Undefined()
}

func claim(where func(*Result) *map[string]any) member {
	return func(m *machine, args arguments) goja.Value {
		name := m.text("setCustomClaim", "a name", args.at(0))
		if slices.Contains(registeredClaims, name) {
			panic(m.rt.NewTypeError("setCustomClaim: %s is set by the server and cannot be overwritten; choose a name of your own", name))
		}
		m.put(where(&m.result), name, m.take("setCustomClaim", args.at(1)))
		return goja.Undefined()
	}
}

func metadata(where func(*Result) *map[string]any) member {
	return func(m *machine, args arguments) goja.Value {
		key := m.text("set…Metadata", "a key", args.at(0))
		m.put(where(&m.result), key, m.take("set…Metadata", args.at(1)))
		return goja.Undefined()
	}
}

// redirect only sees that it is an address; where a run may send a person is
// for the block to decide.
func redirect(m *machine, args arguments) goja.Value {
	text := m.text("redirect.to", "a URL", args.at(0))
	u, err := url.Parse(text)
	if err != nil || u.Host == "" || u.Scheme != "https" && u.Scheme != "http" {
		panic(m.rt.NewTypeError("redirect.to: %q is not an absolute http(s) URL", text))
	}
	m.count(len(text))
	m.result.Redirect = text
	return goja.Undefined()
}

// leavePort chooses the outcome; whether the header names it is for the block
// to see.
func leavePort(m *machine, args arguments) goja.Value {
	port := m.text("leave", "the name of a port", args.at(0))
	if !portForm.MatchString(port) {
		panic(m.rt.NewTypeError("leave: %q cannot name a port", port))
	}
	m.result.Port = port
	return goja.Undefined()
}

func secret(m *machine, args arguments) goja.Value {
	name := m.text("secrets.get", "a name", args.at(0))
	return m.rt.ToValue(m.question(ask{Kind: "secret", Name: name}).Text)
}

func (m *machine) put(where *map[string]any, key string, value any) {
	m.count(len(key))
	if *where == nil {
		*where = map[string]any{}
	}
	(*where)[key] = value
}

const maxText = 2048

// text reads an argument that must be a text. It is not converted: a value
// whose toString is the script's own would run it again.
func (m *machine) text(function, what string, v goja.Value) string {
	if !goja.IsString(v) || v.String() == "" {
		panic(m.rt.NewTypeError("%s needs %s, a text that is not empty", function, what))
	}
	if s := v.String(); len(s) <= maxText {
		return s
	}
	panic(m.rt.NewTypeError("%s: %s may have %d bytes at most", function, what, maxText))
}

// group is a level of the api, made when the script looks at it. It cannot be
// written to.
type group struct {
	m      *machine
	names  map[string]any // member, or the next level
	made   map[string]goja.Value
	values map[string]any // config and input, at the top
}

// names is the api and its aliases as a tree.
var names = sync.OnceValue(func() map[string]any {
	tree := map[string]any{}
	add := func(path string, fn member) {
		level := tree
		parts := strings.Split(path, ".")
		for _, part := range parts[:len(parts)-1] {
			next, ok := level[part].(map[string]any)
			if !ok {
				next = map[string]any{}
				level[part] = next
			}
			level = next
		}
		level[parts[len(parts)-1]] = fn
	}
	for path, fn := range members {
		add(path, fn)
	}
	for path, alias := range aliases {
		add(path, alias.member())
	}
	return tree
})

func (m *machine) api() goja.Value {
	values := map[string]any{"config": m.call.Config, "input": m.call.Input}
	return m.rt.NewDynamicObject(&group{m: m, names: names(), values: values, made: map[string]goja.Value{}})
}

func (m *machine) group(names map[string]any) goja.Value {
	return m.rt.NewDynamicObject(&group{m: m, names: names, made: map[string]goja.Value{}})
}

// Get answers a function, a level or a value of the api.
func (g *group) Get(key string) goja.Value {
	if v, ok := g.made[key]; ok {
		return v
	}
	var v goja.Value
	switch entry := g.names[key].(type) {
	case member:
		v = g.m.function(entry)
	case map[string]any:
		v = g.m.group(entry)
	default:
		plain, ok := g.values[key].(map[string]any)
		if !ok {
			return nil
		}
		v = g.m.frozen(plain)
	}
	g.made[key] = v
	return v
}

// Set refuses.
func (g *group) Set(string, goja.Value) bool { return false }

// Has tells whether the api has the name.
func (g *group) Has(key string) bool {
	_, isValue := g.values[key]
	return g.names[key] != nil || isValue
}

// Delete refuses.
func (g *group) Delete(string) bool { return false }

// Keys lists the names, sorted.
func (g *group) Keys() []string {
	var keys []string
	for key := range g.names {
		keys = append(keys, key)
	}
	for key := range g.values {
		keys = append(keys, key)
	}
	slices.Sort(keys)
	return keys
}

// function makes a member callable for the script.
func (m *machine) function(fn member) goja.Value {
	return m.rt.ToValue(func(call goja.FunctionCall) goja.Value { return fn(m, call.Arguments) })
}

// registeredClaims belong to the protocols: a script that could write them
// could say who somebody is, or for how long a token holds (rule A4).
var registeredClaims = strings.Fields(`
	iss sub aud exp nbf iat jti nonce acr amr azp at_hash c_hash s_hash auth_time sid
	client_id scope scp cnf act may_act events sub_jwk token_use typ
	email email_verified phone_number phone_number_verified`)
