// Package cli is the command line.
//
// It owns: commands, flags, exit codes, what is printed.
// It delegates: everything else; a command is a few lines that call a room.
// The law: 0 is fine, 1 is "the thing that was checked failed", 2 is wrong
// usage or unreadable input; with --json only JSON goes to the output.
package cli

import (
	"context"
	"encoding/json"
	"errors"
	"fmt"
	"io"
	"log/slog"
	"os"
	"os/signal"
	"syscall"

	"github.com/spf13/cobra"
)

// Version is set by the build.
var Version = "0.1.0-dev"

// Exit codes.
const (
	exitFine   = 0
	exitFailed = 1
	exitUsage  = 2
)

// errFailed says that the thing that was checked failed; the reason was printed.
var errFailed = errors.New("failed")

// env is what a command works with.
type env struct {
	in       io.Reader
	out, err io.Writer
	log      *slog.Logger
}

// Main runs the command line and answers the exit code.
func Main(args []string, in io.Reader, out, errOut io.Writer) int {
	e := &env{in: in, out: out, err: errOut, log: slog.New(slog.NewTextHandler(errOut, &slog.HandlerOptions{Level: slog.LevelWarn}))}
	ctx, stop := signal.NotifyContext(context.Background(), os.Interrupt, syscall.SIGTERM)
	defer stop()
	root := e.root()
	root.SetArgs(args)
	root.SetIn(in)
	root.SetOut(out)
	root.SetErr(errOut)
	err := root.ExecuteContext(ctx)
	switch {
	case err == nil:
		return exitFine
	case errors.Is(err, errFailed):
		return exitFailed
	}
	fmt.Fprintln(errOut, "authflow:", err)
	return exitUsage
}

func (e *env) root() *cobra.Command {
	root := e.studioCommand()
	root.SilenceErrors, root.SilenceUsage = true, true
	root.AddCommand(e.newCommand(), e.checkCommand(), e.runCommand(), e.debugCommand(), e.caCommand(), e.exportCommand(), e.verifyCommand(), e.diffCommand(), e.statusCommand(), e.activateCommand(), e.rollbackCommand(), e.serveCommand(), e.keysCommand(), e.auditCommand(), e.listsCommand(), e.actionsCommand(), e.blocksCommand(), e.testCommand(), e.replayCommand(), e.mutateCommand(), e.generateCommand(), e.stubsCommand(), e.drawCommand(), e.importCommand(), e.versionCommand())
	return root
}

// printJSON writes one line of JSON.
func (e *env) printJSON(v any) error {
	text, err := json.Marshal(v)
	if err != nil {
		return err
	}
	_, err = fmt.Fprintln(e.out, string(text))
	return err
}

func (e *env) versionCommand() *cobra.Command {
	return &cobra.Command{Use: "version", Short: "print the version", Args: cobra.NoArgs, RunE: func(*cobra.Command, []string) error {
		_, err := fmt.Fprintln(e.out, "authflow", Version)
		return err
	}}
}
