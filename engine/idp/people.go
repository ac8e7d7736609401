package idp

import (
	"bytes"
	"context"
	"encoding/json"
	"errors"
	"html/template"
	"net/http"
	"slices"
	"strings"
	"time"

	"github.com/authflow-studio/authflow/engine/directory"
	"github.com/authflow-studio/authflow/engine/session"
	"github.com/authflow-studio/authflow/engine/store"
)

// This file is the page on which a tester picks who to be, in place of signing
// in. It exists in testing only, when it was switched on.

const (
	bucketPicks = "people_pick" // hash of a handle → pick
	pickLife    = 15 * time.Minute
	// shownAtOnce bounds a list; a search finds the others. From searchFrom on
	// there is a search.
	shownAtOnce, searchFrom = 50, 9
)

// pick is a request that waits for somebody to be picked.
type pick struct {
	Request authRequest    `json:"request"`
	Trigger string         `json:"trigger"`
	Event   map[string]any `json:"event"`
	Browser string         `json:"browser"` // hash of the cookie that its browser got
}

// SetPicker switches the page on or off.
func (p *Provider) SetPicker(on bool) error {
	if !p.canStandIn() {
		return ErrNotTesting
	}
	p.picker.Store(on)
	return nil
}

// Picker reports whether people are picked.
func (p *Provider) Picker() bool { return p.picker.Load() }

// picks reports whether a run is to be replaced by the page: only one that would
// find out who somebody is.
func (p *Provider) picks(trigger string) bool {
	return p.canStandIn() && p.picker.Load() && (trigger == triggerLogin || trigger == triggerMFA)
}

// offerPeople keeps the request and sends the browser to the page.
func (p *Provider) offerPeople(w http.ResponseWriter, r *http.Request, q authRequest, s StartRequest) {
	handle, browser := p.randomText(secretBytes), p.randomText(secretBytes)
	raw, err := json.Marshal(pick{q, s.Trigger, s.Event, sha256Hex(browser)})
	if err == nil {
		u := p.begin()
		u.Create(bucketPicks, sha256Hex(handle), raw, p.o.Clock.Now().Add(pickLife))
		err = u.Commit(r.Context())
	}
	if err != nil {
		p.o.Report(err)
		p.send(w, r, q, errorAnswer(errIncomplete))
		return
	}
	ck := p.pickCookie(handle)
	ck.Value = browser
	http.SetCookie(w, ck)
	noteOutcome(w, "people")
	redirect(w, r, p.o.Issuer+pathPeople+"?handle="+handle)
}

// pickCookie binds a handle to the browser that it was given to, so that no
// other site can pick for a person.
func (p *Provider) pickCookie(handle string) *http.Cookie {
	ck := &http.Cookie{Name: "authflow_people_" + sha256Hex(handle)[:8], Path: "/", HttpOnly: true, SameSite: http.SameSiteLaxMode, MaxAge: int(pickLife / time.Second)}
	if strings.HasPrefix(p.o.Issuer, "https://") {
		ck.Name, ck.Secure = "__Host-"+ck.Name, true
	}
	return ck
}

// errNoPick says that a page is of no use any more.
var errNoPick = refuse("invalid_request", "this choice was made before, is too old, or belongs to another browser")

func (p *Provider) readPick(r *http.Request, w store.Reader, handle string) (it pick, err error) {
	e, err := w.Get(r.Context(), bucketPicks, sha256Hex(handle))
	if errors.Is(err, store.ErrNotFound) {
		return it, errNoPick
	}
	if err != nil {
		return it, err
	}
	if err := json.Unmarshal(e.Value, &it); err != nil {
		return it, err
	}
	if ck, err := r.Cookie(p.pickCookie(handle).Name); err != nil || sha256Hex(ck.Value) != it.Browser {
		return it, errNoPick
	}
	return it, nil
}

// people shows the page and takes the choice.
func (p *Provider) people(w http.ResponseWriter, r *http.Request, start Starter) {
	in, e := readParams(w, r)
	if e != nil {
		p.errorPage(w, r, e)
		return
	}
	it, err := p.readPick(r, p.o.Store, in.get("handle"))
	if err == nil && r.Method == http.MethodPost {
		err = p.picked(w, r, start, in, it)
	} else if err == nil {
		err = p.peoplePage(w, r, in, it)
	}
	switch {
	case errors.Is(err, errNoPick), store.IsConflict(err):
		p.errorPage(w, r, errNoPick)
	case errors.Is(err, errNoSession):
		p.errorPage(w, r, refuse("invalid_request", "this person is not there or deactivated"))
	case err != nil:
		p.pageServerError(w, r, err)
	}
}

// picked signs the chosen person in, or starts the run after all.
func (p *Provider) picked(w http.ResponseWriter, r *http.Request, start Starter, in params, it pick) error {
	use := func(u unit) error {
		_, err := u.Claim(r.Context(), bucketPicks, sha256Hex(in.get("handle")))
		if errors.Is(err, store.ErrNotFound) {
			return errNoPick
		}
		return err
	}
	if in.get("real") != "" {
		u := p.begin()
		if err := errors.Join(use(u.unit), u.Commit(r.Context())); err != nil {
			return err
		}
		p.start(w, r, start, it.Request, StartRequest{Trigger: it.Trigger, Event: it.Event})
		return nil
	}
	aal := session.AAL(in.get("aal"))
	if !slices.Contains(personaLevels, aal) {
		aal = session.AAL1
	}
	return p.standIn(w, r, it.Request, in.get("user"), aal, "picked", use)
}

// persona is one button.
type persona struct{ ID, Name, About string }

// peopleFor answers the active people that a search finds, those of the project
// first, and how many there are in all.
func (p *Provider) peopleFor(ctx context.Context, search string) (found []persona, all int, err error) {
	list, err := p.begin().people.List(ctx, "", 0)
	if err != nil {
		return nil, 0, err
	}
	list = slices.DeleteFunc(list, func(u directory.User) bool { return u.Status != directory.Active })
	var first []string
	if p.o.People != nil {
		first = p.o.People()
	}
	place := func(u directory.User) int {
		for i, name := range first {
			if name != "" && (strings.EqualFold(name, u.Email) || strings.EqualFold(name, u.Username) || name == u.Phone || name == u.ID) {
				return i
			}
		}
		return len(first)
	}
	slices.SortStableFunc(list, func(a, b directory.User) int { return place(a) - place(b) })
	search = strings.ToLower(strings.TrimSpace(search))
	for _, u := range list {
		names := slices.DeleteFunc([]string{u.Name, u.Email, u.Username, u.Phone, u.ID}, func(s string) bool { return s == "" })
		if strings.Contains(strings.ToLower(strings.Join(names, "\n")), search) && len(found) < shownAtOnce {
			found = append(found, persona{u.ID, names[0], names[min(1, len(names)-1)]})
		}
	}
	return found, len(list), nil
}

func (p *Provider) peoplePage(w http.ResponseWriter, r *http.Request, in params, it pick) error {
	found, all, err := p.peopleFor(r.Context(), in.get("q"))
	if err != nil {
		return err
	}
	d := peopleView{Handle: in.get("handle"), Search: in.get("q"), Searchable: all >= searchFrom, People: found, Level: session.AAL1, Levels: personaLevels,
		Action: p.path + pathPeople, T: func(key string) string { return p.text(r, "idp.people."+key) }}
	if !strongEnough(session.AAL1, slices.Concat(it.Request.ACRValues, it.Request.Asked.ACR)) {
		d.Level = session.AAL2
	}
	d.Lang, d.Brand, d.Style = p.text(r, "idp.lang"), p.text(r, "idp.brand"), p.o.StyleSheet
	d.Title, d.Intro = d.T("title"), d.T("intro")
	var body bytes.Buffer
	if err := peopleTemplate.Execute(&body, d); err != nil {
		return err
	}
	writePage(w, http.StatusOK, body.Bytes(), "", strings.TrimSpace("'self' "+formTarget(it.Request.RedirectURI)))
	return nil
}

type peopleView struct {
	page
	Handle, Search, Action string
	Searchable             bool
	People                 []persona
	Level                  session.AAL
	Levels                 []session.AAL
	T                      func(key string) string
}

var peopleTemplate = template.Must(template.Must(pages.Clone()).New("people").Parse(`{{template "top" .}}
<p class="harness" role="note">{{call .T "harness"}}</p>
{{if .Searchable}}<form method="get" action="{{.Action}}" role="search">
<input type="hidden" name="handle" value="{{.Handle}}">
<label for="q">{{call .T "search"}}</label>
<input type="search" id="q" name="q" value="{{.Search}}" autocomplete="off">
</form>
{{end}}<form method="post" action="{{.Action}}">
<input type="hidden" name="handle" value="{{.Handle}}">
<fieldset class="levels"><legend>{{call .T "level"}}</legend>
{{$v := .}}{{range .Levels}}<label class="check"><input type="radio" name="aal" value="{{.}}"{{if eq . $v.Level}} checked{{end}}>{{call $v.T (print .)}}</label>
{{end}}</fieldset>
<ul class="people" aria-label="{{.Title}}">
{{range .People}}<li><button type="submit" class="secondary" name="user" value="{{.ID}}"><b>{{.Name}}</b> <span>{{.About}}</span></button></li>
{{else}}<li class="intro">{{call .T "nobody"}}</li>
{{end}}</ul>
<button type="submit" class="primary" name="real" value="1">{{call .T "real"}}</button>
</form>
{{template "bottom" .}}`))
