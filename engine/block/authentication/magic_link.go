package authentication

import (
	"github.com/authflow-studio/authflow/engine/block"
)

// MagicLinkSend sends a link that signs the person in.
type MagicLinkSend struct{}

// MagicLinkVerify waits for the link to be opened.
type MagicLinkVerify struct{}

// Describe answers the descriptor.
func (MagicLinkSend) Describe() block.Descriptor {
	return block.Descriptor{
		ID: "magic_link_send", Family: "authentication", Title: "Send magic link", Icon: "link",
		Summary:  "Sends a signed link that works once",
		Help:     "Sends to the account that was found; when none was found nothing is sent, and what comes after looks the same. The link works once, and only in the browser that asked for it: a link that somebody else was made to send is of no use to them. Programs that open links of mails do not use it up.",
		Synonyms: []string{"magic link", "passwordless", "email link", "jwt"},
		Fields:   []block.Field{channelField(), {Name: "ttl", Title: "Valid for", Kind: block.Length, Default: "10m"}, templateField(), verifiedOnlyField()},
		Outputs: []block.Output{
			{Name: "link_id", Type: "string", Help: "Names the link for the block that waits for it; it is not the link"},
			{Name: "sent", Type: "boolean", Help: "Whether a message went out. Do not show it: it tells whether there is an account"},
			{Name: "expires_at", Type: "string", Help: "Until when the link works (RFC 3339)"},
		},
		Ports:   []block.Port{{ID: "sent", Title: "sent", Tone: "neutral"}},
		Effects: []string{block.SendsMessage},
	}
}

// Run sends the link.
func (MagicLinkSend) Run(c *block.Call) (block.Result, error) {
	spec, err := block.CodeSpecOf(c)
	if err != nil {
		return block.Result{}, err
	}
	spec.Purpose, spec.Label, spec.Link, spec.VerifiedOnly = "magic_link", "link", true, c.Bool("verified_only")
	s, err := block.SendCode(c, spec)
	if err != nil {
		return block.Result{}, err
	}
	return block.Go("sent", map[string]any{"link_id": s.ID, "sent": s.Sent, "expires_at": instant(s.Expires)}), nil
}

// Describe answers the descriptor.
func (MagicLinkVerify) Describe() block.Descriptor {
	return block.Descriptor{
		ID: "magic_link_verify", Family: "authentication", Title: "Wait for magic link", Icon: "mail-check",
		Summary:  "Waits until the person opens the link",
		Help:     "Shows a page that sends the person to their mail. The link leads to a page with one button; pressing it in the same browser goes on here. The outcome expired is taken when the person asks for a new message, or the time is over: lead it back to the block that sends.",
		Synonyms: []string{"magic link", "passwordless", "email link"},
		Asks:     true,
		Fields: []block.Field{
			{Name: "link_id", Title: "Link", Kind: block.Template, Required: true, Placeholder: "{{ step.send.link_id }}", Help: "Which link: the output of the block that sent it."},
			{Name: "expires_at", Title: "Valid until", Kind: block.Template, Placeholder: "{{ step.send.expires_at }}", Help: "The output of the block that sent it; with it the page itself knows when the time is over."},
			{Name: "resend_after", Title: "New link after", Kind: block.Length, Default: "30s", Help: "How long the person has to wait before they can ask for a new one."},
			{Name: "template", Title: "Page", Kind: block.Page, Default: "auth/magic_link.html"},
		},
		Outputs: []block.Output{{Name: "verified", Type: "boolean", Help: "Whether the link was opened"}},
		Ports:   []block.Port{{ID: "ok", Title: "ok", Tone: "good"}, {ID: "expired", Title: "expired", Tone: "warn"}},
		Gives:   map[string][]string{"ok": {block.FactUser, block.FactVerified}},
		Proves:  map[string][]string{"ok": {block.ProvesPossession}}, KeepsUser: true,
		Effects: []string{block.VerifiesFactor},
	}
}

// Run waits, and takes the link.
func (m MagicLinkVerify) Run(c *block.Call) (block.Result, error) {
	id, err := c.Text("link_id")
	if err != nil {
		return block.Result{}, err
	}
	if !c.Resumed() {
		if err := began(c); err != nil {
			return block.Result{}, err
		}
		return m.ask(c, id, ""), nil
	}
	if _, followed := c.Secret(block.LinkField); followed {
		return m.followed(c, id)
	}
	over, err := m.over(c)
	if err != nil {
		return block.Result{}, err
	}
	early, err := tooEarly(c)
	switch {
	case err != nil:
		return block.Result{}, err
	case over, c.Button == "resend" && !early:
		return block.Go("expired", map[string]any{"verified": false}), nil
	case c.Button == "resend":
		return m.ask(c, id, "error.resend_later"), nil
	}
	return m.ask(c, id, ""), nil
}

func (m MagicLinkVerify) followed(c *block.Call, id string) (block.Result, error) {
	l, state, err := block.UseLink(c, id)
	if err != nil {
		return block.Result{}, err
	}
	switch {
	case state == block.LinkExpired:
		return block.Go("expired", map[string]any{"verified": false}), nil
	case state != block.LinkOK || l.UserID == "" || l.UserID != c.EventText("user.id"):
		return m.ask(c, id, "error.link_invalid"), nil
	}
	if err := provenBy(c, l.UserID, block.MethodOf(l.Channel)); err != nil {
		return block.Result{}, err
	}
	return block.Go("ok", map[string]any{"verified": true}), nil
}

// over reports whether the link can no longer be opened.
func (MagicLinkVerify) over(c *block.Call) (bool, error) {
	until, err := c.Text("expires_at")
	if err != nil || until == "" {
		return false, err
	}
	at, err := instantOf(until)
	if err != nil {
		return false, err
	}
	now, err := c.Now()
	return !now.Before(at), err
}

func (MagicLinkVerify) ask(c *block.Call, id, problem string) block.Result {
	template, _ := c.Text("template")
	return block.Ask(block.PageRequest{Template: template, Error: problem, Link: id, Buttons: []string{"resend"},
		Model: map[string]any{"title": "page.magic_link.title", "intro": "page.magic_link.intro", "to": shownAddress(c, block.Email)}})
}
