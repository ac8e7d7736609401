package world

import (
	"context"
	"crypto/tls"
	"errors"
	"fmt"
	"net/netip"
	"strings"
	"time"

	"github.com/wneessen/go-mail"
)

// This file hands mail to an SMTP server.

// How the connection to an SMTP server is protected.
const (
	SMTPStartTLS = "starttls" // the default: begins in the clear and must turn to TLS
	SMTPTLS      = "tls"      // TLS from the first byte
	SMTPPlain    = "none"     // for a server on this machine alone
)

// smtpTimeout bounds one delivery, from dialling to the last answer.
const smtpTimeout = 20 * time.Second

// PermanentError says that trying again is of no use.
type PermanentError struct{ Err error }

func (e *PermanentError) Error() string { return e.Err.Error() }

// Unwrap answers the cause.
func (e *PermanentError) Unwrap() error { return e.Err }

// SMTP is a mail server that takes our messages.
type SMTP struct {
	Host           string
	Port           int
	User, Password string
	// From is the sender where the project names none.
	From     string
	Security string
	// TLS replaces the settings of the connection; nil takes the system's
	// trusted authorities.
	TLS *tls.Config
}

// Check reports what is wrong with the settings, before anything is sent.
func (s SMTP) Check() error {
	switch {
	case s.Host == "":
		return errors.New("smtp: no host is given")
	case s.Port < 0 || s.Port > 65535:
		return fmt.Errorf("smtp: %d is no port", s.Port)
	case s.From == "":
		return errors.New("smtp: no sender is given: name the address that mail comes from")
	case s.User == "" && s.Password != "":
		return errors.New("smtp: a password is given, and no user")
	}
	switch s.security() {
	case SMTPStartTLS, SMTPTLS:
		return nil
	case SMTPPlain:
		if loopbackHost(s.Host) {
			return nil
		}
		return fmt.Errorf("smtp: %s is not on this machine: mail with codes in it goes there by starttls or tls only", s.Host)
	}
	return fmt.Errorf("smtp: %q is no protection: it is starttls, tls or none", s.Security)
}

func (s SMTP) security() string {
	if s.Security == "" {
		return SMTPStartTLS
	}
	return s.Security
}

func loopbackHost(host string) bool {
	if a, err := netip.ParseAddr(strings.Trim(host, "[]")); err == nil {
		return a.IsLoopback()
	}
	return host == "localhost"
}

// Mail is one message as the mail server gets it.
type Mail struct {
	ID      string // becomes the Message-ID
	From    string // "" takes the server's sender
	ReplyTo string
	At      time.Time
	Message
}

// Send hands a mail over. A PermanentError says that the server will not take
// it, however often it is offered.
func (s SMTP) Send(ctx context.Context, m Mail) error {
	if err := s.Check(); err != nil {
		return &PermanentError{err}
	}
	out, err := s.compose(m)
	if err != nil {
		return &PermanentError{err}
	}
	client, err := mail.NewClient(s.Host, s.options()...)
	if err != nil {
		return &PermanentError{fmt.Errorf("smtp: %w", err)}
	}
	ctx, cancel := context.WithTimeout(ctx, smtpTimeout)
	defer cancel()
	err = client.DialAndSendWithContext(ctx, out)
	if err == nil {
		return nil
	}
	failure := fmt.Errorf("smtp: %s did not take it: %w", s.Host, err)
	if refused := (*mail.SendError)(nil); errors.As(err, &refused) && refused.ErrorCode() >= 500 {
		return &PermanentError{failure}
	}
	return failure
}

func (s SMTP) options() []mail.Option {
	opts := []mail.Option{mail.WithTimeout(smtpTimeout)}
	switch s.security() {
	case SMTPTLS:
		opts = append(opts, mail.WithSSLPort(false))
	case SMTPPlain:
		opts = append(opts, mail.WithTLSPortPolicy(mail.NoTLS))
	default:
		opts = append(opts, mail.WithTLSPortPolicy(mail.TLSMandatory))
	}
	if s.Port > 0 {
		opts = append(opts, mail.WithPort(s.Port))
	}
	if s.TLS != nil {
		opts = append(opts, mail.WithTLSConfig(s.TLS))
	}
	if s.User != "" {
		kind := mail.SMTPAuthAutoDiscover
		if s.security() == SMTPPlain {
			kind = mail.SMTPAuthPlainNoEnc // allowed to this machine alone, see Check
		}
		opts = append(opts, mail.WithSMTPAuth(kind), mail.WithUsername(s.User), mail.WithPassword(s.Password))
	}
	return opts
}

func (s SMTP) compose(m Mail) (*mail.Msg, error) {
	out := mail.NewMsg(mail.WithNoDefaultUserAgent())
	from := m.From
	if from == "" {
		from = s.From
	}
	if err := out.From(from); err != nil {
		return nil, fmt.Errorf("smtp: the sender is no mail address: %w", err)
	}
	if err := out.To(m.To); err != nil {
		return nil, errors.New("smtp: the receiver is no mail address")
	}
	if m.ReplyTo != "" {
		if err := out.ReplyTo(m.ReplyTo); err != nil {
			return nil, fmt.Errorf("smtp: reply_to is no mail address: %w", err)
		}
	}
	out.Subject(oneLine(m.Subject))
	out.SetDateWithValue(m.At)
	out.SetMessageIDWithValue(m.ID + "@" + senderDomain(from))
	// No answer of a machine is wanted: an absence note to a code helps nobody.
	out.SetGenHeader("Auto-Submitted", "auto-generated")
	out.SetBodyString(mail.TypeTextPlain, m.Text)
	if m.HTML != "" {
		out.AddAlternativeString(mail.TypeTextHTML, m.HTML)
	}
	return out, nil
}

// oneLine keeps a subject from beginning another header.
func oneLine(s string) string { return strings.Join(strings.FieldsFunc(s, newline), " ") }

func newline(r rune) bool { return r == '\r' || r == '\n' }

func senderDomain(from string) string {
	at := strings.LastIndexByte(from, '@')
	domain := strings.TrimRight(from[at+1:], "> ")
	if at < 0 || domain == "" {
		return "localhost"
	}
	return domain
}
