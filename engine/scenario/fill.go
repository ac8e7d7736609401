package scenario

import (
	"context"
	"fmt"
	"maps"
	"regexp"
	"slices"
	"strconv"
	"strings"

	"github.com/pquerna/otp/totp"
)

// This file fills in what only a run knows: {{ mail.code }} and its like.

var placeholder = regexp.MustCompile(`\{\{\s*([^{}]+?)\s*\}\}`)

// fill answers a text with its placeholders filled in.
func (r *runner) fill(ctx context.Context, text string) (string, error) {
	var failed error
	out := placeholder.ReplaceAllStringFunc(text, func(m string) string {
		v, err := r.value(ctx, placeholder.FindStringSubmatch(m)[1])
		if err != nil && failed == nil {
			failed = err
		}
		return v
	})
	return out, failed
}

// fillAll fills in each text of a list.
func (r *runner) fillAll(ctx context.Context, texts []string) ([]string, error) {
	out := make([]string, len(texts))
	for i, text := range texts {
		var err error
		if out[i], err = r.fill(ctx, text); err != nil {
			return nil, err
		}
	}
	return out, nil
}

// placeholders are the names that a placeholder may have.
var placeholders = []string{"mail.code", "mail.link", "mail.to", "mail.previous.code", "sms.code", "sms.to", "totp", "totp.next", "shown.1", "person.identifier", "person.password", "client.code", "token.NAME", "now", "variant.NAME"}

func (r *runner) value(ctx context.Context, name string) (string, error) {
	head, rest, _ := strings.Cut(name, ".")
	if r.bench == nil && head != "variant" {
		return "", fmt.Errorf("{{ %s }}: given may hold {{ variant.NAME }} only; nothing else is known before it begins", name)
	}
	switch head {
	case "mail":
		return r.message(ctx, "email", rest, name)
	case "sms":
		return r.message(ctx, "sms", rest, name)
	case "totp":
		return r.totp(rest)
	case "shown":
		n, err := strconv.Atoi(rest)
		if err != nil || n < 1 || n > len(r.shown) {
			return "", fmt.Errorf("{{ %s }}: the pages have shown %d secrets so far", name, len(r.shown))
		}
		return r.shown[n-1], nil
	case "person":
		p, ok := r.person()
		if !ok {
			return "", fmt.Errorf("{{ %s }}: nobody is given as person", name)
		}
		return map[string]string{"identifier": r.given.Person, "password": p.Password, "id": p.ID, "email": p.Email}[rest], nil
	case "client":
		if r.client != nil && rest == "code" {
			return r.client.code, nil
		}
	case "token":
		return r.signed(ctx, rest)
	case "now":
		return r.bench.Now().UTC().Format("2006-01-02T15:04:05Z"), nil
	case "variant":
		if v, ok := r.variant[rest]; ok {
			if text, ok := v.(string); ok && !strings.Contains(text, "variant.") {
				return r.fill(ctx, text)
			}
			return fmt.Sprint(v), nil
		}
		return "", r.unknown("column of the variants", rest, slices.Sorted(maps.Keys(r.variant)))
	}
	return "", r.unknown("placeholder", name, placeholders)
}

// message answers a part of the last message of a channel.
func (r *runner) message(ctx context.Context, channel, part, name string) (string, error) {
	sent, err := r.bench.Sent(ctx)
	if err != nil {
		return "", err
	}
	what, before := strings.CutPrefix(part, "previous.")
	for _, m := range slices.Backward(sent) {
		if m.Channel != channel {
			continue
		}
		if before {
			before = false
			continue
		}
		switch what {
		case "code":
			return m.Code, nil
		case "to":
			return m.To, nil
		case "text":
			return m.Text, nil
		case "link":
			if len(m.Links) == 0 {
				return "", fmt.Errorf("{{ %s }}: the last message to %s has no link", name, m.To)
			}
			return m.Links[0], nil
		}
		return "", r.unknown("placeholder", name, placeholders)
	}
	return "", fmt.Errorf("{{ %s }}: nothing was sent by %s", name, channel)
}

// totp answers the code of the person's app: of the secret that a page has
// shown, or of the one in world.yaml. next is the one of the step after.
func (r *runner) totp(which string) (string, error) {
	secret := r.totpSecret
	if p, ok := r.person(); ok && secret == "" {
		secret = p.TOTPSecret
	}
	if secret == "" {
		return "", fmt.Errorf("{{ totp }}: no page has shown a secret, and the person has none in world.yaml")
	}
	at := r.bench.Now()
	switch which {
	case "next":
		at = at.Add(totpStep)
	case "previous":
		at = at.Add(-totpStep)
	}
	return totp.GenerateCode(secret, at)
}
