package block

// EventField is one value of event (rule A2), for the checks and the picker.
type EventField struct {
	Path string // below event
	Type string
	Help string
	// Needs names the fact without which it is absent.
	Needs string
}

// EventFields lists what event may hold.
var EventFields = []EventField{
	{Path: "authentication.aal", Type: "string", Help: "Assurance level reached so far: aal1, aal2, or empty"},
	{Path: "authentication.methods", Type: "array", Help: "Methods that were verified (RFC 8176)"},
	{Path: "authentication.risk_score", Type: "integer", Help: "0 to 100, after a risk evaluation"},
	{Path: "authentication.risk_severity", Type: "string", Help: "low, medium or high, after a risk evaluation"},
	{Path: "client.id", Type: "string", Help: "The application's client id"},
	{Path: "client.name", Type: "string", Help: "The application's name"},
	{Path: "connection.secure", Type: "boolean", Help: "Whether the request came over TLS"},
	{Path: "connection.provider", Type: "string", Help: "Id of the other provider that the person came from; empty when they came from none"},
	{Path: "request.ip", Type: "string", Help: "Address of the person"},
	{Path: "request.user_agent", Type: "string", Help: "The browser's user agent"},
	{Path: "request.host", Type: "string", Help: "Host name of the request"},
	{Path: "request.method", Type: "string", Help: "HTTP method that began the run"},
	{Path: "request.network", Type: "string", Help: "Kind of network: tor, vpn, proxy, hosting, corporate, residential, loopback, private, or empty"},
	{Path: "request.asn", Type: "integer", Help: "Number of the autonomous system; 0 when unknown"},
	{Path: "request.geo.country", Type: "string", Help: "ISO 3166-1 country code; empty when unknown"},
	{Path: "request.geo.city", Type: "string", Help: "City; empty when unknown"},
	{Path: "request.geo.lat", Type: "number", Help: "Latitude in degrees"},
	{Path: "request.geo.lon", Type: "number", Help: "Longitude in degrees"},
	{Path: "request.device.known", Type: "boolean", Help: "Whether the device is known, after a device check"},
	{Path: "request.device.id", Type: "string", Help: "Id of a known device"},
	{Path: "request.device.checked", Type: "boolean", Help: "Whether a device check has run"},
	{Path: "tenant.name", Type: "string", Help: "Name of the project"},
	{Path: "transaction.scopes", Type: "array", Help: "Scopes the application asks for"},
	{Path: "transaction.redirect_uri", Type: "string", Help: "Where the application wants the answer"},
	{Path: "transaction.prompt", Type: "string", Help: "The prompt parameter"},
	{Path: "transaction.login_hint", Type: "string", Help: "Whom the application expects"},
	{Path: "transaction.acr_values", Type: "string", Help: "Assurance the application asks for"},
	{Path: "transaction.ui_locales", Type: "string", Help: "Languages the application asks for"},
	{Path: "transaction.max_age", Type: "integer", Help: "Greatest age of the sign-in, in seconds"},
	{Path: "transaction.nonce", Type: "string", Help: "The nonce parameter"},
	{Path: "transaction.locale", Type: "string", Help: "The browser's Accept-Language"},
	{Path: "user.id", Type: "string", Help: "Id of the person", Needs: FactUser},
	{Path: "user.email", Type: "string", Help: "Mail address", Needs: FactUser},
	{Path: "user.email_verified", Type: "boolean", Help: "Whether the mail address was verified", Needs: FactUser},
	{Path: "user.username", Type: "string", Help: "User name", Needs: FactUser},
	{Path: "user.phone", Type: "string", Help: "Phone number", Needs: FactUser},
	{Path: "user.phone_verified", Type: "boolean", Help: "Whether the phone number was verified", Needs: FactUser},
	{Path: "user.name", Type: "string", Help: "Display name", Needs: FactUser},
	{Path: "user.factors", Type: "array", Help: "Names of the enrolled second factors", Needs: FactUser},
	{Path: "user.app_metadata", Type: "object", Help: "What applications keep about the person", Needs: FactUser},
	{Path: "user.user_metadata", Type: "object", Help: "What the person may see and change", Needs: FactUser},
	{Path: "user.last_sign_in", Type: "object", Help: "at, ip, country, lat, lon of the last sign-in; absent at the first", Needs: FactUser},
}
