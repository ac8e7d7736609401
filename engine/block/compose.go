package block

import (
	"bytes"
	_ "embed" // the built-in mail
	"fmt"
	htmltemplate "html/template"
	"io"
	"strings"
	texttemplate "text/template"

	"github.com/authflow-studio/authflow/engine/world"
)

// This file makes the words of a message: of labels in the person's language,
// or of a project's own templates.

//go:embed mail/message.html
var builtinMail string

// Draft is a message before it has words.
type Draft struct {
	Channel string
	// Label is the stem of its texts: CHANNEL.LABEL.subject and .text.
	Label string
	// Subject and Text take the place of labels where the flow wrote them.
	Subject, Text string
	// Template is an HTML template below pages/; a .txt beside it is the text.
	Template string
	// Code, Link and Minutes are put in; Values are for templates.
	Code, Link string
	Minutes    int
	Values     map[string]any
}

// mailData is what a message's template sees. docs/messages.md is its reference.
type mailData struct {
	Subject, Text       string
	Code, Link          string
	Minutes             int
	Project, Locale     string
	Paragraphs          []string
	Values, Event, User map[string]any
}

// Compose makes the words. It is called inside an effect: its code and link are
// no part of the run (rule T3).
func Compose(c *Call, env *Env, d Draft) (world.Message, error) {
	locales := Locale(c.View.Event)
	label := func(key string) string { return Lookup(env.Project, locales, key) }
	put := strings.NewReplacer("{code}", d.Code, "{link}", d.Link, "{minutes}", fmt.Sprint(d.Minutes), "{project}", env.Project.Settings.Name)
	m := world.Message{Channel: d.Channel, Subject: d.Subject, Text: d.Text}
	if d.Label != "" {
		m.Text = put.Replace(label(d.Channel + "." + d.Label + ".text"))
		if d.Channel == Email {
			m.Subject = put.Replace(label("email." + d.Label + ".subject"))
		}
	}
	if d.Code != "" || d.Link != "" {
		m.Secrets = map[string]string{}
		for name, v := range map[string]string{"code": d.Code, "link": d.Link} {
			if v != "" {
				m.Secrets[name] = v
			}
		}
	}
	if d.Channel != Email {
		return m, nil
	}
	user, _ := c.View.Event["user"].(map[string]any)
	data := mailData{Subject: m.Subject, Text: m.Text, Code: d.Code, Link: d.Link, Minutes: d.Minutes, Project: env.Project.Settings.Name, Locale: first(locales, env),
		Paragraphs: strings.Split(m.Text, "\n\n"), Values: d.Values, Event: c.View.Event, User: user}
	return m, render(env, d.Template, data, label, &m)
}

// first answers the language that the words are in.
func first(locales []string, env *Env) string {
	for _, l := range locales {
		if env.Project.Labels[l] != nil || builtinLabels[l] != nil {
			return l
		}
	}
	return env.Project.Settings.WithDefaults().DefaultLocale
}

// render fills the templates of a mail in.
func render(env *Env, name string, data mailData, label func(string) string, m *world.Message) error {
	source, own := builtinMail, false
	if name != "" {
		if source, own = env.Project.Pages[name]; !own {
			return Fail("no_template", "there is no template pages/%s", name).In("template").Hinted("choose one that exists, or create it")
		}
	}
	funcs := map[string]any{"label": label}
	html, err := htmltemplate.New(name).Funcs(funcs).Parse(source)
	if err == nil {
		m.HTML, err = filled(html, data)
	}
	if err != nil {
		return Fail("template", "pages/%s: %w", name, err).In("template")
	}
	if text, ok := env.Project.Pages[strings.TrimSuffix(name, ".html")+".txt"]; ok && own {
		t, err := texttemplate.New(name).Funcs(funcs).Parse(text)
		if err == nil {
			m.Text, err = filled(t, data)
		}
		if err != nil {
			return Fail("template", "the text beside pages/%s: %w", name, err).In("template")
		}
	}
	return nil
}

func filled(t interface {
	Execute(w io.Writer, data any) error
}, data mailData) (string, error) {
	var out bytes.Buffer
	err := t.Execute(&out, data)
	return out.String(), err
}

// Locale orders the languages of the person of an event: those that the
// application asked for, then the browser's (rule N10).
func Locale(event map[string]any) []string {
	tx, _ := event["transaction"].(map[string]any)
	ui, _ := tx["ui_locales"].(string)
	accept, _ := tx["locale"].(string)
	var out []string
	for _, tag := range append(strings.Fields(ui), strings.Split(accept, ",")...) {
		tag, _, _ = strings.Cut(strings.TrimSpace(tag), ";")
		if tag == "" || tag == "*" {
			continue
		}
		out = append(out, tag)
		if base, _, regional := strings.Cut(tag, "-"); regional {
			out = append(out, base)
		}
	}
	return out
}
