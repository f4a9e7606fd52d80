package rehearse

import (
	"context"
	"io"
	"net"
	"os"
	"os/exec"
	"strings"
	"time"
)

// A Command is a client of the user's own that has been run.
type Command struct {
	Args     []string `json:"args"`
	ExitCode int      `json:"exit_code"` // -1 if a signal ended it
}

// A Variable is one of the environment.
type Variable struct{ Name, Value string }

// Environment returns what tells a client where the stage is and what to trust: variables of ossconf's own, and those
// that OSS's tools and widespread TLS clients read. The access key is that of the mock OSS.
func (s *Stage) Environment() []Variable {
	key := s.server.Credentials()[0]
	at := net.JoinHostPort(s.serverName(), s.port())
	return []Variable{
		{"OSSCONF_URL", "https://" + at + "/"},
		{"OSSCONF_TLS_ENDPOINT", "https://" + net.JoinHostPort("localhost", s.port())},
		{"OSSCONF_ENDPOINT", s.server.URL},
		{"OSSCONF_SERVER_NAME", s.serverName()},
		{"OSSCONF_BUCKET", s.options.Bucket},
		{"OSSCONF_REGION", s.server.Region},
		{"OSSCONF_CA_FILE", s.options.CAFile},
		{"OSS_ACCESS_KEY_ID", key.AccessKeyID},
		{"OSS_ACCESS_KEY_SECRET", key.AccessKeySecret},
		{"SSL_CERT_FILE", s.options.CAFile},
		{"CURL_CA_BUNDLE", s.options.CAFile},
		{"NODE_EXTRA_CA_CERTS", s.options.CAFile},
		{"REQUESTS_CA_BUNDLE", s.options.CAFile},
	}
}

// sessionToken is that of temporary credentials, which are not those of the mock OSS.
const sessionToken = "OSS_SESSION_TOKEN"

// notThroughProxies is what no proxy is to be asked for.
const notThroughProxies = "localhost,.localhost,127.0.0.1"

// environment returns the environment of a command: that of this process with Environment.
func (s *Stage) environment() []string {
	var env []string
	proxies := notThroughProxies
	for _, v := range os.Environ() {
		name, value, _ := strings.Cut(v, "=")
		switch {
		case strings.EqualFold(name, "no_proxy"):
			if value != "" {
				proxies = value + "," + notThroughProxies
			}
		case name != sessionToken:
			env = append(env, v)
		}
	}
	env = append(env, "NO_PROXY="+proxies, "no_proxy="+proxies)
	for _, v := range s.Environment() { // the last one counts
		env = append(env, v.Name+"="+v.Value)
	}
	return env
}

// interruptWait is how long a command may take to end when it is told to.
const interruptWait = 5 * time.Second

// RunCommand runs a client of the user's own with [Stage.Environment] until it ends. The end of the context interrupts
// it. The error says why the program could not be started; what it exits with is none.
func (s *Stage) RunCommand(ctx context.Context, args []string, stdin io.Reader, out io.Writer) (*Command, error) {
	cmd := exec.CommandContext(ctx, args[0], args[1:]...)
	cmd.Stdin, cmd.Stdout, cmd.Stderr, cmd.Env = stdin, out, out, s.environment()
	cmd.Cancel = func() error { return cmd.Process.Signal(os.Interrupt) }
	cmd.WaitDelay = interruptWait
	if err := cmd.Start(); err != nil {
		return nil, err
	}
	cmd.Wait() // ProcessState has the exit code; that the output could not be copied is not the rehearsal's concern
	return &Command{args, cmd.ProcessState.ExitCode()}, nil
}
