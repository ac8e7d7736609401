package idp

import "net/http"

// This file holds the built-in texts of the provider's own pages.

// texts are the keys that Options.Text is asked for. idp.lang is the language of
// the page, idp.brand the name above it, which may be empty.
var texts = map[string]string{
	"idp.lang":               "en",
	"idp.brand":              "",
	"idp.error.title":        "This sign-in request cannot be answered",
	"idp.error.intro":        "The application that sent you here made a mistake. Go back to it and try again; if that does not help, tell its operators what stands below.",
	"idp.server_error.title": "Something went wrong",
	"idp.server_error.intro": "The request could not be completed, and you may still be signed in. Please try again.",
	"idp.signed_out.title":   "You are signed out",
	"idp.signed_out.intro":   "You can close this window.",
	"idp.logout.title":       "Do you want to sign out?",
	"idp.logout.intro":       "You asked to end your session here.",
	"idp.logout.button":      "Sign out",
	"idp.continue.title":     "One moment",
	"idp.continue.intro":     "You are on your way back to the application.",
	"idp.continue.button":    "Continue",
	"idp.people.title":       "Sign in as…",
	"idp.people.intro":       "Choose who the application shall see.",
	"idp.people.harness":     "Test harness: nobody is asked for a password here.",
	"idp.people.search":      "Search people",
	"idp.people.level":       "Assurance level",
	"idp.people.aal1":        "One factor (aal1)",
	"idp.people.aal2":        "Two factors (aal2)",
	"idp.people.nobody":      "Nobody is found.",
	"idp.people.real":        "Use the real flow",
}

// Texts answers the keys and the built-in English texts.
func Texts() map[string]string {
	all := make(map[string]string, len(texts))
	for key, text := range texts {
		all[key] = text
	}
	return all
}

func (p *Provider) text(r *http.Request, key string) string {
	if text := p.o.Text(r, key); text != "" && text != key {
		return text
	}
	return texts[key]
}
