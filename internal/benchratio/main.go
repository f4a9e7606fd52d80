// Command benchratio reads the output of go test -bench and prints how a benchmark's variants compare. The variants
// are sub-benchmarks: the first one a benchmark has is the one the others are measured against. Of several runs
// (-count) the fastest counts: what makes the others slower is the rest of the machine.
package main

import (
	"bufio"
	"fmt"
	"io"
	"os"
	"slices"
	"strconv"
	"strings"
	"text/tabwriter"
)

func main() {
	if err := run(os.Stdin, os.Stdout); err != nil {
		fmt.Fprintln(os.Stderr, "benchratio:", err)
		os.Exit(1)
	}
}

// A variant is one sub-benchmark.
type variant struct {
	name   string
	nanos  []float64
	allocs string
}

// A benchmark is a benchmark and its variants in the order in which they ran.
type benchmark struct {
	name     string
	variants []*variant
}

func run(in io.Reader, out io.Writer) error {
	list, failed, err := read(in)
	if err != nil {
		return err
	}
	w := tabwriter.NewWriter(out, 0, 0, 2, ' ', tabwriter.AlignRight)
	fmt.Fprintln(w, "benchmark\tvariant\tns/op\tallocs/op\ttimes\t")
	for _, b := range list {
		first := slices.Min(b.variants[0].nanos)
		for i, v := range b.variants {
			ratio := ""
			if i > 0 {
				ratio = strconv.FormatFloat(slices.Min(v.nanos)/first, 'f', 1, 64)
			}
			fmt.Fprintf(w, "%s\t%s\t%.0f\t%s\t%s\t\n", b.name, v.name, slices.Min(v.nanos), v.allocs, ratio)
		}
	}
	if err := w.Flush(); err != nil {
		return err
	}
	if failed {
		return fmt.Errorf("a benchmark failed")
	}
	if len(list) == 0 {
		return fmt.Errorf("no benchmark in the input")
	}
	return nil
}

// read collects the benchmarks. What is none of them is for people and goes to standard error.
func read(in io.Reader) (list []*benchmark, failed bool, err error) {
	scanner := bufio.NewScanner(in)
	for scanner.Scan() {
		line := scanner.Text()
		fields := strings.Fields(line)
		if len(fields) < 4 || !strings.HasPrefix(fields[0], "Benchmark") || fields[3] != "ns/op" {
			failed = failed || strings.HasPrefix(line, "FAIL") || strings.HasPrefix(line, "--- FAIL")
			fmt.Fprintln(os.Stderr, line)
			continue
		}
		name := strings.TrimPrefix(fields[0], "Benchmark")
		if i := strings.LastIndexByte(name, '-'); i > 0 {
			if _, err := strconv.Atoi(name[i+1:]); err == nil {
				name = name[:i] // the number of processors
			}
		}
		nanos, err := strconv.ParseFloat(fields[2], 64)
		if err != nil {
			return nil, false, fmt.Errorf("in %q: %w", line, err)
		}
		v := find(&list, name)
		v.nanos = append(v.nanos, nanos)
		if i := slices.Index(fields, "allocs/op"); i > 0 {
			v.allocs = fields[i-1]
		}
	}
	return list, failed, scanner.Err()
}

// find returns the variant called name, BENCHMARK/VARIANT, of which the benchmark may have slashes itself.
func find(list *[]*benchmark, name string) *variant {
	group, sub := name, ""
	if i := strings.LastIndexByte(name, '/'); i >= 0 {
		group, sub = name[:i], name[i+1:]
	}
	i := slices.IndexFunc(*list, func(b *benchmark) bool { return b.name == group })
	if i < 0 {
		*list = append(*list, &benchmark{name: group})
		i = len(*list) - 1
	}
	b := (*list)[i]
	for _, v := range b.variants {
		if v.name == sub {
			return v
		}
	}
	b.variants = append(b.variants, &variant{name: sub})
	return b.variants[len(b.variants)-1]
}
