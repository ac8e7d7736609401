package cli

import (
	"context"
	"errors"
	"fmt"
	"io"
	"io/fs"
	"net/http"
	"os"
	"strings"
	"time"

	"github.com/spf13/cobra"

	"github.com/authflow-studio/authflow/engine/flow"
	"github.com/authflow-studio/authflow/engine/risk"
	"github.com/authflow-studio/authflow/projects"
)

// disposableSource is a list of throw-away domains that its community keeps
// (CC0).
const disposableSource = "https://raw.githubusercontent.com/disposable-email-domains/disposable-email-domains/main/disposable_email_blocklist.conf"

// maxList bounds what is read for a list.
const maxList = 16 << 20

func (e *env) listsCommand() *cobra.Command {
	c := &cobra.Command{Use: "lists", Short: "lists that risk blocks read"}
	var list, from string
	var shrink bool
	update := &cobra.Command{Use: "update PROJECT", Short: "bring a list of the project up to date", Args: cobra.ExactArgs(1),
		Long: "Reads a list, one entry a line, from a file or over https, checks it, and writes it below lists/ of the project,\nwhere it takes the place of the list in the program and goes into the bundle.",
		RunE: func(c *cobra.Command, args []string) error {
			return e.updateList(c.Context(), args[0], list, from, shrink)
		}}
	update.Flags().StringVar(&list, "list", "disposable_domains.txt", "file below lists/ to write")
	update.Flags().StringVar(&from, "from", disposableSource, "https address or file to read")
	update.Flags().BoolVar(&shrink, "allow-shrink", false, "take a list that has less than half as many entries as the present one")
	c.AddCommand(update)
	return c
}

func (e *env) updateList(ctx context.Context, dir, list, from string, shrink bool) error {
	disk, err := projects.Open(dir)
	if err != nil {
		return err
	}
	defer disk.Close()
	text, err := readList(ctx, from)
	if err != nil {
		return err
	}
	fresh := risk.ReadSet(text)
	if len(fresh) == 0 {
		return fmt.Errorf("%s holds no entry: the list stays as it was", from)
	}
	for entry := range fresh {
		if strings.ContainsAny(entry, "<>{}\" \t") {
			return fmt.Errorf("%s is no list: it has the line %q", from, entry)
		}
	}
	name := flow.ListsDir + "/" + list
	old, err := disk.LoadFile(name)
	switch {
	case errors.Is(err, fs.ErrNotExist):
		_, err = disk.CreateFile(name, text)
	case err == nil:
		if before := len(risk.ReadSet(old.Text)); 2*len(fresh) < before && !shrink {
			return fmt.Errorf("%s has %d entries, the present list %d: take it with --allow-shrink", from, len(fresh), before)
		}
		_, err = disk.SaveFile(name, text, old.Revision)
	}
	if err != nil {
		return err
	}
	_, err = fmt.Fprintf(e.out, "%s has %d entries now\n", name, len(fresh))
	return err
}

func readList(ctx context.Context, from string) (string, error) {
	if !strings.Contains(from, "://") {
		text, err := os.ReadFile(from)
		return string(text), err
	}
	if !strings.HasPrefix(from, "https://") {
		return "", fmt.Errorf("%s: lists are read over https only", from)
	}
	ctx, cancel := context.WithTimeout(ctx, time.Minute)
	defer cancel()
	q, err := http.NewRequestWithContext(ctx, http.MethodGet, from, nil)
	if err != nil {
		return "", err
	}
	res, err := http.DefaultClient.Do(q)
	if err != nil {
		return "", fmt.Errorf("the list cannot be read: %w", err)
	}
	defer res.Body.Close()
	if res.StatusCode != http.StatusOK {
		return "", fmt.Errorf("%s answered with status %d", from, res.StatusCode)
	}
	text, err := io.ReadAll(io.LimitReader(res.Body, maxList+1))
	if len(text) > maxList {
		return "", fmt.Errorf("%s is larger than 16 MiB", from)
	}
	return string(text), err
}
