package main

import (
	"bytes"
	"fmt"
	"io"
	"os"
	"os/exec"
	"path/filepath"
	"strings"
)

// command is where and with what environment programs run.
type command struct {
	dir string
	env []string
}

func (c command) prepare(name string, args ...string) *exec.Cmd {
	cmd := exec.Command(name, args...)
	cmd.Dir = c.dir
	cmd.Env = append(os.Environ(), c.env...)
	return cmd
}

// run shows what the program prints.
func (c command) run(out io.Writer, name string, args ...string) error {
	cmd := c.prepare(name, args...)
	cmd.Stdout, cmd.Stderr = out, out
	return c.named(cmd, cmd.Run())
}

// output answers what the program prints, and shows its complaints.
func (c command) output(out io.Writer, name string, args ...string) (string, error) {
	cmd := c.prepare(name, args...)
	var text bytes.Buffer
	cmd.Stdout, cmd.Stderr = &text, out
	err := c.named(cmd, cmd.Run())
	return text.String(), err
}

func (c command) named(cmd *exec.Cmd, err error) error {
	if err != nil {
		return fmt.Errorf("%s: %w", strings.Join(cmd.Args, " "), err)
	}
	return nil
}

// pass is a check that holds if the program ends well.
func pass(c command, name string, args ...string) func(io.Writer) (tally, error) {
	return func(out io.Writer) (tally, error) {
		if err := c.run(out, name, args...); err != nil {
			return tally{}, err
		}
		return tally{passed: 1}, nil
	}
}

// silent is a check that holds if the program has nothing to say.
func silent(c command, name string, args ...string) func(io.Writer) (tally, error) {
	return func(out io.Writer) (tally, error) {
		text, err := c.output(out, name, args...)
		if err == nil && text != "" {
			err = fmt.Errorf("%s complains about:\n%s", name, text)
		}
		if err != nil {
			return tally{}, err
		}
		return tally{passed: 1}, nil
	}
}

// report answers the path of a result file; one of an earlier run is removed,
// so that it is not counted again.
func report(name string) (string, error) {
	path, err := filepath.Abs(filepath.Join(reports, name))
	if err != nil {
		return "", err
	}
	if err := os.Remove(path); err != nil && !os.IsNotExist(err) {
		return "", err
	}
	return path, nil
}
