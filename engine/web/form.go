package web

import (
	"errors"
	"io"
	"mime"
	"net/http"
	"net/url"
	"slices"
	"strings"
	"unicode/utf8"

	"github.com/authflow-studio/authflow/engine/block"
	"github.com/authflow-studio/authflow/engine/run"
)

// Limits of a submitted form (rule N5).
const (
	maxForm   = 256 << 10
	maxFields = 200
	maxValue  = 16 << 10
)

// Names that this package gives to inputs of its own.
const (
	ticketField = "_ticket"
	buttonField = "_button"
	abortField  = "_abort"
)

var (
	errTooLarge = errors.New("the form is larger than 256 KiB, or has more than 200 fields")
	errNotForm  = errors.New("the body is no form")
)

type form struct {
	ticket string
	input  run.Input
}

// readForm decodes a submit of a page. Secret fields go into the vault and
// nowhere else (rule T3).
func readForm(w http.ResponseWriter, r *http.Request, page *block.PageRequest) (form, error) {
	kind, _, _ := mime.ParseMediaType(r.Header.Get("Content-Type"))
	if kind != "application/x-www-form-urlencoded" && kind != "application/json" {
		return form{}, errNotForm
	}
	if r.ContentLength > maxForm {
		return form{}, errTooLarge
	}
	body, err := io.ReadAll(http.MaxBytesReader(w, r.Body, maxForm))
	if tooLarge := (*http.MaxBytesError)(nil); errors.As(err, &tooLarge) {
		return form{}, errTooLarge
	}
	if err != nil {
		return form{}, errNotForm
	}
	if kind == "application/json" {
		return decodeJSON(body, page)
	}
	return decodeForm(string(body), page)
}

func decodeForm(body string, page *block.PageRequest) (form, error) {
	if strings.Count(body, "&") >= maxFields {
		return form{}, errTooLarge
	}
	values, err := url.ParseQuery(body)
	if err != nil {
		return form{}, errNotForm
	}
	f := form{ticket: values.Get(ticketField), input: run.Input{Fields: map[string]any{}, Vault: map[string]string{}}}
	for name, vs := range values {
		v := vs[0]
		if len(v) > maxValue || len(name) > maxValue {
			return form{}, errTooLarge
		}
		switch {
		case !utf8.ValidString(name) || !utf8.ValidString(v):
			return form{}, errNotForm
		case name == buttonField:
			f.input.Button = v
		case name == abortField:
			f.input.Abort = true
		case slices.Contains(page.Buttons, name):
			f.input.Button = name
		case strings.HasPrefix(name, "_"):
			// Names with an underscore are the engine's.
		case secretField(page, name):
			f.input.Vault[name] = v
		default:
			f.input.Fields[name] = v
		}
	}
	return f, nil
}

// secretNames are taken for secrets where a template of the project has inputs
// that its block does not declare.
var secretNames = []string{"password", "passwd", "pwd", "secret", "pin", "code", "otp", "token"}

// secretTypes are the types of fields that hold secrets.
var secretTypes = []string{"password", "code", "secret", credentialType}

// credentialType is the type of the field that carries a passkey's answer.
const credentialType = "credential"

func secretField(page *block.PageRequest, name string) bool {
	for _, f := range page.Fields {
		if f.Name == name {
			return slices.Contains(secretTypes, f.Type)
		}
	}
	lower := strings.ToLower(name)
	return slices.ContainsFunc(secretNames, func(s string) bool { return strings.Contains(lower, s) })
}
