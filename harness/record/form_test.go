package record_test

import (
	"bytes"
	"encoding/base64"
	"fmt"
	"io"
	"mime/multipart"
	"net/http"
	"strings"
	"testing"
	"time"

	"github.com/ossconf/ossconf/fixtures"
	"github.com/ossconf/ossconf/harness/record"
	"github.com/ossconf/ossconf/harness/replay"
	"github.com/ossconf/ossconf/signer"
	"github.com/ossconf/ossconf/signer/signhttp"
)

// A form is an upload as a browser makes it of an HTML form.
type form struct {
	key, file string
	k         signer.Credentials
	at        time.Time
	change    func([]signer.Field) []signer.Field
}

func (f form) send(t *testing.T, base http.RoundTripper) (string, error) {
	t.Helper()
	at := signhttp.FormatTime(f.at)
	token := ""
	if f.k.SecurityToken != "" {
		token = fmt.Sprintf(`,{"x-oss-security-token":%q}`, f.k.SecurityToken)
	}
	policy := fmt.Sprintf(`{"expiration":%q,"conditions":[{"bucket":"examplebucket"},{"x-oss-signature-version":"OSS4-HMAC-SHA256"},`+
		`{"x-oss-credential":"%s/%s/cn-hangzhou/oss/aliyun_v4_request"},{"x-oss-date":%q}%s]}`,
		f.at.Add(time.Hour).UTC().Format("2006-01-02T15:04:05.000Z"), f.k.AccessKeyID, at[:8], at, token)
	signed, err := new(signer.Signer).PostPolicy(f.k, signer.Policy{JSON: policy, Region: fixtures.TestRegion, Time: at})
	if err != nil {
		t.Fatal(err)
	}
	fields := append([]signer.Field{{Name: "key", Value: f.key}}, signed.Fields...)
	if f.change != nil {
		fields = f.change(fields)
	}
	var b bytes.Buffer
	w := multipart.NewWriter(&b)
	for _, field := range fields {
		if err := w.WriteField(field.Name, field.Value); err != nil {
			t.Fatal(err)
		}
	}
	part, err := w.CreateFormFile("file", "a.txt")
	if err != nil {
		t.Fatal(err)
	}
	io.WriteString(part, f.file)
	w.Close()
	return exchange{method: "POST", url: "http://examplebucket.oss-cn-hangzhou.aliyuncs.com/", body: b.String(),
		header: map[string]string{"Content-Type": w.FormDataContentType()}}.send(t, base)
}

func TestForm(t *testing.T) {
	for _, temporary := range []bool{false, true} {
		k := key(temporary)
		upstream := http.HandlerFunc(func(w http.ResponseWriter, r *http.Request) {
			data, _ := io.ReadAll(r.Body)
			if !bytes.Contains(data, []byte(k.AccessKeyID)) {
				t.Error("the upstream does not get the client's form")
			}
			w.Header().Set("ETag", "tag")
			fmt.Fprintf(w, "stored, %s", base64.StdEncoding.EncodeToString(data)) // the policy in it is base64 of base64
		})
		rec := &record.Recorder{Upstream: newServer(t, upstream), Dir: t.TempDir()}
		f := form{key: "dir/a.txt", file: "content\n", k: k, at: time.Now()}
		if _, err := f.send(t, leadTo(t, newServer(t, rec))); err != nil {
			t.Fatal(err)
		}
		if err := rec.Close(); err != nil {
			t.Fatal(err)
		}
		noSecrets(t, rec.Dir, k)
		list := fixturesIn(t, rec.Dir)
		if len(list) != 1 || list[0].Name != "0001-PostObject" {
			t.Fatalf("fixtures %+v", list)
		}

		// Another time, another boundary, the test key.
		f.k, f.at = testKey(temporary), time.Now().Add(-time.Minute*90)
		if answer, err := f.send(t, replay.Use(t, rec.Dir, record.Options{})); err != nil || !strings.HasPrefix(answer, "200 stored") {
			t.Errorf("%s, %v", answer, err)
		}
		set := func(name, value string) func([]signer.Field) []signer.Field {
			return func(fields []signer.Field) []signer.Field {
				for i := range fields {
					if fields[i].Name == name {
						fields[i].Value = value
					}
				}
				return fields
			}
		}
		for _, test := range []struct {
			name string
			form form
			word string
		}{
			{"other content", form{key: f.key, file: "other\n", k: f.k, at: f.at}, `"other\n"`},
			{"other key", form{key: "dir/b.txt", file: f.file, k: f.k, at: f.at}, "dir/b.txt"},
			{"another field", form{key: f.key, file: f.file, k: f.k, at: f.at, change: func(l []signer.Field) []signer.Field {
				return append(l, signer.Field{Name: "success_action_status", Value: "201"})
			}}, "success_action_status"},
			{"another secret", form{key: f.key, file: f.file, at: f.at, k: signer.Credentials{AccessKeyID: f.k.AccessKeyID, AccessKeySecret: "x", SecurityToken: f.k.SecurityToken}}, "SignatureDoesNotMatch"},
			{"another access key", form{key: f.key, file: f.file, at: f.at, k: key(temporary)}, "cannot be verified"},
			{"another signature", form{key: f.key, file: f.file, k: f.k, at: f.at, change: set("x-oss-signature", strings.Repeat("0", 64))}, "SignatureDoesNotMatch"},
			{"a policy of another", form{key: f.key, file: f.file, k: f.k, at: f.at, change: set("policy", "e30=")}, "SignatureDoesNotMatch"},
		} {
			answer, err := test.form.send(t, load(t, rec.Dir, record.Options{}))
			if err == nil || !strings.Contains(err.Error(), test.word) {
				t.Errorf("%s: %s, error %v, want %s", test.name, answer, err, test.word)
			}
		}
	}
}

// A form without a signature is compared too, whatever its boundary.
func TestUnsignedForm(t *testing.T) {
	unsigned := func(fields []signer.Field) []signer.Field { return fields[:1] }
	rec := &record.Recorder{Upstream: newServer(t, counting()), Dir: t.TempDir()}
	f := form{key: "a", file: "b", k: key(true), at: time.Now(), change: unsigned}
	if _, err := f.send(t, leadTo(t, newServer(t, rec))); err != nil {
		t.Fatal(err)
	}
	if err := rec.Close(); err != nil {
		t.Fatal(err)
	}
	if answer, err := f.send(t, replay.Use(t, rec.Dir, record.Options{})); err != nil || answer != "200 1" {
		t.Errorf("%s, %v", answer, err)
	}
	f.file = "c"
	if answer, err := f.send(t, load(t, rec.Dir, record.Options{})); err == nil {
		t.Errorf("another file is answered: %s", answer)
	}
}
