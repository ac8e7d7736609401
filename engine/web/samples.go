package web

import (
	"html/template"

	"github.com/authflow-studio/authflow/engine/block"
)

// samples are the pages that blocks bring along, each as its block shows it,
// with made-up values: what a preview begins with.
var samples = map[string]block.PageRequest{
	"auth/password.html": asking("page.password", "button.sign_in",
		block.PageField{Name: "identifier", Type: "text", Label: "field.identifier", Required: true, Value: "ada@example.com"},
		block.PageField{Name: "password", Type: "password", Label: "field.password", Required: true}),
	"auth/new_password.html": asking("page.new_password", "button.set_password", block.PageField{Name: "password", Type: "password", Label: "field.new_password", Required: true, Autocomplete: "new-password"}),
	"auth/verify.html":       asking("page.verify", "button.verify", codeField),
	"auth/otp.html":          sentTo(asking("page.otp_email", "button.verify", codeField), sampleMail, "resend"),
	"auth/magic_link.html":   sentTo(asking("page.magic_link", ""), sampleMail, "resend"),
	"auth/passkey.html":      passkey("page.passkey"),

	"mfa/choose.html":          choice("page.mfa_choose", "totp", "sms_otp", "recovery_code"),
	"mfa/totp.html":            asking("page.mfa_totp", "button.verify", codeField),
	"mfa/email_otp.html":       sentTo(asking("page.mfa_email_otp", "button.verify", codeField), sampleMail, "resend"),
	"mfa/sms_otp.html":         sentTo(asking("page.mfa_sms_otp", "button.verify", codeField), samplePhone, "resend"),
	"mfa/recovery_code.html":   asking("page.mfa_recovery_code", "button.verify", block.PageField{Name: "code", Type: "secret", Label: "field.recovery_code", Required: true, Autocomplete: "off"}),
	"mfa/webauthn.html":        passkey("page.mfa_webauthn"),
	"mfa/enroll_choose.html":   choice("page.mfa_enroll_choose", "enroll_totp", "enroll_sms_otp", "skip"),
	"mfa/enroll_totp.html":     with(asking("page.mfa_enroll", "button.verify", codeField), map[string]any{"secret": "JBSW Y3DP EHPK 3PXP", "qr": template.URL(sampleQR)}),
	"mfa/enroll_phone.html":    asking("page.mfa_enroll_phone", "button.continue", block.PageField{Name: "phone", Type: "tel", Label: "field.phone", Required: true, Value: "+1 617 555 0142"}),
	"mfa/enroll_webauthn.html": passkey("page.passkey_new"),
	"mfa/recovery_codes.html":  with(asking("page.recovery_codes", "button.codes_kept"), map[string]any{"codes": []any{"7KQF-2M9D", "XW4T-HB6N", "3RZC-PV8J", "MN5G-QD2K"}}),

	"choose.html":  choice("page.choose", "continue", "skip"),
	"consent.html": with(choice("page.consent", "allow", "refuse"), map[string]any{"client": "Acme Mail", "scopes": []any{"openid", "profile", "email"}}),
	"account/sessions.html": with(asking("page.sessions", ""), map[string]any{"sessions": []any{
		map[string]any{"button": "end_1", "current": true, "ip": "192.0.2.10", "user_agent": "Firefox on Linux", "since": "2026-01-12T08:30:00Z"},
		map[string]any{"button": "end_2", "current": false, "ip": "198.51.100.23", "user_agent": "Safari on iPhone", "since": "2026-01-09T19:05:00Z"},
	}}),
	"link.html":    with(asking("page.link_confirm", "button.continue"), map[string]any{"token": "sample"}),
	"message.html": asking("page.denied", ""),
	"page.html":    asking("page.page", "button.continue", block.PageField{Name: "answer", Type: "text", Label: "field.identifier", Required: true}),
}

const (
	sampleMail  = "a***@example.com"
	samplePhone = "+1 *** *** 0142"
	// sampleQR is drawn as a picture that is plainly no code of anybody's.
	sampleQR = "data:image/svg+xml,%3Csvg xmlns='http://www.w3.org/2000/svg' viewBox='0 0 9 9'%3E%3Cpath d='M0 0h3v3H0zM6 0h3v3H6zM0 6h3v3H0zM4 1h1v1H4zM4 4h1v1H4zM6 5h1v1H6zM8 4h1v2H8zM5 7h1v2H5zM7 7h2v1H7z'/%3E%3Cpath fill='%23fff' d='M1 1h1v1H1zM7 1h1v1H7zM1 7h1v1H1z'/%3E%3C/svg%3E"
)

var codeField = block.PageField{Name: "code", Type: "code", Label: "field.code", Required: true}

func asking(texts, submit string, fields ...block.PageField) block.PageRequest {
	return block.PageRequest{Model: map[string]any{"title": texts + ".title", "intro": texts + ".intro", "submit": submit}, Fields: fields}
}

func choice(texts string, buttons ...string) block.PageRequest {
	p := asking(texts, "")
	p.Buttons = buttons
	return p
}

func sentTo(p block.PageRequest, to string, buttons ...string) block.PageRequest {
	p.Buttons = buttons
	return with(p, map[string]any{"to": to})
}

func passkey(texts string) block.PageRequest {
	p := asking(texts, texts+".submit", block.PageField{Name: "credential", Type: credentialType})
	return with(p, map[string]any{"ceremony": "preview", "publicKey": map[string]any{}})
}

func with(p block.PageRequest, model map[string]any) block.PageRequest {
	for name, v := range model {
		p.Model[name] = v
	}
	return p
}
