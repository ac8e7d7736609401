package block

// Methods of verification, as RFC 8176 values.
const (
	Password  = "pwd"
	OneTime   = "otp"
	MailCode  = "email" // RFC 8176 has no value for mail; widely used
	HardwareK = "hwk"
	SoftwareK = "swk"
	// UserCheck says that the key before it has verified its user: RFC 8176
	// knows it as a test of presence, and no other value fits better.
	UserCheck = "user"
	// Federated says that another OpenID Provider has vouched; RFC 8176 has no
	// value for it, and this one is widely used. It counts as one factor of
	// which nothing is known, so that a password beside it is no second one.
	Federated = "fed"
	// FederatedMFA says that the provider verified two, and is believed.
	FederatedMFA = "mfa"
)

// FederatedIdentity is an identity at another OpenID Provider that this run has
// proven, whether an account here is linked to it or not.
type FederatedIdentity struct {
	Provider      string `json:"provider"`
	Issuer        string `json:"issuer"`
	Subject       string `json:"subject"`
	Email         string `json:"email,omitempty"`
	EmailVerified bool   `json:"email_verified,omitempty"`
	// MFA says that the provider verified two factors, and is believed.
	MFA bool  `json:"mfa,omitempty"`
	At  int64 `json:"at"` // ms since 1970
}

// WithFederated adds the identity as a verified factor of an account that it is
// linked to.
func (s Subject) WithFederated(userID string, f FederatedIdentity) Subject {
	s.Federated = &f
	s = s.With(userID, Federated, f.At)
	if f.MFA {
		s = s.With(userID, FederatedMFA, f.At)
	}
	return s
}

// AAL answers the assurance level after NIST SP 800-63B: one factor gives aal1,
// two of different kinds aal2. A key that has verified its user is two at once.
func (s Subject) AAL() string {
	knows, has, key, checked, both := false, false, false, false, false
	for _, v := range s.Verified {
		switch v.Method {
		case Password, Federated:
			knows = true
		case FederatedMFA:
			both = true
		case UserCheck:
			checked = true
		case HardwareK, SoftwareK:
			has, key = true, true
		default:
			has = true
		}
	}
	switch {
	case knows && has, key && checked, both:
		return "aal2"
	case knows || has:
		return "aal1"
	}
	return ""
}

// AMR answers the methods without repetition, with mfa when there were two.
func (s Subject) AMR() []string {
	var out []string
	seen := map[string]bool{}
	for _, v := range s.Verified {
		if !seen[v.Method] {
			seen[v.Method] = true
			out = append(out, v.Method)
		}
	}
	if s.AAL() == "aal2" && !seen[FederatedMFA] {
		out = append(out, "mfa")
	}
	return out
}

// AuthTime answers when the last factor was verified, in ms since 1970.
func (s Subject) AuthTime() int64 {
	var at int64
	for _, v := range s.Verified {
		at = max(at, v.At)
	}
	return at
}

// With adds a verified factor. A factor of somebody else starts over: factors
// of two people never add up.
func (s Subject) With(userID, method string, at int64) Subject {
	if s.UserID != userID {
		s = Subject{UserID: userID, Created: s.Created, Federated: s.Federated}
	}
	verified := append([]Verified(nil), s.Verified...)
	s.Verified = append(verified, Verified{Method: method, At: at})
	return s
}
