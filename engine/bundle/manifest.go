package bundle

// This file derives from a project what a server is told about it (rule B2).

import (
	"bytes"
	"cmp"
	"crypto/sha256"
	"encoding/hex"
	"maps"
	"slices"

	"github.com/go-json-experiment/json"

	"github.com/authflow-studio/authflow/engine/flow"
)

const (
	// Format is the version of the bundle's form.
	Format = 1
	// EngineLevel counts what this engine can run: it grows when a flow can say
	// something that an older engine would not understand.
	EngineLevel = 1

	manifestFile  = "manifest.json"
	signatureFile = "manifest.jws"
)

// Manifest is what stands in manifest.json. All of it but SignedBy follows from
// the parts, and a loader derives it again.
type Manifest struct {
	Format   int         `json:"format"`
	Name     string      `json:"name"`
	Version  string      `json:"version"`
	Digest   string      `json:"digest"`
	Engine   EngineRange `json:"engine"`
	Parts    []Part      `json:"parts"`
	Flows    []Flow      `json:"flows"`
	Unlocked []Unlocked  `json:"unlocked"`
	// Suppressed are findings of the checks that the project lets be, and why.
	Suppressed []flow.Suppression `json:"suppressed,omitempty"`
	Hosts      []string           `json:"hosts"`   // that the flows may call
	Secrets    []SecretName       `json:"secrets"` // that the server must supply
	// Contracts with the verdicts of the builder, and which checker gave them.
	// They follow from the parts too, but only who can prove knows: a loader
	// proves again.
	Contracts []Contract `json:"contracts,omitempty"`
	Checker   int        `json:"checker,omitzero"`
	// Scenarios that the bundle carries, with what came of them at the builder's; a
	// loader runs them again.
	Scenarios []Scenario `json:"scenarios,omitempty"`
	Issue
	SignedBy string `json:"signed_by,omitempty"`
}

// Issue is what whoever issues a bundle says of it, and no part follows from.
type Issue struct {
	// Revision only grows; 0 is none. A server that was on a higher one takes a
	// lower one as a rollback alone.
	Revision int `json:"revision,omitzero"`
	// Previous is the digest of what it was made after.
	Previous string `json:"previous,omitempty"`
	// Expires is when a server activates it no longer (RFC 3339); empty: never.
	Expires string `json:"expires,omitempty"`
	// Scope is the environment that it is meant for; empty: any.
	Scope string `json:"scope,omitempty"`
}

// Contract is a promise with the verdict on it: proved or unknown.
type Contract struct {
	Name    string `json:"name"`
	Verdict string `json:"verdict"`
}

// Scenario is a smoke test with its result: passed or failed.
type Scenario struct {
	Name   string `json:"name"`
	Result string `json:"result"`
}

// Results of a Scenario.
const (
	Passed = "passed"
	Failed = "failed"
)

// Release is what the builder adds to what follows from the project: the verdicts
// on the contracts, the results of its scenarios, and what is said of the issue.
type Release struct {
	Checker   int
	Contracts []Contract
	Scenarios []Scenario
	Issue
}

// refutedVerdict keeps a project from being exported, and a bundle from being
// loaded.
const refutedVerdict = "refuted"

// checkContracts refuses a broken promise (rule B1).
func checkContracts(list []Contract) error {
	for _, c := range list {
		if c.Verdict == refutedVerdict {
			return refuse(CodeContract, "", "authflow check shows the path that breaks it", "the contract %q is refuted", c.Name)
		}
	}
	return nil
}

// checkScenarios refuses what did not even work where it was built.
func checkScenarios(list []Scenario) error {
	for _, s := range list {
		if s.Result != Passed {
			return refuse(CodeSmoke, "", "authflow test shows where it goes wrong", "the smoke test %q has failed", s.Name)
		}
	}
	return nil
}

// EngineRange says which engines understand the bundle, both ends included.
type EngineRange struct {
	Min int `json:"min"`
	Max int `json:"max"`
}

// Part is one file.
type Part struct {
	Path   string `json:"path"`
	Size   int    `json:"size"`
	SHA256 string `json:"sha256"`
}

// Flow is one flow; one that is not startable is run by other flows alone.
type Flow struct {
	Slug      string `json:"slug"`
	Trigger   string `json:"trigger"`
	Startable bool   `json:"startable"`
	Blocks    int    `json:"blocks"`
}

// Unlocked is a lock that a flow has lifted (rule G6).
type Unlocked struct {
	Flow   string `json:"flow"`
	Block  string `json:"block"`
	Reason string `json:"reason"`
}

// SecretName is a secret by its name; its value is never part of a bundle.
type SecretName struct {
	Name    string `json:"name"`
	Purpose string `json:"purpose,omitempty"`
}

// describe derives the manifest of the parts, which are those of a project.
func describe(p *flow.Project) Manifest {
	m := Manifest{
		Format: Format, Name: p.Settings.Name, Version: p.Settings.Version, Digest: p.Digest,
		Engine: EngineRange{Min: 1, Max: EngineLevel},
		Parts:  []Part{}, Flows: []Flow{}, Unlocked: []Unlocked{}, Hosts: []string{}, Secrets: secretsOf(p),
	}
	for _, name := range slices.Sorted(maps.Keys(p.Files)) {
		sum := sha256.Sum256(p.Files[name])
		m.Parts = append(m.Parts, Part{name, len(p.Files[name]), hex.EncodeToString(sum[:])})
	}
	for _, slug := range slices.Sorted(maps.Keys(p.Flows)) {
		f := p.Flows[slug]
		m.Flows = append(m.Flows, Flow{slug, f.Trigger, f.Startable(), len(f.Blocks)})
		for _, u := range f.Unlocked {
			m.Unlocked = append(m.Unlocked, Unlocked{slug, u.Block, u.Reason})
		}
	}
	m.Suppressed = p.Settings.Checks.Suppress
	m.Hosts = append(m.Hosts, p.Settings.EgressHosts...)
	slices.Sort(m.Hosts)
	m.Hosts = slices.Compact(m.Hosts)
	return m
}

// secretsOf lists what the project declares and what its clients name.
func secretsOf(p *flow.Project) []SecretName {
	purposes := map[string]string{}
	for _, c := range p.Clients {
		if c.SecretName != "" {
			purposes[c.SecretName] = "password of the client " + c.ID
		}
	}
	for _, s := range p.Settings.Secrets {
		purposes[s.Name] = cmp.Or(s.Purpose, purposes[s.Name])
	}
	out := []SecretName{}
	for _, name := range slices.Sorted(maps.Keys(purposes)) {
		out = append(out, SecretName{name, purposes[name]})
	}
	return out
}

// decodeManifest reads a manifest. It must be in the canonical form, so that
// there is one text for each content and one content for each text.
func decodeManifest(data []byte) (Manifest, error) {
	var m Manifest
	if err := json.Unmarshal(data, &m, json.RejectUnknownMembers(true)); err != nil {
		return m, refuse(CodeManifest, manifestFile, "", "the manifest cannot be read: %v", err)
	}
	again, err := flow.Canonical(m)
	if err != nil || !bytes.Equal(again, data) {
		return m, refuse(CodeManifest, manifestFile, "", "the manifest is not in its canonical form")
	}
	return m, nil
}

// formatOf reads the format alone, whatever else the manifest holds; 0 if there
// is none.
func formatOf(data []byte) int {
	var head struct {
		Format int `json:"format"`
	}
	if json.Unmarshal(data, &head) != nil {
		return 0
	}
	return head.Format
}
