package check

import (
	"fmt"
	"maps"
	"slices"
	"strings"

	"github.com/authflow-studio/authflow/engine/block"
	"github.com/authflow-studio/authflow/engine/flow"
	"github.com/authflow-studio/authflow/engine/script"
)

// ActionTypes answers what an Action is given, as TypeScript declarations: the
// event, the outputs of the blocks before it, the api with its own settings and
// ports (rule A1). What is not there on every path to it is optional. Without a
// name, and for one that no flow uses, every step is unknown.
func (c *Checker) ActionTypes(p *flow.Project, action string) string {
	var b strings.Builder
	b.WriteString("// What an Action is given. Made from the catalogue of blocks; do not edit.\n\n")
	b.WriteString(jsonTypes)
	uses := c.usesOf(p, action)
	b.WriteString("declare namespace Authflow {\n")
	writeObject(&b, "  ", "interface Event", eventTree(), func(path string) bool { return everywhere(uses, "event."+path) })
	writeObject(&b, "  ", "interface Step", stepTree(uses), func(path string) bool { return everywhere(uses, "step."+path) })
	writeObject(&b, "  ", "interface Input", inputTree(uses), func(path string) bool { return everywhere(uses, "input."+path) })
	h, _ := script.ReadHeader(p.Actions[action])
	writeConfig(&b, h)
	fmt.Fprintf(&b, apiTypes, portType(h))
	b.WriteString("}\n\n" + globalTypes)
	return b.String()
}

// usesOf answers what is known at each block that runs the Action, by path.
func (c *Checker) usesOf(p *flow.Project, action string) []map[string]Value {
	var uses []map[string]Value
	for _, slug := range sortedKeys(p.Flows) {
		f := p.Flows[slug]
		for _, id := range sortedKeys(f.Blocks) {
			if name, _ := f.Blocks[id].Config["action"].(string); name == "" || name != action {
				continue
			}
			known := map[string]Value{}
			for _, v := range c.Scope(p, slug, f, id) {
				known[v.Path] = v
			}
			uses = append(uses, known)
		}
	}
	return uses
}

// everywhere tells whether a value is certain at every use. A group is as
// certain as the values in it; what stands in a group that may be missing is
// there whenever the group is, unless some use cannot have it.
func everywhere(uses []map[string]Value, path string) bool {
	if len(uses) == 0 {
		return strings.HasPrefix(path, "event.") && path != "event.user"
	}
	group := path[:strings.LastIndex(path, ".")]
	for _, known := range uses {
		there, sure := knownAt(known, path)
		if _, whole := knownAt(known, group); whole || !strings.Contains(group, ".") {
			there = sure
		}
		if !there {
			return false
		}
	}
	return true
}

// knownAt tells whether a value or a group may be there, and whether it is on
// every path.
func knownAt(known map[string]Value, path string) (there, sure bool) {
	for p, v := range known {
		if p == path || strings.HasPrefix(p, path+".") {
			there, sure = true, sure || v.Sure
		}
	}
	return there, sure
}

// typeNode is a value or a group of them.
type typeNode struct {
	typ, help string
	members   map[string]*typeNode
}

func (n *typeNode) add(path []string, typ, help string) {
	if n.members == nil {
		n.members = map[string]*typeNode{}
	}
	next := n.members[path[0]]
	if next == nil {
		next = &typeNode{}
		n.members[path[0]] = next
	}
	if len(path) == 1 {
		next.typ, next.help = typ, help
		return
	}
	next.add(path[1:], typ, help)
}

func eventTree() *typeNode {
	root := &typeNode{}
	for _, e := range block.EventFields {
		root.add(strings.Split(e.Path, "."), e.Type, e.Help)
	}
	return root
}

func stepTree(uses []map[string]Value) *typeNode  { return treeOf(uses, "step.") }
func inputTree(uses []map[string]Value) *typeNode { return treeOf(uses, "input.") }

func treeOf(uses []map[string]Value, prefix string) *typeNode {
	root := &typeNode{}
	for _, known := range uses {
		for _, path := range slices.Sorted(maps.Keys(known)) {
			if rest, ok := strings.CutPrefix(path, prefix); ok {
				root.add(strings.Split(rest, "."), known[path].Type, known[path].Help)
			}
		}
	}
	return root
}

// writeObject writes a group; sure tells of a path whether it is always there.
func writeObject(b *strings.Builder, indent, head string, n *typeNode, sure func(path string) bool) {
	fmt.Fprintf(b, "%s%s {\n", indent, head)
	writeMembers(b, indent+"  ", "", n, sure)
	if len(n.members) == 0 && head == "interface Step" {
		fmt.Fprintf(b, "%s  readonly [block: string]: { readonly [output: string]: any } | undefined\n", indent)
	}
	fmt.Fprintf(b, "%s}\n", indent)
}

func writeMembers(b *strings.Builder, indent, prefix string, n *typeNode, sure func(path string) bool) {
	for _, name := range slices.Sorted(maps.Keys(n.members)) {
		m := n.members[name]
		if m.help != "" {
			fmt.Fprintf(b, "%s/** %s */\n", indent, strings.ReplaceAll(m.help, "*/", "* /"))
		}
		optional := "?"
		if sure(prefix + name) {
			optional = ""
		}
		if m.members == nil {
			fmt.Fprintf(b, "%sreadonly %s%s: %s\n", indent, name, optional, tsType(m.typ))
			continue
		}
		fmt.Fprintf(b, "%sreadonly %s%s: {\n", indent, name, optional)
		writeMembers(b, indent+"  ", prefix+name+".", m, sure)
		fmt.Fprintf(b, "%s}\n", indent)
	}
}

func tsType(name string) string {
	switch name {
	case "string", "boolean":
		return name
	case "integer", "number":
		return "number"
	case "array":
		return "readonly any[]"
	case "object":
		return "{ readonly [name: string]: any }"
	}
	return "any"
}

func writeConfig(b *strings.Builder, h script.Header) {
	b.WriteString("  interface Config {\n")
	for _, c := range h.Config {
		typ := map[string]string{"text": "string", "number": "number", "boolean": "boolean", "list": "readonly string[]"}[c.Type]
		if c.Type == "choice" {
			typ = quoted(c.Options)
		}
		optional := "?"
		if c.Required || c.Default != nil {
			optional = ""
		}
		if c.Help != "" {
			fmt.Fprintf(b, "    /** %s */\n", strings.ReplaceAll(c.Help, "*/", "* /"))
		}
		fmt.Fprintf(b, "    readonly %s%s: %s\n", c.Name, optional, typ)
	}
	if len(h.Config) == 0 {
		b.WriteString("    readonly [name: string]: any\n")
	}
	b.WriteString("  }\n")
}

func portType(h script.Header) string {
	ports := []string{"next"}
	for _, p := range h.Ports {
		ports = append(ports, p.Name)
	}
	return quoted(ports)
}

func quoted(names []string) string {
	out := make([]string, len(names))
	for i, n := range names {
		out[i] = fmt.Sprintf("%q", n)
	}
	return strings.Join(out, " | ")
}

const jsonTypes = `type Json = string | number | boolean | null | readonly Json[] | { readonly [name: string]: Json }

`

// globalTypes are what an Action finds besides its arguments.
const globalTypes = `declare function fetch(url: string, init?: Authflow.FetchInit): Promise<Authflow.FetchResponse>
declare const console: { debug(...values: any[]): void; info(...values: any[]): void; log(...values: any[]): void; warn(...values: any[]): void; error(...values: any[]): void }
`

// apiTypes is rule A3; what stands in engine/script/api.go stands here, a test
// compares them. The verb takes the ports.
const apiTypes = `  type Factor = "totp" | "email_otp" | "sms_otp" | "webauthn" | "recovery_code"
  interface FetchResponse {
    readonly url: string
    readonly status: number
    readonly ok: boolean
    readonly headers: { get(name: string): string | null; has(name: string): boolean; keys(): readonly string[] }
    text(): Promise<string>
    json(): Promise<any>
  }
  interface FetchInit { method?: string; headers?: { [name: string]: string }; body?: string; timeout?: number }
  interface Api {
    /** What the block's settings say. */
    readonly config: Config
    /** What the flow was given by the one that ran it. */
    readonly input: Input
    /** Ends the run as denied. What comes after it has no effect. */
    deny(reason: string, options?: { user_message?: string }): void
    /** Asks for a second factor: the output mfa_required, for a decision after this block. */
    requireMfa(factor?: Factor): void
    /** Leaves the block by a port that the header names. */
    leave(port: %s): void
    /** Writes to the record of the run. */
    log(level: "debug" | "info" | "warn" | "error", message: string, fields?: { [name: string]: Json }): void
    /** Calls a host that the project allows: https, 2 s, 1 MiB. */
    fetch(url: string, init?: FetchInit): Promise<FetchResponse>
    /** The world's time in ms since 1970. */
    now(): number
    /** A number from 0 to 1, from the world's randomness. */
    random(): number
    readonly state: { /** An output of this block. */ set(key: string, value: Json): void }
    readonly user: { setAppMetadata(key: string, value: Json): void; setUserMetadata(key: string, value: Json): void }
    readonly session: { setCustomClaim(name: string, value: Json): void }
    readonly accessToken: { setCustomClaim(name: string, value: Json): void }
    readonly idToken: { setCustomClaim(name: string, value: Json): void }
    readonly redirect: { /** Sends the person away; the run goes on when they are back. */ to(url: string): void }
    readonly secrets: { /** A secret that the project names. It can go into a call, and into nothing else. */ get(name: string): string }
  }
  type Action = (event: Event, step: Step, api: Api) => void | Promise<void>
`
