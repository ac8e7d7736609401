package idp

import (
	"encoding/json"
	"maps"
	"slices"

	"github.com/authflow-studio/authflow/engine/directory"
)

// This file knows the standard claims of a person: which scope gives which, and
// what the claims parameter may ask for.

// profileClaims are standard claims that a project keeps in user_metadata.
var profileClaims = []string{
	"given_name", "family_name", "middle_name", "nickname", "profile", "picture", "website", "gender", "birthdate", "zoneinfo", "locale",
}

// claimsOf are the claims of each scope, OpenID Connect Core section 5.4.
var claimsOf = map[string][]string{
	"profile": slices.Concat([]string{"name", "preferred_username", "updated_at"}, profileClaims),
	"email":   {"email", "email_verified"},
	"phone":   {"phone_number", "phone_number_verified"},
}

// userClaims answers the claims of scopes, and those asked for by name.
func userClaims(u directory.User, scopes, names []string) map[string]any {
	names = slices.Clone(names)
	for _, s := range scopes {
		names = append(names, claimsOf[s]...)
	}
	claims := personClaims(u, names)
	claims["sub"] = u.ID
	return claims
}

// personClaims answers those of the claims that the person has.
func personClaims(u directory.User, names []string) map[string]any {
	all := map[string]any{"updated_at": u.Updated.Unix()}
	set := func(name, value string) {
		if value != "" {
			all[name] = value
		}
	}
	for _, name := range profileClaims {
		value, _ := u.UserMetadata[name].(string)
		set(name, value)
	}
	set("name", u.Name)
	set("preferred_username", u.Username)
	if u.Email != "" {
		all["email"], all["email_verified"] = u.Email, u.EmailVerified
	}
	if u.Phone != "" {
		all["phone_number"], all["phone_number_verified"] = u.Phone, u.PhoneVerified
	}
	maps.DeleteFunc(all, func(name string, _ any) bool { return !slices.Contains(names, name) })
	return all
}

// askedClaims are what the claims parameter asked for, OpenID Connect Core
// section 5.5, and the client may have.
type askedClaims struct {
	IDToken  []string `json:"id_token,omitempty"`
	Userinfo []string `json:"userinfo,omitempty"`
	// ACR are levels of which one is essential: without it there is no answer.
	ACR []string `json:"acr,omitempty"`
}

// claimRequest is one member of the parameter. That a standard claim is essential
// changes nothing: it is given when the person has it (section 5.5.1).
type claimRequest struct {
	Essential bool     `json:"essential"`
	Value     string   `json:"value"`
	Values    []string `json:"values"`
}

func (q *authRequest) takeClaims(client Client, in params) *oauthError {
	given := in.get("claims")
	if given == "" {
		return nil
	}
	var asked struct {
		IDToken  map[string]json.RawMessage `json:"id_token"`
		Userinfo map[string]json.RawMessage `json:"userinfo"`
	}
	if err := json.Unmarshal([]byte(given), &asked); err != nil {
		return refuse("invalid_request", "claims is no JSON object of the form of OpenID Connect Core section 5.5")
	}
	q.Asked.IDToken, q.Asked.Userinfo = client.claimable(asked.IDToken), client.claimable(asked.Userinfo)
	return q.takeSpecialClaims(asked.IDToken)
}

// takeSpecialClaims takes those that say who must sign in, and how.
func (q *authRequest) takeSpecialClaims(asked map[string]json.RawMessage) *oauthError {
	read := func(name string) (claimRequest, bool) {
		var r claimRequest
		raw, there := asked[name]
		return r, !there || string(raw) == "null" || json.Unmarshal(raw, &r) == nil
	}
	acr, acrOK := read("acr")
	sub, subOK := read("sub")
	if !acrOK || !subOK {
		return refuse("invalid_request", "claims asks for acr or sub in a form that OpenID Connect Core section 5.5.1 does not know")
	}
	if acr.Value != "" {
		acr.Values = append(acr.Values, acr.Value)
	}
	if acr.Essential {
		q.Asked.ACR = acr.Values
	}
	q.ACRValues = append(q.ACRValues, acr.Values...)
	if sub.Value != "" && q.HintSubject != "" && sub.Value != q.HintSubject {
		return refuse("invalid_request", "claims and id_token_hint name different people")
	}
	if sub.Value != "" {
		q.HintSubject = sub.Value
	}
	return nil
}

// claimable answers the standard claims among those asked for whose scope the
// client may have, in order.
func (c Client) claimable(asked map[string]json.RawMessage) []string {
	var names []string
	for scope, of := range claimsOf {
		if len(c.grantable([]string{scope})) == 0 {
			continue
		}
		for _, name := range of {
			if _, there := asked[name]; there {
				names = append(names, name)
			}
		}
	}
	slices.Sort(names)
	return names
}
