package world

// File is the content of world.yaml: what the harness knows besides the flows.
// It is never exported.
type File struct {
	People   []Person          `yaml:"people"`
	Networks []NetworkEntry    `yaml:"networks"`
	Secrets  map[string]string `yaml:"secrets"`
	// Names are hosts and the addresses that they resolve to, for who tests what
	// the egress guard makes of them.
	Names map[string]string `yaml:"names"`
	// Risk are signals that are so whatever would be found, by name.
	Risk map[string]any `yaml:"risk"`
	// Stubs answer the calls of scenarios in place of partners.
	Stubs []Stub `yaml:"stubs"`
	// Providers are who can sign in at the simulated providers, by the id of the
	// project's.
	Providers map[string]OtherProvider `yaml:"providers"`
}

// OtherProvider is who can sign in at a simulated provider.
type OtherProvider struct {
	People []OtherPerson `yaml:"people"`
}

// OtherPerson is somebody there.
type OtherPerson struct {
	Sub           string `yaml:"sub"`
	Name          string `yaml:"name"`
	Email         string `yaml:"email"`
	EmailVerified bool   `yaml:"email_verified"`
	// Claims are further ones, such as amr or groups.
	Claims map[string]any `yaml:"claims"`
}

// Person is somebody who can sign in at the harness.
type Person struct {
	ID            string         `yaml:"id"`
	Email         string         `yaml:"email"`
	Username      string         `yaml:"username"`
	Phone         string         `yaml:"phone"`
	Name          string         `yaml:"name"`
	Password      string         `yaml:"password"`
	EmailVerified bool           `yaml:"email_verified"`
	PhoneVerified bool           `yaml:"phone_verified"`
	Deactivated   bool           `yaml:"deactivated"`
	TOTPSecret    string         `yaml:"totp_secret"`
	AppMetadata   map[string]any `yaml:"app_metadata"`
	UserMetadata  map[string]any `yaml:"user_metadata"`
}

// Identifier is what the person types to sign in.
func (p Person) Identifier() string {
	for _, s := range []string{p.Email, p.Username, p.Phone} {
		if s != "" {
			return s
		}
	}
	return ""
}
