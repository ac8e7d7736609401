package scenario

import (
	"context"
	"errors"
	"fmt"
	"net/http"
	"net/url"
	"slices"
	"sort"
	"strings"
	"time"

	"github.com/authflow-studio/authflow/engine/directory"
	"github.com/authflow-studio/authflow/engine/scenario/agent"
)

// tick is what a step takes, so that what happens has an order.
const tick = time.Millisecond

// step looks at what a step expects of the page, and does what it says.
func (r *runner) step(ctx context.Context, s *Step) error {
	if err := r.look(ctx, s); err != nil {
		return err
	}
	r.bench.Wait(tick)
	switch {
	case s.Start != nil:
		return r.start(ctx, s.Start)
	case s.Fill != nil || s.Press != "" || s.Submit:
		return r.submit(ctx, s)
	case s.Cancel != nil:
		return r.cancel(ctx, s.Cancel)
	case s.Open != "":
		return r.open(ctx, s.Open)
	case s.Return != nil:
		return r.comeBack(ctx, s.Return)
	case s.Back:
		return r.went(r.agent.Back(ctx))
	case s.Reload:
		return r.went(r.agent.Get(ctx, r.page.URL))
	case s.Again:
		if r.lastForm == nil {
			return fmt.Errorf("again: nothing was sent yet")
		}
		return r.went(r.lastForm(ctx))
	case s.Restart:
		return r.went(r.agent.Send(ctx, http.MethodPost, r.origin+"/fl/restart", nil))
	case s.Tab != "" || s.Browser != "":
		return r.goTo(s.Tab, s.Browser)
	case s.Passkey != "":
		return r.passkey(ctx, s.Passkey)
	case s.Wait != "":
		return r.wait(ctx, s.Wait)
	case s.From != nil:
		from, err := r.filledFrom(ctx, s.From)
		if err != nil {
			return err
		}
		return r.come(from)
	case s.Risk != nil:
		return r.risk(ctx, s.Risk)
	case s.Client != "":
		return r.clientDoes(ctx, s.Client)
	case s.Operator != nil:
		return r.operate(ctx, s.Operator)
	}
	return nil
}

// look holds the page against what the step says of it.
func (r *runner) look(ctx context.Context, s *Step) error {
	if s.Page == "" && len(s.Shows)+len(s.Hides) == 0 && s.Status == 0 {
		return nil
	}
	if r.page == nil {
		return fmt.Errorf("there is no page yet: begin with start or open")
	}
	if want, err := r.fill(ctx, s.Page); err != nil {
		return err
	} else if want != "" && want != r.at() {
		return errors.New(r.elsewhere(want))
	}
	if s.Status != 0 && r.page.Status != s.Status {
		return fmt.Errorf("the page has status %d, and should have %d", r.page.Status, s.Status)
	}
	return r.texts(ctx, s.Shows, s.Hides)
}

func (r *runner) texts(ctx context.Context, shows, hides []string) error {
	text := ""
	if r.page != nil {
		text = pageText(r.page.HTML)
	}
	for i, list := range [][]string{shows, hides} {
		for _, want := range list {
			want, err := r.fill(ctx, want)
			if err != nil {
				return err
			}
			if there := strings.Contains(text, want); there != (i == 0) {
				return fmt.Errorf("the page %s %q", []string{"does not show", "shows"}[i], want)
			}
		}
	}
	return nil
}

func (r *runner) start(ctx context.Context, s *Start) error {
	if s.Flow != "" {
		if r.client != nil {
			r.client.arrived = 0 // what comes of it is not the application's
		}
		flow, err := r.fill(ctx, s.Flow)
		if err != nil {
			return err
		}
		return r.went(r.agent.Get(ctx, r.origin+"/flows/"+flow))
	}
	id, err := r.fill(ctx, s.Client)
	if err != nil {
		return err
	}
	c, err := r.newClient(id)
	if err != nil {
		return err
	}
	params := map[string]string{}
	for name, v := range s.Params {
		if params[name], err = r.fill(ctx, v); err != nil {
			return err
		}
	}
	r.starts++
	r.client = c
	return r.went(r.agent.Get(ctx, c.authorize(params, r.starts)))
}

// went takes the page that the person has come to. One that belongs to the
// client is its answer.
func (r *runner) went(p *agent.Page, err error) error {
	if err != nil {
		return err
	}
	r.page = p
	var onPage []string
	for _, m := range codes.FindAllStringSubmatch(p.HTML, -1) {
		text := strings.TrimSpace(unescape(m[1]))
		onPage = append(onPage, text)
		if base32s.MatchString(text) {
			r.totpSecret = text
		}
	}
	if len(onPage) > 0 {
		r.shown = onPage
	}
	if p.External && r.client != nil && strings.HasPrefix(p.URL, r.client.redirect) {
		return r.client.take(p.URL)
	}
	return nil
}

func (r *runner) submit(ctx context.Context, s *Step) error {
	if r.page == nil {
		return fmt.Errorf("there is no page to fill in: begin with start or open")
	}
	values := map[string]string{}
	for name, v := range s.Fill {
		filled, err := r.fill(ctx, v)
		if err != nil {
			return err
		}
		values[name] = filled
	}
	if err := r.fieldsThere(values, s.Press); err != nil {
		return err
	}
	page := r.page
	r.lastForm = func(ctx context.Context) (*agent.Page, error) { return r.agent.Fill(ctx, page, values, s.Press) }
	return r.went(r.lastForm(ctx))
}

// fieldsThere says which field or button the page does not have.
func (r *runner) fieldsThere(values map[string]string, button string) error {
	var fields, buttons []string
	for _, f := range r.page.Forms {
		for _, in := range f.Fields {
			switch in.Type {
			case "submit", "button":
				buttons = append(buttons, in.Value, in.Name)
			case "hidden":
			default:
				fields = append(fields, in.Name)
			}
		}
	}
	for name := range values {
		if !slices.Contains(fields, name) {
			return fmt.Errorf("page %s: %w", r.at(), r.unknown("field", name, fields))
		}
	}
	if button != "" && !slices.Contains(buttons, button) {
		return fmt.Errorf("page %s: %w", r.at(), r.unknown("button", button, buttons))
	}
	return nil
}

// cancel sends _abort from the page (rule C4), with the page's ticket.
func (r *runner) cancel(ctx context.Context, fields map[string]string) error {
	if r.page == nil || len(r.page.Forms) == 0 {
		return fmt.Errorf("there is no page with a form to cancel")
	}
	form := r.page.Forms[0]
	sent := [][2]string{{"_abort", "1"}}
	for _, in := range form.Fields {
		if in.Type == "hidden" {
			sent = append(sent, [2]string{in.Name, in.Value})
		}
	}
	names := make([]string, 0, len(fields))
	for name := range fields {
		names = append(names, name)
	}
	sort.Strings(names)
	for _, name := range names {
		v, err := r.fill(ctx, fields[name])
		if err != nil {
			return err
		}
		sent = append(sent, [2]string{name, v})
	}
	return r.went(r.agent.Send(ctx, http.MethodPost, form.Action, sent))
}

func (r *runner) open(ctx context.Context, address string) error {
	address, err := r.fill(ctx, address)
	if err != nil {
		return err
	}
	if strings.HasPrefix(address, "/") {
		address = r.origin + address
	}
	return r.went(r.agent.Get(ctx, address))
}

// comeBack returns from another site to the callback, with the state that the
// run had sent along.
func (r *runner) comeBack(ctx context.Context, params map[string]string) error {
	if r.page == nil || !r.page.External {
		return fmt.Errorf("return: the person is at %q, and not at another site", r.at())
	}
	away, err := url.Parse(r.page.URL)
	if err != nil {
		return err
	}
	q := url.Values{}
	if _, own := params["state"]; !own {
		q.Set("state", away.Query().Get("state"))
	}
	for name, v := range params {
		filled, err := r.fill(ctx, v)
		if err != nil {
			return err
		}
		q.Set(name, filled)
	}
	return r.went(r.agent.Get(ctx, r.origin+"/fl/callback?"+q.Encode()))
}

func (r *runner) risk(ctx context.Context, signals map[string]any) error {
	filled, err := r.filledValue(ctx, signals)
	if err != nil {
		return err
	}
	set, _ := filled.(map[string]any) // it was one
	return r.bench.SetRisk(set)
}

func (r *runner) wait(ctx context.Context, length string) error {
	length, err := r.fill(ctx, length)
	if err != nil {
		return err
	}
	d, err := time.ParseDuration(length)
	if err != nil || d <= 0 {
		return fmt.Errorf("wait: %q is no length of time such as 5m", length)
	}
	r.bench.Wait(d)
	return nil
}

func (r *runner) clientDoes(ctx context.Context, what string) error {
	if r.client == nil {
		c, err := r.newClient("")
		if err != nil {
			return err
		}
		r.client = c
	}
	if what == "logout" {
		return r.went(r.agent.Get(ctx, r.client.endSession()))
	}
	return r.client.do(what)
}

func (r *runner) operate(ctx context.Context, o *Operator) error {
	for who, do := range map[string]func(id string) error{
		o.Deactivate: func(id string) error {
			return r.bench.Update(ctx, id, func(u *directory.User) error { u.Status = directory.Deactivated; return nil })
		},
		o.Activate: func(id string) error {
			return r.bench.Update(ctx, id, func(u *directory.User) error { u.Status = directory.Active; return nil })
		},
		o.Revoke: func(id string) error { return r.bench.Revoke(ctx, id) },
		o.SetMetadata: func(id string) error {
			return r.bench.Update(ctx, id, func(u *directory.User) error { u.AppMetadata = joined(u.AppMetadata, o.App); return nil })
		},
	} {
		who, err := r.fill(ctx, who)
		if err != nil {
			return err
		}
		if who == "" {
			continue
		}
		u, ok, err := r.bench.Person(ctx, who)
		if err != nil {
			return err
		}
		if !ok {
			return r.unknown("account", who, r.identifiers())
		}
		if err := do(u.ID); err != nil {
			return err
		}
	}
	return nil
}
