package block

import (
	"slices"
	"time"

	"github.com/authflow-studio/authflow/engine/directory"
)

// UserEvent is event.user (rule A2): factors as names only.
func UserEvent(u directory.User) map[string]any {
	factors := make([]any, 0, len(u.Factors))
	for _, f := range u.Factors {
		if !slices.Contains(factors, any(f.Kind)) { // two passkeys are one kind
			factors = append(factors, f.Kind)
		}
	}
	m := map[string]any{"id": u.ID, "email": u.Email, "username": u.Username, "name": u.Name, "phone": u.Phone,
		"email_verified": u.EmailVerified, "phone_verified": u.PhoneVerified,
		"app_metadata": orEmpty(u.AppMetadata), "user_metadata": orEmpty(u.UserMetadata), "factors": factors}
	if l := u.LastSignIn; !l.At.IsZero() {
		m["last_sign_in"] = map[string]any{"at": l.At.UTC().Format(time.RFC3339), "ip": l.IP, "country": l.Country, "lat": l.Lat, "lon": l.Lon}
	}
	return m
}

func orEmpty(m map[string]any) map[string]any {
	if m == nil {
		return map[string]any{}
	}
	return m
}
