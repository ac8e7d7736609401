package world

import (
	"context"
	"errors"
	"fmt"
	"io"
	"net"
	"net/http"
	"net/netip"
	"net/url"
	"slices"
	"strings"
	"syscall"
	"time"
)

// Limits of one outgoing call (rule A8).
const (
	DefaultCallTimeout = 2 * time.Second
	maxResponseBody    = 1 << 20
	maxRequestBody     = 1 << 20
	maxRedirects       = 3
)

// EgressError says why a call was refused before a packet left.
type EgressError struct{ URL, Why string }

func (e *EgressError) Error() string {
	return fmt.Sprintf("the call to %s was refused: %s", e.URL, e.Why)
}

// Egress makes outgoing calls to the hosts that are allowed, and to none that
// is private whatever its name resolves to.
type Egress struct {
	// Hosts that may be called, as in authflow.json.
	Hosts func() []string
	// Loopback are host:port addresses on this machine that may be called too;
	// only the harness sets it.
	Loopback func() []string
	client   *http.Client
}

// NewEgress makes a guard. loopback may be nil.
func NewEgress(hosts, loopback func() []string) *Egress {
	if loopback == nil {
		loopback = func() []string { return nil }
	}
	g := &Egress{Hosts: hosts, Loopback: loopback}
	dialer := &net.Dialer{Timeout: DefaultCallTimeout, ControlContext: g.control}
	g.client = &http.Client{
		Transport: &http.Transport{DialContext: dialer.DialContext, TLSHandshakeTimeout: DefaultCallTimeout, MaxIdleConnsPerHost: 2, IdleConnTimeout: 30 * time.Second,
			// A proxy from the environment would do the calling for us, past
			// the guard.
			Proxy: nil},
		CheckRedirect: func(r *http.Request, via []*http.Request) error {
			if len(via) > maxRedirects {
				return &EgressError{r.URL.Redacted(), "too many redirects"}
			}
			return g.allowed(r.URL)
		},
	}
	return g
}

// Do makes a call.
func (g *Egress) Do(ctx context.Context, r Request) (Response, error) {
	u, err := url.Parse(r.URL)
	if err != nil {
		return Response{}, &EgressError{r.URL, "this is no URL"}
	}
	if err := g.allowed(u); err != nil {
		return Response{}, err
	}
	if len(r.Body) > maxRequestBody {
		return Response{}, &EgressError{u.Redacted(), "the body is larger than 1 MiB"}
	}
	timeout := r.Timeout
	if timeout <= 0 {
		timeout = DefaultCallTimeout
	}
	ctx, cancel := context.WithTimeout(context.WithValue(ctx, targetKey{}, u.Host), timeout)
	defer cancel()
	method := r.Method
	if method == "" {
		method = http.MethodGet
	}
	req, err := http.NewRequestWithContext(ctx, method, u.String(), strings.NewReader(r.Body))
	if err != nil {
		return Response{}, &EgressError{u.Redacted(), err.Error()}
	}
	for name, v := range r.Header {
		req.Header.Set(name, v)
	}
	res, err := g.client.Do(req)
	if err != nil {
		if refused := (*EgressError)(nil); errors.As(err, &refused) {
			return Response{}, refused
		}
		if ctx.Err() != nil {
			return Response{}, fmt.Errorf("no answer from %s within %v: %w", u.Host, timeout, context.DeadlineExceeded)
		}
		return Response{}, fmt.Errorf("%s cannot be reached: %w", u.Host, errors.Unwrap(err))
	}
	defer res.Body.Close()
	return read(res, u)
}

func read(res *http.Response, u *url.URL) (Response, error) {
	body, err := io.ReadAll(io.LimitReader(res.Body, maxResponseBody+1))
	if err != nil {
		return Response{}, fmt.Errorf("the answer of %s broke off: %w", u.Host, err)
	}
	if len(body) > maxResponseBody {
		return Response{}, fmt.Errorf("the answer of %s is larger than 1 MiB", u.Host)
	}
	out := Response{Status: res.StatusCode, Header: map[string]string{}, Body: string(body)}
	for name := range res.Header {
		out.Header[strings.ToLower(name)] = res.Header.Get(name)
	}
	return out, nil
}

type targetKey struct{}

// Permits judges an address as far as it can be judged without asking for it:
// by its name, and by its IP where it is one.
func (g *Egress) Permits(u *url.URL) error {
	if err := g.allowed(u); err != nil || g.isLoopback(u.Host) {
		return err
	}
	host := strings.ToLower(u.Hostname())
	if host == "localhost" || strings.HasSuffix(host, ".localhost") {
		return &EgressError{u.Redacted(), "the address is private, local or reserved"}
	}
	if ip, err := netip.ParseAddr(host); err == nil && private(ip.Unmap()) {
		return &EgressError{u.Redacted(), "the address is private, local or reserved"}
	}
	return nil
}

// allowed judges by name; control judges again by address.
func (g *Egress) allowed(u *url.URL) error {
	if g.isLoopback(u.Host) {
		return nil
	}
	switch host := strings.ToLower(u.Hostname()); {
	case u.Scheme != "https":
		return &EgressError{u.Redacted(), "only https may be called"}
	case u.User != nil:
		return &EgressError{u.Redacted(), "a user name or password in the URL is not sent"}
	case !slices.ContainsFunc(g.Hosts(), func(h string) bool { return strings.EqualFold(h, host) || strings.EqualFold(h, u.Host) }):
		return &EgressError{u.Redacted(), fmt.Sprintf("the host %s is not in egress_hosts of authflow.json", host)}
	}
	return nil
}

func (g *Egress) isLoopback(hostport string) bool {
	return slices.Contains(g.Loopback(), hostport)
}

// control sees the address that a name resolved to, right before connecting:
// a name that changes its address between two look-ups gains nothing.
func (g *Egress) control(ctx context.Context, network, address string, _ syscall.RawConn) error {
	ap, err := netip.ParseAddrPort(address)
	if err != nil {
		return &EgressError{address, "this is no address"}
	}
	ip := ap.Addr().Unmap()
	target, _ := ctx.Value(targetKey{}).(string)
	if ip.IsLoopback() && (g.isLoopback(target) || g.isLoopback(ap.String())) {
		return nil
	}
	if private(ip) {
		return &EgressError{address, "the address is private, local or reserved"}
	}
	return nil
}

// reservedPrefixes are special addresses that net/netip has no question for:
// shared address space, benchmarking, documentation, former class E, NAT64 and
// 6to4 (which can carry a private IPv4 address).
var reservedPrefixes = []netip.Prefix{
	netip.MustParsePrefix("100.64.0.0/10"), netip.MustParsePrefix("198.18.0.0/15"), netip.MustParsePrefix("192.0.0.0/24"),
	netip.MustParsePrefix("192.0.2.0/24"), netip.MustParsePrefix("198.51.100.0/24"), netip.MustParsePrefix("203.0.113.0/24"),
	netip.MustParsePrefix("240.0.0.0/4"), netip.MustParsePrefix("0.0.0.0/8"), netip.MustParsePrefix("64:ff9b::/96"), netip.MustParsePrefix("2002::/16"),
}

func private(ip netip.Addr) bool {
	return !ip.IsGlobalUnicast() || ip.IsPrivate() || ip.IsLoopback() || ip.IsLinkLocalUnicast() || reserved(ip)
}

func reserved(ip netip.Addr) bool {
	return slices.ContainsFunc(reservedPrefixes, func(p netip.Prefix) bool { return p.Contains(ip) })
}
