package agama

// This file turns calls of foreign code into blocks: a password check where a
// password is checked, and else an Action for a person to write.

import (
	"fmt"
	"regexp"
	"strings"

	"github.com/authflow-studio/authflow/projects/agama/dsl"
)

// checking are names of methods that check a password; others that are given
// one do something else with it.
var checking = regexp.MustCompile(`(?i)auth|valid|check|verif|login|logon|sign_?in|bind|compare|match`)

func (b *builder) call(s *dsl.Call) {
	class, args, ok := b.receiver(s)
	if !ok {
		return
	}
	values := args
	for _, a := range s.Args {
		values = append(values, b.value(a))
	}
	if s.Class != "" && b.isService(s) {
		b.vars[s.Target.Name] = service{class, values, s}
		b.tell(Note, s.Pos, "", "%s makes an object of which only methods are called. No object is kept here: each method has an Action of its own.", s.Source)
		return
	}
	if page, field, found := secretIn(values); found && checking.MatchString(s.Method) {
		b.password(s, class, values, page, field)
		return
	}
	b.action(s, class, values)
}

// receiver answers the class of which a method is called, and what its object
// was made with.
func (b *builder) receiver(s *dsl.Call) (class string, args []value, ok bool) {
	if s.Class != "" {
		return s.Class, nil, true
	}
	v := b.variable(s.Object)
	if o, isService := v.(service); isService {
		return o.class, append([]value{}, o.args...), true
	}
	return exprText(s.Object), []value{v}, true
}

// isService reports whether what a call answers is an object of which only
// methods are called.
func (b *builder) isService(s *dsl.Call) bool {
	return s.Target != nil && len(s.Target.Path) == 0 && b.uses.read[s.Target.Name] == 0 && b.uses.called[s.Target.Name] > 0
}

// secretIn finds a password among the values that a call is given.
func secretIn(values []value) (page *node, field string, found bool) {
	for _, v := range values {
		switch v := v.(type) {
		case secret:
			return v.page, v.field, true
		case output:
			if v.n.typ == "page" && len(v.path) == 1 && len(v.n.secrets) == 1 {
				for f := range v.n.secrets {
					return v.n, f, true
				}
			}
		case object:
			var inner []value
			for _, k := range v.keys {
				inner = append(inner, v.of[k])
			}
			if page, field, found = secretIn(append(inner, v.rest)); found {
				return page, field, true
			}
		}
	}
	return nil, "", false
}

// password puts our password check in the place of a call that is given a
// password: no Action ever sees one.
func (b *builder) password(s *dsl.Call, class string, values []value, page *node, field string) {
	if field != "password" {
		page.page.rename(field, "password")
		b.tell(Note, s.Pos, "", "The field %q of %s is called password here: under that name the password check looks for it.", field, page.page.path)
	}
	n := b.g.add("password_check", "password", s.Pos)
	n.label = "Password check"
	n.note = "In the source: " + s.Source
	n.config["max_attempts"] = 1.0
	if who := identifierOf(values, page); who != nil {
		n.config["identifier"] = filled{who}
	} else {
		b.tell(Check, s.Pos, "Write into the block's Identifier whose password it is.", "Nothing says whose password %s checks, so the block %q asks.", s.Source, n.id)
	}
	ok, failed := comparison{left: output{n, []string{"verified"}}, right: lit{true}}, comparison{left: output{n, []string{"verified"}}, right: lit{false}}
	b.g.open(n, "ok", ok)
	b.g.open(n, "failed", failed)
	b.set(s.Target, verdict{n})
	if s.Err != "" {
		b.vars[s.Err] = lit{}
	}
	b.tell(Check, s.Pos, "Bring the people into the directory (with their password hashes), or replace the block by a social sign-in or another credential if the passwords live elsewhere.",
		"%s#%s is given a password, which no Action ever sees. In its place the block %q of %s compares it with Authflow's own directory.", class, s.Method, n.id, b.u.slug)
}

// identifierOf answers whose password is checked: what else the call is given,
// or what the page asked for.
func identifierOf(values []value, page *node) value {
	for _, v := range values {
		switch v := v.(type) {
		case output:
			if v.n == page && len(v.path) == 1 {
				if name := page.page.identifier(); name != "" {
					return output{page, []string{"fields", name}}
				}
				continue
			}
			return v
		case raw, member, either, later:
			return v
		case object:
			var inner []value
			for _, k := range v.keys {
				inner = append(inner, v.of[k])
			}
			if found := identifierOf(append(inner, v.rest), page); found != nil {
				return found
			}
		}
	}
	if name := page.page.identifier(); name != "" {
		return output{page, []string{"fields", name}}
	}
	return nil
}

// action puts an Action in the place of a call.
func (b *builder) action(s *dsl.Call, class string, values []value) {
	a := b.stub(class, s.Method, s.Object != nil && !b.isServiceCall(s))
	n := b.g.add("run_custom_action", s.Method, s.Pos)
	n.label = short(lastPart(class)+" "+s.Method, 48)
	n.note = "In the source: " + s.Source
	n.config["action"] = a.file
	config := map[string]any{}
	names := b.argumentNames(s, len(values))
	for i, v := range values {
		if entry, ok := b.argument(a, config, names[i], v, s); ok {
			config[names[i]] = entry
		}
	}
	if len(config) > 0 {
		n.config["config"] = config
	}
	a.calls = append(a.calls, actionCall{file: b.u.file, line: s.Line, source: s.Source, block: n.id, flow: b.u.slug})
	result := output{n, []string{"result"}}
	b.set(s.Target, result)
	if s.Target != nil && len(s.Target.Path) == 0 {
		for k := range b.uses.keys[s.Target.Name] {
			a.reads[k] = true
		}
	}
	noError := comparison{left: caught{n}, right: lit{}}
	b.g.open(n, "next", noError)
	if s.Err != "" {
		b.catch(s, a, n)
	}
	do := "Write the Action; the check and the studio show what it is given and what the flow reads."
	if hint := hintFor(class, s.Method); hint != "" {
		do = "Write the Action, or " + hint
	}
	b.tell(Todo, s.Pos, do, "%s runs foreign code, which cannot be carried over. In its place stands actions/%s, which refuses until it is written (block %s of %s).", s.Source, a.file, n.id, b.u.slug)
}

func (b *builder) isServiceCall(s *dsl.Call) bool {
	_, ok := b.variable(s.Object).(service)
	return ok
}

// catch leads on where the call failed in the source. What is caught and never
// looked at is not caught here.
func (b *builder) catch(s *dsl.Call, a *stub, n *node) {
	b.vars[s.Err] = caught{n}
	if b.uses.read[s.Err] == 0 {
		b.tell(Check, s.Pos, "Lead the block's error port on if a failure is to be passed over.", "The error of %s is caught in the source and never looked at. Here an error ends the run as denied.", s.Source)
		return
	}
	a.catches = true
	failed := comparison{left: caught{n}, right: lit{}, not: true}
	b.g.open(n, "failed", failed)
}

// argument answers what stands in the config of the block for an argument.
func (b *builder) argument(a *stub, config map[string]any, name string, v value, s *dsl.Call) (any, bool) {
	switch v := v.(type) {
	case service:
		return nil, false
	case secret:
		a.without(name, "the field "+v.field+" of the page, a password: no Action ever sees one")
		b.tell(Todo, s.Pos, "Let blocks do what needs it: credential_set or password_update for a new password, password_check for one that is checked.", "%s is given the password field %q, which no Action ever sees.", s.Source, v.field)
		return nil, false
	case setting:
		a.without(name, fmt.Sprintf("a secret; read it with api.secrets.get(%q)", v.name))
		return nil, false
	case lit:
		switch l := v.v.(type) {
		case nil:
			a.takes(name, "text")
			return nil, false
		case float64:
			a.takes(name, "number")
			return l, true
		case bool:
			a.takes(name, "boolean")
			return l, true
		}
	case object:
		if b.conf != nil && v.rest == nil && isConf(v, b.conf) {
			a.without(name, "the configuration; read it as step."+b.conf.id)
			return nil, false
		}
	}
	a.takes(name, "text")
	whole, changed := entire(v)
	if len(changed.keys) > 0 {
		a.takes(name+"_changed", "text")
		config[name+"_changed"] = filled{changed}
		b.tell(Check, s.Pos, "Let the Action put them together.", "%s is given a map of which the flow changed %s. The Action gets the map as it was (%s) and the changes (%s_changed).", s.Source, strings.Join(changed.keys, ", "), name, name)
		return filled{whole}, true
	}
	b.whole(s.Pos, whole)
	return filled{whole}, true
}

// whole says when a value is written without what only a run knows of it.
func (b *builder) whole(at dsl.Pos, v value) {
	if loses(v) {
		b.tell(Todo, at, "Give the parts one by one, or let an Action make the whole.", "Something that only a run knows, with parts that the flow changed, is passed on here; only the changed parts are.")
	}
}

func isConf(v object, conf *node) bool {
	for _, k := range v.keys {
		switch in := v.of[k].(type) {
		case output:
			if in.n != conf {
				return false
			}
		case setting:
		default:
			return false
		}
	}
	return true
}

// argumentNames names the arguments after what the source gives.
func (b *builder) argumentNames(s *dsl.Call, count int) []string {
	names := make([]string, count)
	taken := map[string]bool{}
	first := count - len(s.Args)
	for i := range names {
		wish := "self"
		if i >= first {
			wish = fmt.Sprintf("arg%d", i-first+1)
			if v, ok := s.Args[i-first].(*dsl.Var); ok {
				wish = snake(lastName(v))
			}
		} else if i > 0 || first > 1 {
			wish = fmt.Sprintf("made_with%d", i+1)
		}
		name := wish
		for n := 2; taken[name]; n++ {
			name = fmt.Sprintf("%s%d", wish, n)
		}
		taken[name] = true
		names[i] = name
	}
	return names
}

func lastName(v *dsl.Var) string {
	for i := len(v.Path) - 1; i >= 0; i-- {
		if v.Path[i].Name != "" {
			return v.Path[i].Name
		}
	}
	return v.Name
}

// hints are blocks that may do what foreign code did, by words of its name.
var hints = []struct {
	words *regexp.Regexp
	say   string
}{
	{regexp.MustCompile(`(?i)(send|mail).*(otp|code|passcode)|(otp|code|passcode).*(send|mail)`), "use the blocks channel_otp_send and channel_otp_verify, which make, send and verify codes."},
	{regexp.MustCompile(`(?i)(verif|valid|check|match).*(otp|code|passcode)|(otp|code|passcode).*(verif|valid|check|match)`), "use the block channel_otp_verify, with channel_otp_send before."},
	{regexp.MustCompile(`(?i)totp|fido|webauthn|passkey|u2f|twofactor|2fa`), "use the blocks mfa, require_mfa, require_mfa_enroll or webauthn_begin and webauthn_finish."},
	{regexp.MustCompile(`(?i)(send).*(mail|sms|message)|(mail|sms).*send`), "use the block send_email or send_sms."},
	{regexp.MustCompile(`(?i)(get|find|lookup|search|fetch).*(user|person|people|account|entity)|(user|person|people|account).*(get|find|exists|lookup)`), "use the block identity_lookup."},
	{regexp.MustCompile(`(?i)(add|create|new|register|onboard|provision|insert).*(user|person|account)|(user|person|account).*(add|create|register|onboard)|onboard`), "use the block identity_create, or link_account after a social sign-in."},
	{regexp.MustCompile(`(?i)token|oauth|oidc|openid|authz|exchange|codegrant|jwt`), "use social_oidc_redirect and social_oidc_callback, with the provider in authflow.json: they exchange the code and verify the tokens."},
	{regexp.MustCompile(`(?i)lock|attempt|throttl|brute`), "use the blocks brute_force or rate_limit; failed passwords are counted anyway."},
	{regexp.MustCompile(`(?i)password|passwd|credential`), "use credential_set, password_update or password_check: Actions never see a password."},
	{regexp.MustCompile(`(?i)geo|ip|risk|fraud|country`), "use risk_evaluate, ip_reputation or impossible_travel."},
	{regexp.MustCompile(`(?i)^http|^rest|webhook`), "use the block call_webhook."},
}

func hintFor(class, method string) string {
	name := lastPart(class) + " " + method
	for _, h := range hints {
		if h.words.MatchString(method) || h.words.MatchString(strings.ReplaceAll(name, " ", "")) {
			return h.say
		}
	}
	return ""
}
