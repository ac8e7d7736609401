package idp

import (
	"context"
	"errors"
	"fmt"
	"maps"
	"net/http"
	"slices"
	"strings"
	"sync"
	"time"
)

// This file lets people's own tests order errors at an endpoint. Outside of
// testing nothing in it has an effect.

// ErrNotTesting says that this provider is no test double.
var ErrNotTesting = errors.New("idp: this provider is not for tests")

// Fault is what an endpoint does instead of its work. Without Status, Error and
// Body it is only slow.
type Fault struct {
	Status int `json:"status,omitempty"`
	// Error is an OAuth error code. At authorize without a Status it goes to the
	// client as every refusal does.
	Error string `json:"error,omitempty"`
	// Body is answered as it is, for garbage.
	Body  string        `json:"body,omitempty"`
	Delay time.Duration `json:"delay,omitempty"`
	// Times is how often it happens, 0 until it is cleared.
	Times int `json:"times,omitempty"`
}

type faults struct {
	mu sync.Mutex
	of map[string]*Fault
}

// Fault orders a fault at an endpoint; it takes the place of one ordered before.
func (p *Provider) Fault(endpoint string, f Fault) error {
	switch {
	case !p.o.Testing:
		return ErrNotTesting
	case !slices.Contains(Endpoints(), endpoint):
		return fmt.Errorf("idp: %q is no endpoint: there are %s", endpoint, strings.Join(Endpoints(), ", "))
	case f.Status != 0 && (f.Status < 200 || f.Status > 599), f.Times < 0, f.Delay < 0:
		return errors.New("idp: a fault has a status from 200 to 599, and no negative times or delay")
	}
	p.faults.mu.Lock()
	defer p.faults.mu.Unlock()
	if p.faults.of == nil {
		p.faults.of = map[string]*Fault{}
	}
	p.faults.of[endpoint] = &f
	return nil
}

// ClearFaults takes back what was ordered at an endpoint; "" at all.
func (p *Provider) ClearFaults(endpoint string) {
	p.faults.mu.Lock()
	defer p.faults.mu.Unlock()
	maps.DeleteFunc(p.faults.of, func(at string, _ *Fault) bool { return endpoint == "" || at == endpoint })
}

// Faults answers what is ordered, with the times that are left.
func (p *Provider) Faults() map[string]Fault {
	p.faults.mu.Lock()
	defer p.faults.mu.Unlock()
	all := map[string]Fault{}
	for at, f := range p.faults.of {
		all[at] = *f
	}
	return all
}

func (f *faults) take(endpoint string) (Fault, bool) {
	f.mu.Lock()
	defer f.mu.Unlock()
	ordered := f.of[endpoint]
	if ordered == nil {
		return Fault{}, false
	}
	now := *ordered
	if ordered.Times == 1 {
		delete(f.of, endpoint)
	} else if ordered.Times > 1 {
		ordered.Times--
	}
	return now, true
}

type faultKey struct{}

// ordered answers the error that a test ordered for the client of this request.
func ordered(r *http.Request) *oauthError {
	f, there := r.Context().Value(faultKey{}).(Fault)
	if !there {
		return nil
	}
	return refuse(f.Error, "a test ordered this error")
}

// strike does what was ordered and reports whether that is the answer.
func (f Fault) strike(w http.ResponseWriter, r *http.Request, endpoint string) (*http.Request, bool) {
	if f.Delay > 0 {
		wait := time.NewTimer(f.Delay)
		defer wait.Stop()
		select {
		case <-wait.C:
		case <-r.Context().Done():
			return r, true
		}
	}
	switch {
	case f.Body != "":
		noteOutcome(w, "fault")
		w.Header().Set("Cache-Control", "no-store")
		if strings.HasPrefix(strings.TrimSpace(f.Body), "{") {
			w.Header().Set("Content-Type", "application/json")
		}
		w.WriteHeader(statusOr(f.Status, http.StatusOK))
		_, _ = w.Write([]byte(f.Body))
	case f.Error != "" && f.Status == 0 && endpoint == nameAuthorize:
		return r.WithContext(context.WithValue(r.Context(), faultKey{}, f)), false
	case f.Error != "":
		if f.Status == http.StatusUnauthorized {
			w.Header().Set("WWW-Authenticate", `Bearer error="`+describe(f.Error)+`"`)
		}
		writeError(w, &oauthError{statusOr(f.Status, http.StatusBadRequest), f.Error, "a test ordered this error"})
	case f.Status != 0:
		noteOutcome(w, "fault")
		w.Header().Set("Cache-Control", "no-store")
		w.WriteHeader(f.Status)
	default:
		return r, false
	}
	return r, true
}

func statusOr(status, general int) int {
	if status == 0 {
		return general
	}
	return status
}
