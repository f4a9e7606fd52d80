// Signhttp signs requests with package signhttp, so that a test in JavaScript can compare. It reads lines of JSON and
// answers each with the Authorization header, or with the code of the error.
package main

import (
	"bufio"
	"encoding/json"
	"errors"
	"io"
	"log"
	"net/http"
	"os"
	"strings"
	"time"

	"github.com/ossconf/ossconf/signer"
	"github.com/ossconf/ossconf/signer/signhttp"
)

// An input is a request and how it is signed, with the names of the JavaScript package's options.
type input struct {
	Method, URL       string
	Headers           [][2]string
	AccessKeyID       string `json:"access_key_id"`
	AccessKeySecret   string `json:"access_key_secret"`
	SecurityToken     string `json:"security_token"`
	Region, Product   string
	Time              string
	Endpoint, Bucket  string
	PathStyle         bool     `json:"path_style"`
	AdditionalHeaders []string `json:"additional_headers"`
}

type output struct {
	Authorization string `json:"authorization,omitempty"`
	Code          string `json:"code,omitempty"`
}

func main() {
	log.SetFlags(0)
	log.SetPrefix("signhttp: ")
	if err := run(os.Stdin, os.Stdout); err != nil {
		log.Fatal(err)
	}
}

func run(r io.Reader, w io.Writer) error {
	in, out := json.NewDecoder(r), bufio.NewWriter(w)
	answers := json.NewEncoder(out)
	for {
		var i input
		switch err := in.Decode(&i); {
		case errors.Is(err, io.EOF):
			return out.Flush()
		case err != nil:
			return err
		}
		authorization, err := sign(&i)
		var refused *signer.Error
		if err != nil && !errors.As(err, &refused) {
			return err
		}
		answer := output{Authorization: authorization}
		if refused != nil {
			answer.Code = refused.Err.Code
		}
		if err := answers.Encode(answer); err != nil {
			return err
		}
	}
}

// capture is a transport that keeps what it is to send.
type capture struct{ sent *http.Request }

func (c *capture) RoundTrip(r *http.Request) (*http.Response, error) {
	c.sent = r
	return &http.Response{StatusCode: http.StatusOK, Body: http.NoBody, Request: r}, nil
}

func sign(i *input) (string, error) {
	now, err := time.Parse("20060102T150405Z", i.Time)
	if err != nil {
		return "", err
	}
	r, err := http.NewRequest(i.Method, i.URL, strings.NewReader(""))
	if err != nil {
		return "", err
	}
	for _, h := range i.Headers {
		r.Header.Add(h[0], h[1])
	}
	var c capture
	t := signhttp.Transport{
		Credentials: signhttp.Static(signer.Credentials{
			AccessKeyID: i.AccessKeyID, AccessKeySecret: i.AccessKeySecret, SecurityToken: i.SecurityToken,
		}),
		Region: i.Region, Product: i.Product, AdditionalHeaders: i.AdditionalHeaders,
		Addressing: signhttp.Addressing{Endpoint: i.Endpoint, Bucket: i.Bucket, PathStyle: i.PathStyle},
		Base:       &c,
		Now:        func() time.Time { return now },
	}
	if _, err := t.RoundTrip(r); err != nil {
		return "", err
	}
	return c.sent.Header.Get("Authorization"), nil
}
