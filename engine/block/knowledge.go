package block

// This file holds what a descriptor tells those who reason about flows without
// running them (rule K3): what a block proves, says and changes.

// Kinds of factors, for Descriptor.Proves.
const (
	ProvesPassword   = "password"   // something the person knows
	ProvesFederated  = "federated"  // another provider vouched, with one factor or with two
	ProvesPossession = "possession" // something the person has
	ProvesKey        = "key"        // a passkey: something they have, and two factors where it verified its user
	ProvesSession    = "session"    // what a session before was made with, in place of what was proven here
	ProvesNothing    = "nothing"    // what was proven before is forgotten
)

// EndsSessions says that a block ends all sessions of the person.
const EndsSessions = "ends_sessions"

// Setting is a value of a block's config.
type Setting struct {
	Field string `json:"field"`
	Is    any    `json:"is"`
}

// Has reports whether a block with that config has an effect. A setting that
// only a run knows counts as the one that has it not.
func (d *Descriptor) Has(effect string, config map[string]any) bool {
	found := false
	for _, e := range d.Effects {
		found = found || e == effect
	}
	only, limited := d.EffectsIf[effect]
	if !found || !limited {
		return found
	}
	v, set := config[only.Field]
	if f, ok := d.Field(only.Field); !set && ok {
		v = f.Default
	}
	return v == only.Is
}
