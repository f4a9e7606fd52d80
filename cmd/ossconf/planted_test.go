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
