// Package catalogue is the list of all block types. To add one, write its file
// in the folder of its family and its line here; palette, form, checks and docs
// follow from its descriptor.
package catalogue

import (
	"github.com/authflow-studio/authflow/engine/block"
	"github.com/authflow-studio/authflow/engine/block/authentication"
	"github.com/authflow-studio/authflow/engine/block/control"
	"github.com/authflow-studio/authflow/engine/block/identity"
	"github.com/authflow-studio/authflow/engine/block/integration"
	"github.com/authflow-studio/authflow/engine/block/pages"
	"github.com/authflow-studio/authflow/engine/block/risk"
	"github.com/authflow-studio/authflow/engine/block/session"
	"github.com/authflow-studio/authflow/engine/block/terminal"
)

// All answers the catalogue.
func All() *block.Catalogue {
	return block.NewCatalogue(
		authentication.PasswordCheck{},
		authentication.MFA{},
		authentication.RequireMFA{},
		authentication.CheckMFAStatus{},
		authentication.RequireMFAEnroll{},
		authentication.WebAuthnBegin{},
		authentication.WebAuthnFinish{},
		authentication.CredentialSet{},
		authentication.PasswordUpdate{},
		authentication.ChannelOTPSend{},
		authentication.ChannelOTPVerify{},
		authentication.MagicLinkSend{},
		authentication.MagicLinkVerify{},
		authentication.SocialRedirect{},
		authentication.SocialCallback{},
		risk.DeviceCheck{},
		risk.Evaluate{},
		risk.IPReputation{},
		risk.ImpossibleTravel{},
		risk.BruteForce{},
		risk.BotDetection{},
		risk.BreachedPassword{},
		risk.EmailValidation{},
		risk.PasswordPolicy{},
		risk.RateLimit{},
		identity.Lookup{},
		identity.Create{},
		identity.ProfileUpdate{},
		identity.UpdateUser{},
		identity.SetMetadata{},
		identity.DeactivateUser{},
		identity.VerificationSend{},
		identity.VerificationCheck{},
		identity.PasswordRecoverySend{},
		identity.LinkAccount{},
		session.SetCustomClaim{},
		session.SessionCheck{},
		session.RefreshTokenValidate{},
		session.IssueTokens{},
		session.SessionRevoke{},
		session.OwnSessions{},
		session.IssueSession{},
		pages.Page{},
		pages.Redirect{},
		pages.Choose{},
		pages.Consent{},
		control.Decision{},
		control.Match{},
		control.Repeat{},
		control.ForEach{},
		control.SetValue{},
		control.RunFlow{},
		control.RunCustomAction{},
		control.Delay{},
		integration.LogEvent{},
		integration.CallWebhook{},
		integration.EmitEvent{},
		integration.SendEmail{},
		integration.SendSMS{},
		integration.Notify{},
		integration.VerifyToken{},
		terminal.Allow{},
		terminal.Deny{},
		terminal.Finish{},
	)
}
