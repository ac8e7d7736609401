package script

// This file starts and ends one worker process.

import (
	"bufio"
	"fmt"
	"io"
	"os"
	"os/exec"
	"runtime"
	"strings"
	"sync"
	"time"
)

// workerMark in the environment makes a program serve as a worker.
const workerMark = "AUTHFLOW_SCRIPT_WORKER"

// process is a worker as the engine sees it. One call uses it at a time.
type process struct {
	cmd    *exec.Cmd
	in     io.WriteCloser
	out    *bufio.Reader
	stderr *tail
	ended  func()
}

// startTimeout is generous: a busy machine starts a large binary slowly.
const startTimeout = 30 * time.Second

// startProcess runs the program as a worker with an empty environment and waits
// until it is ready.
func startProcess(executable string, memoryLimit int64) (*process, error) {
	cmd := exec.Command(executable)
	cmd.Env = []string{workerMark + "=1", "GOTRACEBACK=none"}
	if runtime.GOOS == "windows" {
		cmd.Env = append(cmd.Env, "SystemRoot="+os.Getenv("SystemRoot"))
	}
	w := &process{cmd: cmd, stderr: &tail{}}
	cmd.Stderr = w.stderr
	in, err := cmd.StdinPipe()
	if err != nil {
		return nil, err
	}
	out, err := cmd.StdoutPipe()
	if err != nil {
		return nil, err
	}
	w.in, w.out = in, bufio.NewReader(out)
	if err := cmd.Start(); err != nil {
		return nil, err
	}
	w.ended = sync.OnceFunc(func() {
		_ = cmd.Process.Kill()
		_ = cmd.Wait()
	})
	timer := time.AfterFunc(startTimeout, w.end)
	defer timer.Stop()
	if err := w.greet(memoryLimit); err != nil {
		w.end()
		return nil, fmt.Errorf("%s did not become a worker (does its main call script.ServeWorkerIfAsked?): %w; it said: %s",
			executable, err, w.stderr)
	}
	return w, nil
}

func (w *process) greet(memoryLimit int64) error {
	if err := writeMessage(w.in, message{Setup: &setup{MemoryLimit: memoryLimit}}); err != nil {
		return err
	}
	m, err := readMessage(w.out)
	if err == nil && !m.Ready {
		err = fmt.Errorf("unexpected greeting")
	}
	return err
}

// kill ends the process without waiting, so that a reader of its output wakes up.
func (w *process) kill() { _ = w.cmd.Process.Kill() }

// end kills the process and waits until it is gone. It may be called again.
func (w *process) end() { w.ended() }

// tail keeps the last words of a worker.
type tail struct {
	mu   sync.Mutex
	text []byte
}

const tailSize = 4 << 10

func (t *tail) Write(p []byte) (int, error) {
	t.mu.Lock()
	defer t.mu.Unlock()
	t.text = append(t.text, p...)
	if n := len(t.text) - tailSize; n > 0 {
		t.text = append(t.text[:tailSize/2], t.text[tailSize/2+n:]...) // how it began and how it ended
	}
	return len(p), nil
}

func (t *tail) String() string {
	t.mu.Lock()
	defer t.mu.Unlock()
	return strings.TrimSpace(string(t.text))
}
