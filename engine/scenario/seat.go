package scenario

import (
	"context"
	"fmt"
	"net/url"

	"github.com/authflow-studio/authflow/engine/scenario/agent"
)

// This file lets a person have several tabs, and several browsers.

// firstSeat is the name of the browser and of the tab in which all begins.
const firstSeat = "first"

// seat is what somebody has in front of them: a tab, and what its application
// knows.
type seat struct {
	agent  *agent.Agent
	page   *agent.Page
	client *client

	lastForm func(context.Context) (*agent.Page, error)
}

// goTo changes the tab, or the browser. A tab shares its browser's cookies and
// its application.
func (r *runner) goTo(tab, browser string) error {
	if tab == "" {
		tab = firstSeat
	}
	if browser == "" {
		browser = r.browser
	}
	if browser == r.browser && tab == r.tab {
		return fmt.Errorf("the person is in the tab %q of the browser %q already", tab, browser)
	}
	if r.seats == nil {
		r.seats = map[[2]string]*seat{}
	}
	left := r.seat
	r.seats[[2]string{r.browser, r.tab}] = &left
	to, ok := r.seats[[2]string{browser, tab}]
	switch {
	case ok && browser == r.browser:
		to.client = left.client
	case ok:
	case browser == r.browser:
		to = &seat{agent: left.agent.Tab(), client: left.client}
	default:
		to = &seat{agent: agent.New(r.bench, r.origin)}
		to.agent.Set(left.agent.Settings())
	}
	r.seat, r.browser, r.tab = *to, browser, tab
	return nil
}

// named is an address with another host name.
func named(address, host string) (string, error) {
	u, err := url.Parse(address)
	if err != nil {
		return "", err
	}
	u.Host = host + ":" + u.Port()
	return u.String(), nil
}
