package main

import (
	"encoding/json"
	"strings"

	"github.com/spf13/cobra"

	"github.com/ossconf/ossconf/cmd/ossconf/internal/text"
	"github.com/ossconf/ossconf/core"
	"github.com/ossconf/ossconf/httpsconfig"
)

// certificateFlag says which certificates a server has.
type certificateFlag struct{ kinds string }

func (f *certificateFlag) register(cmd *cobra.Command) {
	wordFlag(cmd, &f.kinds, "certificates", "the certificates that the server has", "both", "rsa", "ecdsa")
}

func (f *certificateFlag) set() httpsconfig.CertificateKinds {
	switch f.kinds {
	case "rsa":
		return httpsconfig.CertificateRSA
	case "ecdsa":
		return httpsconfig.CertificateECDSA
	}
	return httpsconfig.CertificateRSA | httpsconfig.CertificateECDSA
}

// names returns the kinds as a request has them.
func (f *certificateFlag) names() []string {
	if f.kinds == "both" {
		return []string{"rsa", "ecdsa"}
	}
	return []string{f.kinds}
}

// A side is a configuration to simulate: a document, or none for a bucket that was never configured.
type side struct {
	name   string
	text   any // of a request: a string or nil
	config *httpsconfig.Config
	valid  bool
}

// warning says so if OSS would not take the document.
func (s *side) warning() string {
	if s.valid {
		return ""
	}
	return text.Printable(s.name) + " is not valid: OSS would refuse it, and ossconf validate says why\n"
}

// never is the side of a bucket that was never configured.
func never() side { return side{name: "never configured", valid: true} }

// readSide reads the document that args name.
func readSide(cmd *cobra.Command, args []string) (side, error) {
	doc, name, err := readInput(cmd, args, httpsconfig.MaxSize)
	if err != nil {
		return side{}, err
	}
	if status, payload := core.Call("decode", doc); status != core.OK {
		return side{}, refusal(payload, name, nil)
	}
	config, err := httpsconfig.Decode(doc)
	return side{name, string(doc), config, httpsconfig.Validate(doc).OK()}, err
}

// callOn runs an operation on a request natively and returns its payload.
func callOn(op string, request map[string]any) ([]byte, error) {
	in, err := json.Marshal(request)
	if err != nil { // of strings never
		panic(err)
	}
	status, payload := core.Call(op, in)
	if status != core.OK {
		return nil, refusal(payload, strings.ReplaceAll(op, "_", " "), nil)
	}
	return payload, nil
}
