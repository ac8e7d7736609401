package cli

import (
	"context"
	"fmt"
	"io"
	"log/slog"
	"net/http"
	"os"
	"path/filepath"
	"strings"
	"time"

	"github.com/authflow-studio/authflow/engine/server"
)

// This file finds the bundle that a server is to run: a file, the newest of a
// folder, or an https address.

// source answers bundles; fresh is false while it is the one of last time.
type source interface {
	read(ctx context.Context) (data []byte, fresh bool, err error)
}

// sourceOf tells by its form where a bundle comes from.
func sourceOf(from string) (source, error) {
	if strings.HasPrefix(from, "http://") && !strings.HasPrefix(from, "http://127.0.0.1") {
		return nil, fmt.Errorf("%s: a bundle is fetched over https alone", from)
	}
	if strings.HasPrefix(from, "https://") || strings.HasPrefix(from, "http://") {
		return &remote{address: from, client: &http.Client{Timeout: time.Minute}}, nil
	}
	info, err := os.Stat(from)
	if err != nil {
		return nil, err
	}
	return &local{path: from, folder: info.IsDir()}, nil
}

// local is a file, or the newest bundle of a folder.
type local struct {
	path   string
	folder bool
	last   string
}

func (l *local) read(context.Context) ([]byte, bool, error) {
	name := l.path
	if l.folder {
		found, err := filepath.Glob(filepath.Join(l.path, "*.afb"))
		if err != nil || len(found) == 0 {
			return nil, false, fmt.Errorf("%s holds no bundle (*.afb)", l.path)
		}
		var newest time.Time
		for _, f := range found {
			if info, err := os.Stat(f); err == nil && (info.ModTime().After(newest) || newest.IsZero()) {
				name, newest = f, info.ModTime()
			}
		}
	}
	info, err := os.Stat(name)
	if err != nil {
		return nil, false, err
	}
	mark := fmt.Sprint(name, info.ModTime().UnixNano(), info.Size())
	if mark == l.last {
		return nil, false, nil
	}
	data, err := os.ReadFile(name)
	if err == nil {
		l.last = mark
	}
	return data, true, err
}

// remote is an address that is asked with the ETag of last time (RFC 9110 section
// 8.8.3), so that nothing is sent twice.
type remote struct {
	address, etag string
	client        *http.Client
}

// maxRemote bounds what is fetched; bundle.Load bounds what is in it.
const maxRemote = 80 << 20

func (r *remote) read(ctx context.Context) ([]byte, bool, error) {
	req, err := http.NewRequestWithContext(ctx, http.MethodGet, r.address, nil)
	if err != nil {
		return nil, false, err
	}
	if r.etag != "" {
		req.Header.Set("If-None-Match", r.etag)
	}
	res, err := r.client.Do(req)
	if err != nil {
		return nil, false, err
	}
	defer res.Body.Close()
	switch res.StatusCode {
	case http.StatusNotModified:
		return nil, false, nil
	case http.StatusOK:
	default:
		return nil, false, fmt.Errorf("%s answered %s", r.address, res.Status)
	}
	data, err := io.ReadAll(io.LimitReader(res.Body, maxRemote+1))
	if err == nil && len(data) > maxRemote {
		err = fmt.Errorf("%s sent more than %d bytes", r.address, maxRemote)
	}
	if err != nil {
		return nil, false, err
	}
	r.etag = res.Header.Get("ETag")
	return data, true, nil
}

// watchEvery is how often a file is looked at; an address is asked less often.
var watchEvery = map[bool]time.Duration{false: time.Second, true: 30 * time.Second}

// watchBundle activates what is new. What is refused changes nothing; the status
// says why.
func watchBundle(ctx context.Context, s *server.Server, from source, log *slog.Logger) {
	_, far := from.(*remote)
	tick := time.NewTicker(watchEvery[far])
	defer tick.Stop()
	for {
		select {
		case <-ctx.Done():
			return
		case <-tick.C:
			data, fresh, err := from.read(ctx)
			if err != nil {
				log.Warn("a new bundle cannot be read; what is active stays", "error", err)
				continue
			}
			if fresh {
				_ = s.Activate(ctx, data, server.Activation{}) // logged, audited and in the status
			}
		}
	}
}
