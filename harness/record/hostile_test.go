package record_test

import (
	"bytes"
	"compress/gzip"
	"encoding/base64"
	"encoding/xml"
	"errors"
	"fmt"
	"io"
	"net/http"
	"net/url"
	"os"
	"strings"
	"testing"

	"github.com/ossconf/ossconf/harness/record"
	"github.com/ossconf/ossconf/harness/replay"
)

// An upstream repeats what the client sent in every way it can think of. Nothing of it is kept, and nothing breaks.
func TestHostileAnswers(t *testing.T) {
	type echo struct {
		authorization, token, signature, id string
	}
	escape := func(s string) string {
		var b bytes.Buffer
		xml.EscapeText(&b, []byte(s))
		return b.String()
	}
	std := func(s string) string { return base64.StdEncoding.EncodeToString([]byte(s)) }
	percent := func(s string) (out string) {
		for i := range len(s) {
			out += fmt.Sprintf("%%%02x", s[i])
		}
		return out
	}
	entities := func(s string) (out string) {
		for i := range len(s) {
			out += fmt.Sprintf("&#x%X;", s[i])
		}
		return out
	}
	unicode := func(s string) (out string) {
		for i := range len(s) {
			out += fmt.Sprintf(`\u%04x`, s[i])
		}
		return out
	}
	wrap := func(s string) (out string) {
		for i := 0; i < len(s); i += 10 {
			out += s[i:min(i+10, len(s))] + "\r\n "
		}
		return out
	}
	for _, test := range []struct {
		name   string
		answer func(http.ResponseWriter, echo)
	}{
		{"plain", func(w http.ResponseWriter, e echo) { fmt.Fprint(w, e.authorization, " ", e.token) }},
		{"glued", func(w http.ResponseWriter, e echo) { fmt.Fprint(w, "a", e.token, "b", e.id, "c", e.signature, "d") }},
		{"URL", func(w http.ResponseWriter, e echo) {
			fmt.Fprint(w, url.QueryEscape(e.token), " ", url.QueryEscape(e.authorization))
		}},
		{"URL twice", func(w http.ResponseWriter, e echo) { fmt.Fprint(w, url.QueryEscape(url.QueryEscape(e.token))) }},
		{"percent", func(w http.ResponseWriter, e echo) {
			fmt.Fprint(w, percent(e.token), percent(e.signature), percent(e.id))
		}},
		{"XML", func(w http.ResponseWriter, e echo) { fmt.Fprint(w, "<a>", escape(e.token), entities(e.token), "</a>") }},
		{"JSON", func(w http.ResponseWriter, e echo) {
			fmt.Fprint(w, `{"x":"`, unicode(e.token), `","y":"`, strings.ReplaceAll(e.token, "/", `\/`), `"}`)
		}},
		{"base64", func(w http.ResponseWriter, e echo) {
			fmt.Fprint(w, std(e.token), " ", std("x"+e.token), " ", std("xx"+e.token), " ", base64.URLEncoding.EncodeToString([]byte("?"+e.token)))
		}},
		{"base64 glued", func(w http.ResponseWriter, e echo) { fmt.Fprint(w, "abc", std("xy"+e.token+e.id)) }},
		{"base64 of base64", func(w http.ResponseWriter, e echo) { fmt.Fprint(w, std(std(e.token))) }},
		{"base64 of a URL", func(w http.ResponseWriter, e echo) { fmt.Fprint(w, std(url.QueryEscape(e.token))) }},
		{"hexadecimal", func(w http.ResponseWriter, e echo) {
			fmt.Fprintf(w, "%x %X % X %x", e.token, e.token, e.token, e.signature)
		}},
		{"capitals", func(w http.ResponseWriter, e echo) { fmt.Fprint(w, strings.ToUpper(e.token), strings.ToLower(e.id)) }},
		{"wrapped", func(w http.ResponseWriter, e echo) { fmt.Fprint(w, wrap(e.token)) }},
		{"cut", func(w http.ResponseWriter, e echo) { fmt.Fprint(w, e.token[:40], "…") }},
		{"headers", func(w http.ResponseWriter, e echo) {
			h := w.Header()
			h.Set("X-Odd", e.token)
			h.Set("X-Oss-Err", std("<Error><SecurityToken>"+escape(e.token)+"</SecurityToken></Error>"))
			h.Set("Set-Cookie", "session=0123456789abcdef")
			h.Set("Location", "http://example.com/?x-oss-signature=0123456789abcdef&security-token="+url.QueryEscape(e.token))
			h.Set("X-"+strings.NewReplacer("+", "", "/", "", "=", "").Replace(e.id), "name")
		}},
		{"error document", func(w http.ResponseWriter, e echo) {
			w.Header().Set("Content-Type", "application/xml")
			w.WriteHeader(403)
			fmt.Fprintf(w, `<?xml version="1.0"?><Error><Code>SignatureDoesNotMatch</Code><OSSAccessKeyId>%s</OSSAccessKeyId><SignatureProvided>%s</SignatureProvided>`+
				`<StringToSign>a</StringToSign><StringToSignBytes>4F 53</StringToSignBytes><CanonicalRequest>x-oss-security-token:%s</CanonicalRequest><SecurityToken>0123456789abcdef</SecurityToken></Error>`,
				e.id, e.signature, escape(e.token))
		}},
		{"document without an end", func(w http.ResponseWriter, e echo) {
			w.WriteHeader(403)
			fmt.Fprint(w, `<Error><StringToSign><![CDATA[</Error>0123456789abcdef`)
		}},
		{"document of another form", func(w http.ResponseWriter, e echo) {
			w.WriteHeader(403)
			fmt.Fprint(w, `{"SecurityToken" : "0123456789abcdef", "x":"<securitytoken a='b'>0123456789abcdef`)
		}},
		{"gzip", func(w http.ResponseWriter, e echo) {
			w.Header().Set("Content-Encoding", "gzip")
			z := gzip.NewWriter(w)
			fmt.Fprint(z, e.token)
			z.Close()
		}},
	} {
		for _, presign := range []bool{false, true} {
			t.Run(fmt.Sprint(test.name, ", presigned ", presign), func(t *testing.T) {
				k := key(true)
				var signature string
				upstream := http.HandlerFunc(func(w http.ResponseWriter, r *http.Request) {
					q := r.URL.Query()
					e := echo{r.Header.Get("Authorization"), r.Header.Get("X-Oss-Security-Token") + q.Get("x-oss-security-token"), q.Get("x-oss-signature"), k.AccessKeyID}
					if e.signature == "" {
						_, e.signature, _ = strings.Cut(e.authorization, "Signature=")
					}
					signature = e.signature
					if e.token != k.SecurityToken || len(e.signature) != 64 {
						t.Errorf("the upstream got %+v", e)
					}
					test.answer(w, e)
				})
				g := get()
				g.credentials, g.presign = k, presign
				g.header = map[string]string{"Cookie": "session=0123456789abcdef", "Referer": "http://example.com/?x-oss-security-token=" + url.QueryEscape(k.SecurityToken)}
				dir, log, answer, err := capture(t, upstream, g)
				if err != nil || strings.Contains(answer, "error: ") {
					t.Fatalf("%v, the client got %s", err, answer)
				}
				noSecrets(t, dir, k, signature, "0123456789abcdef", k.SecurityToken[:30])
				noSecretsIn(t, log, k)
				g.credentials = testKey(true)
				if _, err := g.send(t, replay.Use(t, dir, record.Options{})); err != nil {
					t.Error(err)
				}
			})
		}
	}
}

// What cannot be recorded passes all the same, is reported, and leaves no file.
func TestNotRecorded(t *testing.T) {
	k := key(true)
	signed := func(change func(*exchange)) exchange {
		e := put()
		e.credentials = k
		change(&e)
		return e
	}
	plain := signed(func(*exchange) {})
	answering := func(f http.HandlerFunc) http.Handler {
		return http.HandlerFunc(func(w http.ResponseWriter, r *http.Request) { io.Copy(io.Discard, r.Body); f(w, r) })
	}
	ok := answering(func(w http.ResponseWriter, _ *http.Request) { fmt.Fprint(w, "fine") })
	large := strings.Repeat("x", 3000)
	for _, test := range []struct {
		name     string
		upstream http.Handler
		request  exchange
		answer   string // a part of it
		reason   string
	}{
		{"a large request", ok, signed(func(e *exchange) { e.body = large }), "200 fine", "the request's body is larger than 2000 bytes"},
		{"a large answer", answering(func(w http.ResponseWriter, _ *http.Request) { fmt.Fprint(w, large) }), plain, "200 " + large, "the answer's body is larger than 2000 bytes"},
		{"broken gzip", answering(func(w http.ResponseWriter, _ *http.Request) {
			w.Header().Set("Content-Encoding", "gzip")
			fmt.Fprint(w, "no gzip")
		}), plain, "200 ", "no gzip"},
		{"cut gzip", answering(func(w http.ResponseWriter, _ *http.Request) {
			w.Header().Set("Content-Encoding", "gzip")
			var b bytes.Buffer
			z := gzip.NewWriter(&b)
			fmt.Fprint(z, "something")
			z.Close()
			w.Write(b.Bytes()[:b.Len()-6])
		}), plain, "200 ", "its gzip is broken"},
		{"a bomb", answering(func(w http.ResponseWriter, _ *http.Request) {
			w.Header().Set("Content-Encoding", "gzip")
			z := gzip.NewWriter(w)
			z.Write(make([]byte, 100000))
			z.Close()
		}), plain, "200 ", "larger than 2000 bytes once it is unpacked"},
		{"another encoding", answering(func(w http.ResponseWriter, _ *http.Request) {
			w.Header().Set("Content-Encoding", "br")
			fmt.Fprint(w, "x")
		}), plain, "200 x", "cannot be searched"},
		{"a compressed request with a secret", ok, signed(func(e *exchange) {
			var b bytes.Buffer
			z := gzip.NewWriter(&b)
			fmt.Fprint(z, k.SecurityToken)
			z.Close()
			e.body, e.header = b.String(), map[string]string{"Content-Encoding": "gzip"}
		}), "200 fine", "holds a secret in what is compressed"},
		{"an answer that breaks off", answering(func(w http.ResponseWriter, _ *http.Request) {
			w.Header().Set("Content-Length", "100")
			fmt.Fprint(w, "half")
		}), plain, "error: unexpected EOF", "broke off"},
		{"no answer", http.HandlerFunc(func(http.ResponseWriter, *http.Request) { panic(http.ErrAbortHandler) }), plain, "502 ", "the upstream gave no answer"},
		{"a signature of version 1", ok, signed(func(e *exchange) {
			e.change = func(r *http.Request) { r.Header.Set("Authorization", "OSS "+k.AccessKeyID+":c2ln") }
		}), "200 fine", "signature version 4"},
		{"a URL of version 1", ok, exchange{method: "GET", url: config + "&OSSAccessKeyId=" + k.AccessKeyID + "&Signature=abc&Expires=1"}, "200 fine", "signature version 4"},
		{"a signature that is none", ok, signed(func(e *exchange) {
			e.change = func(r *http.Request) { r.Header.Set("Authorization", "OSS4-HMAC-SHA256 "+k.AccessKeyID) }
		}), "200 fine", "cannot be read"},
		{"two signatures", ok, signed(func(e *exchange) {
			e.change = func(r *http.Request) { r.URL.RawQuery += "&x-oss-signature=" + k.AccessKeyID }
		}), "200 fine", "cannot be read"},
		{"a parameter twice", ok, signed(func(e *exchange) { e.change = func(r *http.Request) { r.URL.RawQuery += "&a=1&a=2" } }), "200 fine", "cannot be read"},
		{"another authorization", ok, signed(func(e *exchange) {
			e.change = func(r *http.Request) { r.Header.Set("Authorization", "Bearer "+k.SecurityToken) }
		}), "200 fine", "signature version 4"},
		{"an unknown host", ok, exchange{method: "GET", url: "http://examplebucket.example.invalid/"}, "200 fine", "which bucket is meant"},
		{"switching protocols", answering(func(w http.ResponseWriter, _ *http.Request) { w.WriteHeader(101) }), plain, "502 ", "protocol"},
		{"a form that is none", ok, exchange{method: "POST", url: "http://examplebucket.oss-cn-hangzhou.aliyuncs.com/", body: "x",
			header: map[string]string{"Content-Type": "multipart/form-data; boundary=b"}}, "200 fine", "form"},
	} {
		t.Run(test.name, func(t *testing.T) {
			dir, log, answer, err := capture(t, test.upstream, test.request, func(rec *record.Recorder) { rec.MaxBody = 2000 })
			if !strings.Contains(answer, test.answer) {
				t.Errorf("the client got %.200q, want %.200q", answer, test.answer)
			}
			if !errors.Is(err, record.ErrNotRecorded) || !strings.Contains(err.Error(), test.reason) || !strings.Contains(err.Error(), "0001-") {
				t.Errorf("Close: %v, want %q", err, test.reason)
			}
			if !strings.Contains(log, "not recorded") || strings.Count(log, "\n") != 1 {
				t.Errorf("the log has %s", log)
			}
			noSecretsIn(t, log+fmt.Sprint(err), k)
			if files, err := os.ReadDir(dir); err != nil || len(files) > 0 {
				t.Errorf("the folder has %v, %v", files, err)
			}
		})
	}
}
