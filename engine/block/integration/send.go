package integration

import (
	"net/mail"
	"strings"

	"github.com/authflow-studio/authflow/engine/block"
)

// SendEmail sends a mail with words of the flow's own.
type SendEmail struct{}

// SendSMS sends a text message with words of the flow's own.
type SendSMS struct{}

// Notify tells the person by each way that reaches them.
type Notify struct{}

var (
	subjectField  = block.Field{Name: "subject", Title: "Subject", Kind: block.Template, Required: true}
	textField     = block.Field{Name: "text", Title: "Text", Kind: block.Template, Required: true, Help: "An empty line begins a paragraph."}
	templateField = block.Field{Name: "template", Title: "Mail template", Kind: block.Page, Placeholder: "mail/welcome.html", Help: "An HTML template of your own below pages/; it sees .Subject, .Text, .User and .Values."}
	valuesField   = block.Field{Name: "values", Title: "Values", Kind: block.Map, Help: "For the mail template, as .Values.NAME."}
	toNext        = []block.Port{{ID: "next", Title: "next", Tone: "neutral"}}
)

// Describe answers the descriptor.
func (SendEmail) Describe() block.Descriptor {
	return block.Descriptor{
		ID: "send_email", Family: "integration", Title: "Send mail", Icon: "mail",
		Summary:  "Sends a mail",
		Help:     "The mail leaves after the run has come to its next stop, and is tried again while the mail server does not take it. With no address nothing is sent.",
		Synonyms: []string{"email", "message", "welcome", "notify"},
		Fields: []block.Field{
			{Name: "to", Title: "To", Kind: block.Template, Default: "{{ event.user.email }}", Help: "One mail address."},
			subjectField, textField, templateField, valuesField},
		Outputs: []block.Output{{Name: "message_id", Type: "string", Help: "Id of the message; empty when nothing was sent"}},
		Ports:   toNext, Effects: []string{block.SendsMessage},
	}
}

// Run puts the mail into the outbox.
func (SendEmail) Run(c *block.Call) (block.Result, error) {
	return sendOne(c, block.Email)
}

// Describe answers the descriptor.
func (SendSMS) Describe() block.Descriptor {
	return block.Descriptor{
		ID: "send_sms", Family: "integration", Title: "Send SMS", Icon: "message-square",
		Summary:  "Sends a text message",
		Help:     "It leaves through the SMS gateway of authflow.json after the run has come to its next stop. With no number nothing is sent.",
		Synonyms: []string{"text message", "phone", "notify"},
		Fields:   []block.Field{{Name: "to", Title: "To", Kind: block.Template, Default: "{{ event.user.phone }}", Help: "A phone number, with + and country code."}, textField},
		Outputs:  []block.Output{{Name: "message_id", Type: "string", Help: "Id of the message; empty when nothing was sent"}},
		Ports:    toNext, Effects: []string{block.SendsMessage},
	}
}

// Run puts the message into the outbox.
func (SendSMS) Run(c *block.Call) (block.Result, error) { return sendOne(c, block.SMS) }

func sendOne(c *block.Call, channel string) (block.Result, error) {
	to, err := c.Text("to")
	if err != nil {
		return block.Result{}, err
	}
	id, err := send(c, channel, strings.TrimSpace(to))
	if err != nil {
		return block.Result{}, err
	}
	return block.Go("next", map[string]any{"message_id": id}), nil
}

// Describe answers the descriptor.
func (Notify) Describe() block.Descriptor {
	return block.Descriptor{
		ID: "notify", Family: "integration", Title: "Notify", Icon: "bell",
		Summary:  "Tells the person by mail, SMS or both",
		Help:     "The same words by each of the channels for which the account has an address. A person without any is not told, and the flow goes on.",
		Synonyms: []string{"message", "email", "sms", "alert", "new device", "warn"},
		Fields: []block.Field{
			{Name: "channels", Title: "Channels", Kind: block.Choices, Default: []any{block.Email}, Options: []block.Option{{Value: block.Email, Title: "Mail"}, {Value: block.SMS, Title: "SMS"}}},
			subjectField, textField, templateField, valuesField},
		Outputs: []block.Output{
			{Name: "message_ids", Type: "array", Help: "Ids of the messages"},
			{Name: "channels", Type: "array", Help: "The channels that were used"},
		},
		Ports: toNext, Effects: []string{block.SendsMessage},
	}
}

// Run puts the messages into the outbox.
func (Notify) Run(c *block.Call) (block.Result, error) {
	ids, used := []any{}, []any{}
	for _, channel := range c.Strings("channels") {
		to := c.EventText("user.email")
		if channel == block.SMS {
			to = c.EventText("user.phone")
		}
		id, err := send(c, channel, to)
		if err != nil {
			return block.Result{}, err
		}
		if id != "" {
			ids, used = append(ids, id), append(used, channel)
		}
	}
	return block.Go("next", map[string]any{"message_ids": ids, "channels": used}), nil
}

// send puts one message into the outbox and answers its id, "" when there is
// nobody to send to.
func send(c *block.Call, channel, to string) (string, error) {
	d := block.Draft{Channel: channel}
	var err error
	for _, f := range []struct {
		name string
		into *string
	}{{"subject", &d.Subject}, {"text", &d.Text}, {"template", &d.Template}} {
		if _, has := c.Desc.Field(f.name); !has {
			continue
		}
		if *f.into, err = c.Text(f.name); err != nil {
			return "", err
		}
	}
	if d.Values, err = c.FilledMap("values"); err != nil {
		return "", err
	}
	if to != "" && !addressable(channel, to) {
		return "", block.Fail("bad_address", "what is written in to is no address for %s", channel).In("to").Hinted("give one address, without a list of several")
	}
	return block.Effect(c, "message.send", map[string]any{"channel": channel, "to": to, "subject": d.Subject, "text": d.Text, "template": d.Template, "values": d.Values}, func(env *block.Env) (string, error) {
		if to == "" {
			return "", nil
		}
		m, err := block.Compose(c, env, d)
		if err != nil {
			return "", err
		}
		m.To = to
		return block.SendWithID(env, c.RunID, m)
	})
}

// addressable keeps out what would reach somebody else as well.
func addressable(channel, to string) bool {
	if channel == block.Email {
		a, err := mail.ParseAddress(to)
		return err == nil && a.Address == to
	}
	digits := strings.TrimPrefix(to, "+")
	return digits != "" && strings.Trim(digits, "0123456789 -()") == "" && len(to) <= maxNumber
}

// maxNumber is more than any phone number has with its punctuation.
const maxNumber = 32
