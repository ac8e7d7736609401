package bundle

// This file holds the ways in which a bundle is refused.

import "fmt"

// Code says why a bundle was refused. Codes are stable.
type Code string

// The codes.
const (
	CodeNotABundle    Code = "bundle_not_a_bundle"     // no archive, or cut short
	CodeNotCanonical  Code = "bundle_not_canonical"    // an archive, but not in the one form
	CodeTooLarge      Code = "bundle_too_large"        // beyond the limits
	CodeBadPath       Code = "bundle_bad_path"         // a path that may not be there
	CodeUnknownFile   Code = "bundle_unknown_file"     // a file that no manifest lists
	CodeMissingFile   Code = "bundle_missing_file"     // listed, but not there
	CodeDigest        Code = "bundle_digest"           // a part differs from the manifest
	CodeManifest      Code = "bundle_manifest"         // unreadable, or it says something else than its parts
	CodeFormat        Code = "bundle_format"           // another version of the format
	CodeEngine        Code = "bundle_engine"           // made for another engine
	CodeUnsigned      Code = "bundle_unsigned"         // no signature where one is required
	CodeUntrusted     Code = "bundle_untrusted_key"    // signed by a key that is not trusted
	CodeSignature     Code = "bundle_signature"        // the signature does not fit
	CodeProject       Code = "bundle_project"          // the project cannot be read
	CodeSecretLiteral Code = "bundle_secret_in_source" // a file holds what looks like a secret
	CodeExpired       Code = "bundle_expired"          // its time is over
	CodeScope         Code = "bundle_scope"            // meant for another environment
	CodeRevision      Code = "bundle_revision"         // older than what was active here
	CodeExpected      Code = "bundle_expected"         // not the one that was asked for
	CodeContract      Code = "bundle_contract_refuted" // a promise that its flows break
	CodeSecretMissing Code = "bundle_secret_missing"   // the server has no value for a secret that it needs
	CodeSmoke         Code = "bundle_smoke"            // a scenario that it carries fails
	CodeKey           Code = "bundle_key"              // a key file that cannot be used
)

// Error is a refusal: what is wrong, where, and what to do.
type Error struct {
	Code    Code   `json:"code"`
	Path    string `json:"path,omitempty"` // the part or file it is about
	Message string `json:"message"`
	Hint    string `json:"hint,omitempty"`
}

func (e *Error) Error() string {
	text := e.Message
	if e.Path != "" {
		text = e.Path + ": " + text
	}
	if e.Hint != "" {
		text += " (" + e.Hint + ")"
	}
	return text
}

func refuse(code Code, path, hint, format string, args ...any) *Error {
	return &Error{Code: code, Path: path, Hint: hint, Message: fmt.Sprintf(format, args...)}
}
