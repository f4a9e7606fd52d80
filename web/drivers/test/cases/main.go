// Command cases writes the cases of the conformance runner as lines for a driver: the fixtures, and then generated
// ones.
package main

import (
	"bufio"
	"encoding/json"
	"flag"
	"fmt"
	"os"

	"github.com/ossconf/ossconf/harness/conform"
)

func main() {
	generated := flag.Int("generated", 0, "how many cases to generate")
	flag.Parse()
	if err := write(*generated); err != nil {
		fmt.Fprintln(os.Stderr, "cases:", err)
		os.Exit(1)
	}
}

func write(generated int) error {
	fixtures, err := conform.FixtureCases()
	if err != nil {
		return err
	}
	out := bufio.NewWriter(os.Stdout)
	encoder := json.NewEncoder(out)
	for c := range conform.Cases(fixtures, generated) {
		question := struct {
			ID string `json:"id"`
			Op string `json:"op"`
			In []byte `json:"in"`
		}{c.ID, c.Op, append([]byte{}, c.In...)} // never nil, which would be null
		if err := encoder.Encode(question); err != nil {
			return err
		}
	}
	return out.Flush()
}
