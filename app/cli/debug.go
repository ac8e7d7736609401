package cli

import (
	"context"
	"crypto/rand"
	"encoding/hex"
	"errors"
	"fmt"
	"io"
	"net/http"
	"os"
	"path/filepath"
	"sync"
	"sync/atomic"
	"time"

	"github.com/spf13/cobra"

	"github.com/authflow-studio/authflow/engine/block/catalogue"
	"github.com/authflow-studio/authflow/engine/debug"
	"github.com/authflow-studio/authflow/engine/debug/dap"
	"github.com/authflow-studio/authflow/engine/flow"
	"github.com/authflow-studio/authflow/engine/run"
	"github.com/authflow-studio/authflow/engine/scenario"
	"github.com/authflow-studio/authflow/engine/script"
	"github.com/authflow-studio/authflow/engine/server"
	"github.com/authflow-studio/authflow/projects"
)

type debugFlags struct {
	addr, listen string
	geo          []string
}

func (e *env) debugCommand() *cobra.Command {
	var f debugFlags
	c := &cobra.Command{Use: "debug PROJECT", Short: "debug a project from an editor: the Debug Adapter Protocol", Args: cobra.ExactArgs(1),
		Long: "Runs the harness as `authflow run` does, and speaks the Debug Adapter Protocol with an editor: on standard input and output, or with --listen at a\nloopback address, where it prints one line of JSON with the address and a token, which the editor gives as \"token\". See docs/guides/debugging.md.",
		RunE: func(c *cobra.Command, args []string) error {
			return e.debugProject(c.Context(), args[0], f, c.Flags().Changed("addr"))
		}}
	c.Flags().StringVar(&f.addr, "addr", harnessAddr, "address of the harness; loopback only")
	c.Flags().StringVar(&f.listen, "listen", "", "address to wait for editors at, such as 127.0.0.1:0; loopback only")
	geoFlag(c, &f.geo)
	return c
}

// debugging is what `debug --listen` prints.
type debugging struct {
	Address string `json:"address"`
	Token   string `json:"token"`
	DemoURL string `json:"demo_url"`
}

func (e *env) debugProject(ctx context.Context, dir string, f debugFlags, asked bool) error {
	ctx, end := context.WithCancel(ctx)
	defer end()
	disk, err := projects.Open(dir)
	if err != nil {
		return err
	}
	defer disk.Close()
	listener, err := listenForHarness(f.addr, asked)
	if err != nil {
		return err
	}
	defer listener.Close()
	geo, err := openGeo(f.geo)
	if err != nil {
		return err
	}
	defer geo.Close()
	b := &debugged{env: e, disk: disk, debugger: debug.New(), pool: script.NewPool(script.Options{}), end: end}
	defer b.pool.Close()
	defer b.debugger.Close()
	b.harness, err = server.NewHarness(server.HarnessOptions{Geo: geo, Issuer: "http://" + listener.Addr().String(), Scripts: b.debugger.Scripts(b.pool), Hook: b.debugger, Log: e.log})
	if err != nil {
		return err
	}
	defer b.harness.Close()
	if err := b.reload(ctx); err != nil {
		return err
	}
	served := make(chan error, 1)
	go func() {
		served <- serveUntilDone(ctx, &http.Server{Handler: b.harness, ReadHeaderTimeout: 10 * time.Second}, bothLoopbacks(listener)...)
	}()
	err = b.serveEditors(ctx, f.listen)
	b.debugger.Close() // whoever is signing in is not kept waiting
	end()
	return errors.Join(err, <-served)
}

// serveEditors follows the project and speaks with editors, to the end.
func (b *debugged) serveEditors(ctx context.Context, listen string) error {
	var token string
	if listen != "" {
		var secret [24]byte
		_, _ = rand.Read(secret[:])
		token = hex.EncodeToString(secret[:])
	}
	s := b.adapter(token)
	defer s.Close()
	if err := b.disk.Watch(ctx, func([]string) { b.changed(ctx, s) }); err != nil {
		b.env.log.Warn("changes of the project will not be noticed", "error", err)
	}
	return b.speak(ctx, s, listen, token)
}

// debugged is a project that is debugged from an editor.
type debugged struct {
	env      *env
	disk     *projects.Project
	harness  *server.Harness
	debugger *debug.Debugger
	pool     *script.Pool
	end      func()
	project  atomic.Pointer[flow.Project]
}

// adapter joins the debugger, the harness and the protocol.
func (b *debugged) adapter(token string) *dap.Server {
	b.debugger.Clock, b.debugger.Journal = b.harness.Clock, b.harness.Engine().JournalOf
	var s *dap.Server
	b.debugger.GoBack = func(ctx context.Context, to *run.Moment, p *flow.Project) error {
		address, err := b.harness.GoBack(ctx, to, p)
		if err == nil {
			s.Say("The run went on without a browser; go on with it at " + address)
		}
		return err
	}
	s = dap.New(dap.Options{Debugger: b.debugger, Dir: b.disk.Dir(), Project: b.project.Load, Places: b.pool, Abort: b.abort, Token: token,
		Greeting: "Open " + b.harness.DemoURL() + " to sign in.", Replay: b.replay, End: b.end, Log: b.env.log})
	return s
}

// reload takes over what is on disk.
func (b *debugged) reload(ctx context.Context) error {
	if err := b.env.load(ctx, b.harness, b.disk); err != nil {
		return err
	}
	p, _ := b.disk.Load()
	b.project.Store(p)
	return nil
}

func (b *debugged) changed(ctx context.Context, s *dap.Server) {
	if err := b.reload(ctx); err != nil {
		s.Say("The changed project is not used; the harness goes on with what it had: " + err.Error())
		return
	}
	s.Changed(ctx)
}

func (b *debugged) abort(ctx context.Context, id string) error {
	if err := b.harness.Engine().Abort(ctx, id); err != nil && !errors.Is(err, run.ErrNoRun) {
		return err
	}
	return nil
}

// replay replays a recording, on the project that it holds itself.
func (b *debugged) replay(_ context.Context, file string) error {
	if !filepath.IsAbs(file) {
		file = filepath.Join(b.disk.Dir(), file)
	}
	text, err := os.ReadFile(file)
	if err != nil {
		return fmt.Errorf("the recording cannot be read: %w", err)
	}
	rec, err := scenario.ReadRecording(text)
	if err != nil {
		return fmt.Errorf("%s: %w", file, err)
	}
	p, err := rec.Own()
	if err != nil {
		return fmt.Errorf("%s: %w", file, err)
	}
	_, err = b.debugger.Replay(debug.Recorded{Journal: rec.Journal, Project: p, Catalogue: catalogue.All(), Scripts: b.pool})
	return err
}

// stdio is the editor that has started the program.
type stdio struct {
	io.Reader
	io.Writer
}

func (s stdio) Close() error { return nil }

// speak serves one editor, or with an address any number of them.
func (b *debugged) speak(ctx context.Context, s *dap.Server, addr, token string) error {
	if addr == "" {
		return s.Serve(ctx, stdio{b.env.in, b.env.out})
	}
	l, err := listenLoopback(addr)
	if err != nil {
		return fmt.Errorf("the address for editors: %w", err)
	}
	if err := b.env.printJSON(debugging{Address: l.Addr().String(), Token: token, DemoURL: b.harness.DemoURL()}); err != nil {
		return errors.Join(err, l.Close())
	}
	stop := context.AfterFunc(ctx, func() { _ = l.Close() })
	defer stop()
	var clients sync.WaitGroup
	defer clients.Wait()
	for {
		conn, err := l.Accept()
		if err != nil {
			if ctx.Err() != nil {
				return nil
			}
			return err
		}
		clients.Go(func() {
			if err := s.Serve(ctx, conn); err != nil {
				b.env.log.Warn("an editor was sent away", "error", err)
			}
		})
	}
}
