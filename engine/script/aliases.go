package script

// This file is the one table of names that people who come from other products
// type (rule A3).

import "github.com/dop251/goja"

// alias is another name of a member, and how its arguments are to be read.
type alias struct {
	to   string
	args func(m *machine, args arguments) arguments // nil: as they are
}

var aliases = map[string]alias{
	"access.deny":                  {to: "deny"},
	"multifactor.enable":           {to: "requireMfa", args: providerToFactor},
	"authentication.challengeWith": {to: "requireMfa", args: typeToFactor},
	"redirect.sendUserTo":          {to: "redirect.to"},
	"requireMFA":                   {to: "requireMfa"},
	"setCustomClaim":               {to: "accessToken.setCustomClaim"},
	"setState":                     {to: "state.set"},
}

func (a alias) member() member {
	fn := members[a.to]
	if a.args == nil {
		return fn
	}
	return func(m *machine, args arguments) goja.Value { return fn(m, a.args(m, args)) }
}

// factors translates the names that other products give to factors; one that
// stands for the person's choice becomes no factor at all.
var factors = map[string]string{
	"any": "", "default": "",
	"google-authenticator": "totp", "otp": "totp",
	"phone": "sms_otp", "sms": "sms_otp", "email": "email_otp",
	"webauthn-roaming": "webauthn", "webauthn-platform": "webauthn",
	"recovery-code": "recovery_code",
}

func providerToFactor(m *machine, args arguments) arguments {
	return factorNamed(m, args.at(0))
}

func typeToFactor(m *machine, args arguments) arguments {
	if options, ok := args.at(0).(*goja.Object); ok {
		return factorNamed(m, options.Get("type"))
	}
	return factorNamed(m, args.at(0))
}

func factorNamed(m *machine, v goja.Value) arguments {
	if v == nil || !goja.IsString(v) {
		return arguments{goja.Undefined()}
	}
	factor, known := factors[v.String()]
	switch {
	case !known:
		return arguments{v}
	case factor == "":
		return arguments{goja.Undefined()}
	}
	return arguments{m.rt.ToValue(factor)}
}
