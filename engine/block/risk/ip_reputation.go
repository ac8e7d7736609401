package risk

import (
	"slices"
	"strconv"
	"strings"

	"github.com/authflow-studio/authflow/engine/block"
	"github.com/authflow-studio/authflow/engine/risk"
	"github.com/authflow-studio/authflow/engine/world"
)

// Severities of a finding.
const (
	low    = "low"
	medium = "medium"
	high   = "high"
)

// severityOutput is the output that all blocks of this family share.
var severityOutput = block.Output{Name: "severity", Type: "string", Help: "low, medium or high"}

var next = []block.Port{{ID: "next", Title: "next", Tone: "neutral"}}

// IPReputation tells what is known of the person's address.
type IPReputation struct{}

// Describe answers the descriptor.
func (IPReputation) Describe() block.Descriptor {
	return block.Descriptor{
		ID: "ip_reputation", Family: "risk", Title: "IP reputation", Icon: "globe-lock",
		Summary:  "Tor, VPN, hosting, proxy; listed addresses; countries",
		Help:     "Looks the address up in the network databases of the server and in the project's own lists. High: Tor, a listed address, a denied country. Medium: a VPN, a proxy, a hosting network, or a country that nobody knows although countries are denied. It never decides: put a decision after it.",
		Synonyms: []string{"tor", "vpn", "proxy", "country", "geo", "sanctions", "blocklist", "asn", "datacenter"},
		Fields: []block.Field{
			{Name: "lists", Title: "Lists of addresses", Kind: block.Strings, Placeholder: "blocked_addresses.txt", Help: "Files below lists/ with an address or a prefix a line."},
			{Name: "deny_countries", Title: "Denied countries", Kind: block.Strings, Placeholder: "KP", Help: "ISO 3166-1 codes. A country that is not known counts as medium, never as harmless."},
			{Name: "deny_networks", Title: "Denied networks", Kind: block.Strings, Placeholder: "64501", Help: "Numbers of autonomous systems."},
		},
		Outputs: []block.Output{severityOutput,
			{Name: "tor", Type: "boolean", Help: "Whether it is a Tor exit"},
			{Name: "vpn", Type: "boolean", Help: "Whether it belongs to a VPN"},
			{Name: "proxy", Type: "boolean", Help: "Whether it is an open or residential proxy"},
			{Name: "hosting", Type: "boolean", Help: "Whether it belongs to a hosting network"},
			{Name: "listed", Type: "boolean", Help: "Whether one of the lists holds it"},
			{Name: "denied", Type: "boolean", Help: "Whether its country or network is denied"},
			{Name: "country", Type: "string", Help: "ISO 3166-1 code; empty when unknown"},
			{Name: "asn", Type: "integer", Help: "Autonomous system; 0 when unknown"},
		},
		Ports: next,
	}
}

// Run looks the address up.
func (IPReputation) Run(c *block.Call) (block.Result, error) {
	ip := c.EventText("request.ip")
	listed := false
	for _, name := range c.Strings("lists") {
		text, err := c.List("lists", name)
		if err != nil {
			return block.Result{}, err
		}
		on, err := risk.AddressListed(text, ip)
		if err != nil {
			return block.Result{}, block.Fail("bad_list", "lists/%s: %w", name, err).In("lists")
		}
		listed = listed || on
	}
	n, err := block.Effect(c, "network.lookup", map[string]any{"ip": ip}, func(env *block.Env) (world.Network, error) {
		return env.World.Networks.Lookup(ip), nil
	})
	if err != nil {
		return block.Result{}, err
	}
	countries := c.Strings("deny_countries")
	denied := slices.ContainsFunc(countries, func(s string) bool { return n.Country != "" && strings.EqualFold(s, n.Country) }) ||
		slices.Contains(c.Strings("deny_networks"), asnText(n.ASN))
	severity := low
	switch {
	case n.Kind == "tor" || listed || denied:
		severity = high
	case n.Kind == "vpn" || n.Kind == "proxy" || n.Kind == "hosting" || len(countries) > 0 && n.Country == "":
		severity = medium
	}
	return block.Go("next", map[string]any{"severity": severity, "tor": n.Kind == "tor", "vpn": n.Kind == "vpn", "proxy": n.Kind == "proxy", "hosting": n.Kind == "hosting",
		"listed": listed, "denied": denied, "country": n.Country, "asn": n.ASN}), nil
}

func asnText(asn int) string {
	if asn == 0 {
		return "unknown"
	}
	return strconv.Itoa(asn)
}
