package web

import (
	"net/http/httptest"
	"strings"
	"testing"

	"github.com/authflow-studio/authflow/engine/block"
)

func FuzzDecodeForm(f *testing.F) {
	for _, body := range []string{"", "a=b", "_ticket=x&_button=go&nick=%20", "password=secret&password=other", "a=%zz", "a;b=c", "=&=&=", "code=1&skip="} {
		f.Add(body)
	}
	page := &block.PageRequest{Fields: []block.PageField{{Name: "nick", Type: "text"}, {Name: "password", Type: "password"}}, Buttons: []string{"skip"}}
	f.Fuzz(func(t *testing.T, body string) {
		got, err := decodeForm(body, page)
		if err != nil {
			return
		}
		if _, ok := got.input.Fields["password"]; ok {
			t.Error("a password is among the fields")
		}
		for name, v := range got.input.Fields {
			if _, ok := v.(string); !ok {
				t.Errorf("%q is %T", name, v)
			}
		}
	})
}

func FuzzAddTicket(f *testing.F) {
	for _, page := range []string{"", "<form method=post>", `<form METHOD="POST" action="https://elsewhere.example/">`, "<form", "<script><form method=post></script>", "<!-- <form method=post> -->"} {
		f.Add(page)
	}
	f.Fuzz(func(t *testing.T, page string) {
		out, err := addTicket([]byte(page), "ticket")
		if err == nil && len(out) < len(page) {
			t.Errorf("%q lost something: %q", page, out)
		}
	})
}

func FuzzCallback(f *testing.F) {
	for _, q := range []string{"", "state=x&result=ok", "state=%zz", "a=b&a=c&state", "state=" + strings.Repeat("x", 100)} {
		f.Add(q, q)
	}
	f.Fuzz(func(t *testing.T, query, body string) {
		r := httptest.NewRequest("POST", CallbackPath, strings.NewReader(body))
		r.URL.RawQuery = query
		r.Header.Set("Content-Type", "application/x-www-form-urlencoded")
		params, err := callbackParams(httptest.NewRecorder(), r)
		if err == nil && len(params) > maxFields {
			t.Errorf("%d parameters were taken", len(params))
		}
	})
}
