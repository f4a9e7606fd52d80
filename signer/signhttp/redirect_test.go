package signhttp_test

import (
	"errors"
	"net/http"
	"net/http/httptest"
	"testing"

	"github.com/ossconf/ossconf/signer"
	"github.com/ossconf/ossconf/signer/signhttp"
)

// TestRedirect follows redirects with an http.Client. A signature never goes to a host that the caller did not name.
func TestRedirect(t *testing.T) {
	reached := 0
	other := httptest.NewServer(http.HandlerFunc(func(http.ResponseWriter, *http.Request) { reached++ }))
	defer other.Close()
	var location string
	server := httptest.NewServer(http.HandlerFunc(func(w http.ResponseWriter, r *http.Request) {
		if r.URL.Path == "/examplebucket/there" {
			reached++
			return
		}
		http.Redirect(w, r, location, http.StatusTemporaryRedirect)
	}))
	defer server.Close()
	client := http.Client{Transport: &signhttp.Transport{
		Credentials: signhttp.Static(signer.Credentials{AccessKeyID: "ak", AccessKeySecret: "sk", SecurityToken: "token"}),
		Region:      "cn-hangzhou",
	}}
	for _, test := range []struct {
		name, location string
		follow         bool
	}{
		{"another host", other.URL + "/examplebucket/there", false},
		{"the same host", "/examplebucket/there", true},
	} {
		t.Run(test.name, func(t *testing.T) {
			reached, location = 0, test.location
			response, err := client.Get(server.URL + "/examplebucket/here")
			if err == nil {
				response.Body.Close()
			}
			if test.follow != (err == nil) || test.follow != (reached == 1) {
				t.Errorf("error %v, %d requests after the redirect", err, reached)
			}
			if !test.follow && !errors.Is(err, signhttp.ErrRedirect) {
				t.Errorf("error %v, want ErrRedirect", err)
			}
		})
	}
}
