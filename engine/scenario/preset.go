package scenario

import "maps"

// Preset is an event that is ready to try an Action on.
type Preset struct {
	ID      string         `json:"id"`
	Title   string         `json:"title"`
	Summary string         `json:"summary"`
	Event   map[string]any `json:"event"`
}

// Presets in the order of a menu.
func Presets() []Preset {
	return []Preset{
		{"us_user", "Person in the US", "A known device at home in Boston.", eventOf(home, ada, knownDevice)},
		{"tor_exit", "Tor exit", "The same person from a Tor exit, on a device nobody has seen.", eventOf(place{"198.51.100.7", "tor", "DE", "Frankfurt", 50.11, 8.68, 64501}, ada, newDevice)},
		{"vpn", "VPN", "The same person from the network of a VPN.", eventOf(place{"203.0.113.7", "vpn", "NL", "Amsterdam", 52.37, 4.9, 64502}, ada, knownDevice)},
		{"corporate", "Corporate network", "A colleague in the office.", eventOf(place{"192.0.2.130", "corporate", "US", "Boston", 42.36, -71.06, 64505}, grace, knownDevice)},
		{"new_device", "New device", "A person at home, on a device nobody has seen.", eventOf(home, ada, newDevice)},
		{"machine", "Machine to machine", "A client without a person.", machine()},
		{"empty", "Empty event", "Nothing is known: what an Action must survive.", map[string]any{}},
	}
}

// PresetByID answers one of them.
func PresetByID(id string) (Preset, bool) {
	for _, p := range Presets() {
		if p.ID == id {
			return p, true
		}
	}
	return Preset{}, false
}

type place struct {
	ip, network, country, city string
	lat, lon                   float64
	asn                        float64
}

var home = place{"192.0.2.200", "residential", "US", "Boston", 42.36, -71.06, 64506}

const (
	knownDevice = true
	newDevice   = false
)

func ada() map[string]any {
	return map[string]any{"id": "usr_ada", "email": "ada@example.com", "email_verified": true, "username": "ada", "phone": "", "phone_verified": false, "name": "Ada Lovelace",
		"factors": []any{"totp"}, "app_metadata": map[string]any{"plan": "pro", "department": "Research"}, "user_metadata": map[string]any{"language": "en"},
		"last_sign_in": map[string]any{"at": "2026-11-20T08:00:00Z", "ip": "192.0.2.200", "country": "US", "lat": 42.36, "lon": -71.06}}
}

func grace() map[string]any {
	u := ada()
	maps.Copy(u, map[string]any{"id": "usr_grace", "email": "grace@acme.example", "username": "grace", "name": "Grace Hopper", "app_metadata": map[string]any{"plan": "enterprise", "department": "Compilers"}})
	return u
}

func eventOf(p place, who func() map[string]any, device bool) map[string]any {
	id := ""
	if device {
		id = "dev_1"
	}
	return map[string]any{
		"authentication": map[string]any{"aal": "aal1", "methods": []any{"pwd"}},
		"client":         map[string]any{"id": "local-app", "name": "Local app"},
		"connection":     map[string]any{"secure": true, "provider": ""},
		"tenant":         map[string]any{"name": "Starter"},
		"transaction":    map[string]any{"scopes": []any{"openid", "profile"}, "redirect_uri": "http://127.0.0.1:3000/callback", "locale": "en", "nonce": "n-1"},
		"request": map[string]any{"ip": p.ip, "method": "POST", "host": "127.0.0.1:9400", "user_agent": "Mozilla/5.0 (X11; Linux x86_64) AppleWebKit/537.36 (KHTML, like Gecko) Chrome/143.0.0.0 Safari/537.36",
			"network": p.network, "asn": p.asn, "geo": map[string]any{"country": p.country, "city": p.city, "lat": p.lat, "lon": p.lon},
			"device": map[string]any{"known": device, "id": id, "checked": true}},
		"user": who(),
	}
}

func machine() map[string]any {
	e := eventOf(place{ip: "192.0.2.50", network: "hosting", country: "IE", asn: 64507}, ada, newDevice)
	delete(e, "user")
	e["authentication"] = map[string]any{"aal": "", "methods": []any{}}
	e["client"] = map[string]any{"id": "nightly-job", "name": "Nightly job"}
	e["transaction"] = map[string]any{"scopes": []any{"reports:read"}}
	request := e["request"].(map[string]any)
	request["user_agent"] = "nightly-job/1.4"
	request["device"] = map[string]any{"known": false, "id": "", "checked": false}
	return e
}
