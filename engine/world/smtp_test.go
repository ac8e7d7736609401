package world_test

import (
	"context"
	"crypto/ecdsa"
	"crypto/elliptic"
	"crypto/rand"
	"crypto/tls"
	"crypto/x509"
	"errors"
	"io"
	"math/big"
	"mime"
	"mime/multipart"
	"mime/quotedprintable"
	"net"
	"net/mail"
	"strings"
	"sync"
	"testing"
	"time"

	"github.com/emersion/go-sasl"
	"github.com/emersion/go-smtp"

	"github.com/authflow-studio/authflow/engine/world"
)

// post is a real mail server that keeps what it takes.
type post struct {
	mu       sync.Mutex
	received []string
	to       []string
	user     string // who authenticated
	refuse   error  // answered to every message
	port     int
	trust    *x509.CertPool
}

func (p *post) NewSession(*smtp.Conn) (smtp.Session, error) { return &postSession{p}, nil }

type postSession struct{ *post }

func (s *postSession) AuthMechanisms() []string { return []string{sasl.Plain} }

func (s *postSession) Auth(string) (sasl.Server, error) {
	return sasl.NewPlainServer(func(_, user, password string) error {
		if user != "postman" || password != "planted-smtp-password" {
			return errors.New("wrong password")
		}
		s.user = user
		return nil
	}), nil
}

func (s *postSession) Mail(string, *smtp.MailOptions) error { return s.refuse }

func (s *postSession) Rcpt(to string, _ *smtp.RcptOptions) error {
	s.to = append(s.to, to)
	return nil
}

func (s *postSession) Data(r io.Reader) error {
	text, err := io.ReadAll(r)
	s.mu.Lock()
	defer s.mu.Unlock()
	s.received = append(s.received, string(text))
	return err
}

func (s *postSession) Reset()        {}
func (s *postSession) Logout() error { return nil }

func newPost(t *testing.T, security string) *post {
	t.Helper()
	p := &post{trust: x509.NewCertPool()}
	server := smtp.NewServer(p)
	server.Domain, server.AllowInsecureAuth = "localhost", security == world.SMTPPlain
	l, err := net.Listen("tcp", "127.0.0.1:0")
	if err != nil {
		t.Fatal(err)
	}
	p.port = l.Addr().(*net.TCPAddr).Port
	if security != world.SMTPPlain {
		server.TLSConfig = &tls.Config{Certificates: []tls.Certificate{p.certificate(t)}}
	}
	if security == world.SMTPTLS {
		l = tls.NewListener(l, server.TLSConfig)
	}
	go func() { _ = server.Serve(l) }()
	t.Cleanup(func() { _ = server.Close() })
	return p
}

func (p *post) certificate(t *testing.T) tls.Certificate {
	t.Helper()
	key, err := ecdsa.GenerateKey(elliptic.P256(), rand.Reader)
	if err != nil {
		t.Fatal(err)
	}
	spec := &x509.Certificate{SerialNumber: big.NewInt(1), IPAddresses: []net.IP{net.IPv4(127, 0, 0, 1)}, NotAfter: time.Now().Add(time.Hour),
		IsCA: true, BasicConstraintsValid: true}
	der, err := x509.CreateCertificate(rand.Reader, spec, spec, &key.PublicKey, key)
	if err != nil {
		t.Fatal(err)
	}
	cert, err := x509.ParseCertificate(der)
	if err != nil {
		t.Fatal(err)
	}
	p.trust.AddCert(cert)
	return tls.Certificate{Certificate: [][]byte{der}, PrivateKey: key}
}

func (p *post) client(security string) world.SMTP {
	return world.SMTP{Host: "127.0.0.1", Port: p.port, User: "postman", Password: "planted-smtp-password", From: "Shop <no-reply@shop.example>", Security: security, TLS: &tls.Config{RootCAs: p.trust, ServerName: "127.0.0.1"}}
}

func letter() world.Mail {
	return world.Mail{ID: "msg-1", ReplyTo: "help@shop.example", At: time.Date(2026, 11, 21, 3, 0, 0, 0, time.UTC),
		Message: world.Message{Channel: "email", To: "ada@example.com", Subject: "Grüße\r\nBcc: eve@example.com", Text: "Ihr Code ist 123456.", HTML: "<p>Ihr Code ist <b>123456</b>.</p>"}}
}

func TestMailReachesAServer(t *testing.T) {
	for _, security := range []string{world.SMTPStartTLS, world.SMTPTLS, world.SMTPPlain} {
		t.Run(security, func(t *testing.T) {
			p := newPost(t, security)
			if err := p.client(security).Send(context.Background(), letter()); err != nil {
				t.Fatal(err)
			}
			if len(p.received) != 1 || p.user != "postman" || len(p.to) != 1 || p.to[0] != "ada@example.com" {
				t.Fatalf("%d messages to %v by %q", len(p.received), p.to, p.user)
			}
			checkLetter(t, p.received[0])
		})
	}
}

func checkLetter(t *testing.T, raw string) {
	t.Helper()
	m, err := mail.ReadMessage(strings.NewReader(raw))
	if err != nil {
		t.Fatal(err)
	}
	subject, err := new(mime.WordDecoder).DecodeHeader(m.Header.Get("Subject"))
	if err != nil || subject != "Grüße Bcc: eve@example.com" || m.Header.Get("Bcc") != "" {
		t.Errorf("subject %q, Bcc %q, %v", subject, m.Header.Get("Bcc"), err)
	}
	for name, want := range map[string]string{"Message-Id": "<msg-1@shop.example>", "From": `"Shop" <no-reply@shop.example>`, "Reply-To": "<help@shop.example>", "Auto-Submitted": "auto-generated"} {
		if got := m.Header.Get(name); got != want {
			t.Errorf("%s is %q, want %q", name, got, want)
		}
	}
	kind, params, err := mime.ParseMediaType(m.Header.Get("Content-Type"))
	if err != nil || kind != "multipart/alternative" {
		t.Fatalf("%s, %v", kind, err)
	}
	parts := multipart.NewReader(m.Body, params["boundary"])
	for _, want := range []string{"Ihr Code ist 123456.", "<p>Ihr Code ist <b>123456</b>.</p>"} {
		part, err := parts.NextRawPart()
		if err != nil {
			t.Fatal(err)
		}
		text, err := io.ReadAll(quotedprintable.NewReader(part))
		if err != nil || strings.TrimSpace(string(text)) != want {
			t.Errorf("part %q, %v", text, err)
		}
	}
}

// Mail with codes in it never travels in the clear to another machine, and a
// server that cannot be trusted gets none.
func TestMailIsNotSentInTheClear(t *testing.T) {
	p := newPost(t, world.SMTPPlain)
	if err := p.client(world.SMTPStartTLS).Send(context.Background(), letter()); err == nil {
		t.Error("a server without STARTTLS got mail")
	}
	other := world.SMTP{Host: "mail.example.com", From: "a@example.com", Security: world.SMTPPlain}
	if err := other.Check(); err == nil {
		t.Error("mail in the clear to another machine is accepted")
	}
	stranger := newPost(t, world.SMTPStartTLS)
	client := stranger.client(world.SMTPStartTLS)
	client.TLS = &tls.Config{RootCAs: x509.NewCertPool(), ServerName: "127.0.0.1"}
	if err := client.Send(context.Background(), letter()); err == nil {
		t.Error("a server whose certificate nobody vouches for got mail")
	}
	if len(p.received)+len(stranger.received) != 0 {
		t.Errorf("received %v %v", p.received, stranger.received)
	}
}

func TestRefusalsOfMailServers(t *testing.T) {
	for _, c := range []struct {
		refusal   error
		password  string
		permanent bool
	}{
		{&smtp.SMTPError{Code: 550, Message: "no such sender"}, "planted-smtp-password", true},
		{&smtp.SMTPError{Code: 451, Message: "try later"}, "planted-smtp-password", false},
		{nil, "wrong-smtp-password", false},
	} {
		p := newPost(t, world.SMTPStartTLS)
		p.refuse = c.refusal
		client := p.client(world.SMTPStartTLS)
		client.Password = c.password
		err := client.Send(context.Background(), letter())
		var permanent *world.PermanentError
		if err == nil || errors.As(err, &permanent) != c.permanent {
			t.Errorf("%v: %v, permanent %v", c.refusal, err, permanent != nil)
		}
		if err != nil && strings.Contains(err.Error(), c.password) {
			t.Errorf("the error tells the password: %v", err)
		}
	}
}
