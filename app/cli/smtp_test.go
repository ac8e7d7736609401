package cli

import (
	"os"
	"path/filepath"
	"strings"
	"testing"

	"github.com/spf13/cobra"

	"github.com/authflow-studio/authflow/engine/world"
)

func TestMailServerFromFlagsAndEnvironment(t *testing.T) {
	file := filepath.Join(t.TempDir(), "password")
	if err := os.WriteFile(file, []byte("from-a-file\n"), 0o600); err != nil {
		t.Fatal(err)
	}
	for name, c := range map[string]struct {
		args []string
		env  map[string]string
		want *world.SMTP
		err  string
	}{
		"none":        {},
		"environment": {nil, map[string]string{"HOST": "mail.example.com", "PORT": "2525", "USER": "u", "PASSWORD": "p", "FROM": "a@example.com", "SECURITY": "tls"}, &world.SMTP{Host: "mail.example.com", Port: 2525, User: "u", Password: "p", From: "a@example.com", Security: "tls"}, ""},
		"flags stand before the environment": {[]string{"--smtp-host", "other.example.com", "--smtp-from", "b@example.com", "--smtp-user", "v", "--smtp-password-file", file},
			map[string]string{"HOST": "mail.example.com", "FROM": "a@example.com", "PASSWORD": "p"}, &world.SMTP{Host: "other.example.com", User: "v", Password: "from-a-file", From: "b@example.com"}, ""},
		"no sender":            {[]string{"--smtp-host", "mail.example.com"}, nil, nil, "no sender"},
		"in the clear":         {[]string{"--smtp-host", "mail.example.com", "--smtp-from", "a@example.com", "--smtp-security", "none"}, nil, nil, "starttls or tls only"},
		"no such file":         {[]string{"--smtp-host", "mail.example.com", "--smtp-password-file", file + "x"}, nil, nil, "password of the mail server"},
		"no number for a port": {[]string{"--smtp-host", "mail.example.com", "--smtp-port", "smtp"}, nil, nil, "is a number"},
	} {
		var f smtpFlags
		command := &cobra.Command{}
		f.add(command)
		if err := command.ParseFlags(c.args); err != nil {
			t.Fatal(err)
		}
		got, err := f.server(func(n string) (string, bool) { v, ok := c.env[strings.TrimPrefix(n, "AUTHFLOW_SMTP_")]; return v, ok })
		switch {
		case c.err != "":
			if err == nil || !strings.Contains(err.Error(), c.err) {
				t.Errorf("%s: %v", name, err)
			}
		case err != nil || (got == nil) != (c.want == nil) || got != nil && *got != *c.want:
			t.Errorf("%s: %+v, %v", name, got, err)
		}
	}
}
