package cli

import (
	"fmt"
	"os"
	"strconv"
	"strings"

	"github.com/spf13/cobra"

	"github.com/authflow-studio/authflow/engine/world"
)

// This file reads which mail server a server hands its mail to. docs/messages.md
// is the reference.

// smtpFlags are given on the command line; what is not comes from the
// environment.
type smtpFlags struct{ host, port, user, passwordFile, from, security string }

func (f *smtpFlags) add(c *cobra.Command) {
	flags := c.Flags()
	flags.StringVar(&f.host, "smtp-host", "", "mail server; without one, and without AUTHFLOW_SMTP_HOST, no mail can be sent")
	flags.StringVar(&f.port, "smtp-port", "", "its port; 587 for starttls, 465 for tls when empty")
	flags.StringVar(&f.user, "smtp-user", "", "user at the mail server")
	flags.StringVar(&f.passwordFile, "smtp-password-file", "", "file that holds the user's password; or set AUTHFLOW_SMTP_PASSWORD")
	flags.StringVar(&f.from, "smtp-from", "", "sender where the project names none")
	flags.StringVar(&f.security, "smtp-security", "", "starttls (when empty), tls, or none for a mail server on this machine")
}

// server answers the mail server; nil when none is named.
func (f smtpFlags) server(lookup func(string) (string, bool)) (*world.SMTP, error) {
	or := func(flag, name string) string {
		if flag != "" {
			return flag
		}
		v, _ := lookup("AUTHFLOW_SMTP_" + name)
		return v
	}
	host := or(f.host, "HOST")
	if host == "" {
		return nil, nil
	}
	s := &world.SMTP{Host: host, User: or(f.user, "USER"), From: or(f.from, "FROM"), Security: or(f.security, "SECURITY")}
	if port := or(f.port, "PORT"); port != "" {
		n, err := strconv.Atoi(port)
		if err != nil {
			return nil, fmt.Errorf("the port of the mail server is a number, and not %q", port)
		}
		s.Port = n
	}
	s.Password, _ = lookup("AUTHFLOW_SMTP_PASSWORD")
	if file := or(f.passwordFile, "PASSWORD_FILE"); file != "" {
		text, err := os.ReadFile(file)
		if err != nil {
			return nil, fmt.Errorf("the password of the mail server: %w", err)
		}
		s.Password = strings.TrimRight(string(text), "\r\n")
	}
	return s, s.Check()
}
