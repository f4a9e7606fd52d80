//go:build unix

package main

import (
	"bufio"
	"encoding/base64"
	"encoding/json"
	"fmt"
	"io"
	"os"
	"os/exec"
	"slices"
	"strings"
	"testing"

	"github.com/google/go-cmp/cmp"
)

// plantedAt are the cases with which a planted driver misbehaves.
var plantedAt = []string{"gen/decode/00007", "gen/sign/00007", "gen/verify/00007"}

// planted is a driver that passes on what another one says, with a fault: planted FAULT COMMAND...
func planted() {
	if err := passOn(os.Args[1], os.Args[2:]); err != nil {
		fmt.Fprintln(os.Stderr, err)
		os.Exit(1)
	}
}

func passOn(fault string, argv []string) error {
	cmd := exec.Command(argv[0], argv[1:]...)
	cmd.Stdin = os.Stdin
	out, err := cmd.StdoutPipe()
	if err != nil {
		return err
	}
	if err := cmd.Start(); err != nil {
		return err
	}
	lines := bufio.NewReaderSize(out, 1<<20)
	held := ""
	for n := 0; ; n++ {
		line, err := lines.ReadString('\n')
		if err == io.EOF {
			return cmd.Wait()
		}
		if err != nil {
			return err
		}
		if n == 0 {
			line, err = plantAbout(fault, line)
		} else {
			line, err = plantAnswer(fault, line, &held)
		}
		if err != nil {
			cmd.Process.Kill()
			return err
		}
		os.Stdout.WriteString(line)
	}
}

func plantAbout(fault, line string) (string, error) {
	var about map[string]any
	if err := json.Unmarshal([]byte(line), &about); err != nil {
		return "", err
	}
	switch operations := about["operations"].([]any); fault {
	case "abi":
		about["abi"] = 2
	case "module":
		about["module"] = strings.Repeat("0", 64)
	case "fewer":
		about["operations"] = operations[1:]
	case "more":
		about["operations"] = append(operations, "simulate_everything")
	case "mute":
		select {}
	default:
		return line, nil
	}
	changed, err := json.Marshal(about)
	return string(changed) + "\n", err
}

func plantAnswer(fault, line string, held *string) (string, error) {
	var a struct {
		ID     string `json:"id"`
		Status int    `json:"status"`
		Out    []byte `json:"out"`
	}
	if err := json.Unmarshal([]byte(line), &a); err != nil {
		return "", err
	}
	if *held != "" {
		line, *held = line+*held, ""
	}
	if !slices.Contains(plantedAt, a.ID) {
		return line, nil
	}
	switch fault {
	case "flip":
		a.Out[len(a.Out)/2] ^= 1
		return fmt.Sprintf(`{"id":%q,"status":%d,"out":%q}`+"\n", a.ID, a.Status, base64.StdEncoding.EncodeToString(a.Out)), nil
	case "status":
		return strings.Replace(line, fmt.Sprintf(`"status":%d`, a.Status), fmt.Sprintf(`"status":%d`, 1-a.Status), 1), nil
	case "drop":
		return "", nil
	case "twice":
		return line + line, nil
	case "reorder":
		*held = line
		return "", nil
	case "garbage":
		return "Segmentation fault\n" + line, nil
	case "hang":
		select {}
	case "die":
		return "", fmt.Errorf("killed by the out of memory killer")
	case "lack":
		return "", fmt.Errorf("the module has no export ossconf_decode")
	}
	return line, nil
}

// TestConformCatchesPlantedFaults runs the command on drivers that misbehave, and looks at the JSON it writes.
func TestConformCatchesPlantedFaults(t *testing.T) {
	type outcome struct{ Name, Fault string }
	for _, test := range []struct {
		fault, says string // in the fault; a difference if empty
		differences int
	}{
		{fault: "flip", differences: 3},
		{fault: "status", differences: 3},
		{fault: "drop", says: "gen/decode/00007: the driver left out an answer: the next one was for gen/decode/00008"},
		{fault: "twice", says: "gen/decode/00007: the driver answered twice"},
		{fault: "reorder", says: "gen/decode/00007: the driver answered out of order: gen/decode/00008 came before it"},
		{fault: "garbage", says: "gen/decode/00007: the driver wrote a line that is not an answer: "},
		{fault: "die", says: "killed by the out of memory killer"},
		{fault: "lack", says: "the module has no export ossconf_decode"},
		{fault: "abi", says: "the driver is not what the cases need: it speaks ABI 2"},
		{fault: "fewer", says: `it lacks the operations ["decode"]`},
		{fault: "more", says: `it names the operations ["simulate_everything"]`},
		{fault: "hang", says: "gen/decode/00007: the driver did not answer in time: waited 5s"},
		{fault: "mute", says: "the driver did not answer in time: waited 5s for its first line or its end"},
		{fault: "none"},
	} {
		t.Run(test.fault, func(t *testing.T) {
			t.Parallel()
			args := []string{"conform", "--driver", "planted=planted " + test.fault + " ossconf driver", "--only", "native,planted", "--cases", "1000", "--output", "json"}
			if test.fault == "hang" || test.fault == "mute" {
				args = append(args, "--timeout", "5s")
			}
			p := start(t, args...)
			out, err := io.ReadAll(p.out)
			if err != nil {
				t.Fatal(err)
			}
			want := exitRefused
			if test.fault == "none" {
				want = exitOK
			}
			if code := p.end(t, 0); code != want {
				t.Errorf("exit code %d, want %d; %s", code, want, p.stderr.String())
			}
			var result struct {
				Runtimes []struct {
					Name, Fault string
					Differences int
					First       []struct{ Case string } `json:"first_differences"`
				}
			}
			if err := json.Unmarshal(out, &result); err != nil {
				t.Fatal(err)
			}
			native, planted := result.Runtimes[0], result.Runtimes[1]
			if diff := cmp.Diff(outcome{Name: "native"}, outcome{native.Name, native.Fault}); diff != "" || native.Differences != 0 {
				t.Errorf("native: %d differences\n%s", native.Differences, diff)
			}
			if planted.Differences != test.differences || (test.says == "") != (planted.Fault == "") || !strings.Contains(planted.Fault, test.says) {
				t.Errorf("%d differences and fault %q, want %d and %q", planted.Differences, planted.Fault, test.differences, test.says)
			}
			for i, d := range planted.First {
				if d.Case != plantedAt[i] {
					t.Errorf("difference in %s, want %s", d.Case, plantedAt[i])
				}
			}
		})
	}
}
