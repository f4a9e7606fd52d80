package postform_test

import (
	"net/http"
	"net/http/httptest"
	"os"
	"os/exec"
	"path/filepath"
	"runtime"
	"testing"

	"github.com/google/go-cmp/cmp"

	"github.com/ossconf/ossconf/harness/mockoss/internal/postform"
	"github.com/ossconf/ossconf/signer"
)

// serve returns the URL of a server that reads forms and what it made of the last.
func serve(t *testing.T) (url string, last func() *postform.Form) {
	t.Helper()
	forms := make(chan *postform.Form, 1)
	s := httptest.NewServer(http.HandlerFunc(func(w http.ResponseWriter, r *http.Request) {
		form, err := postform.Read(r.Body, r.Header.Get("Content-Type"), postform.Limits{})
		if err != nil {
			t.Error(err)
		}
		forms <- form
		w.WriteHeader(http.StatusNoContent)
	}))
	t.Cleanup(s.Close)
	return s.URL, func() *postform.Form { return <-forms }
}

// run runs a program that sends one form; the test is skipped where the program is not installed.
func run(t *testing.T, program string, args ...string) {
	t.Helper()
	path, err := exec.LookPath(program)
	if err != nil {
		t.Skip(err)
	}
	if out, err := exec.CommandContext(t.Context(), path, args...).CombinedOutput(); err != nil {
		t.Fatalf("%s: %v\n%s", program, err, out)
	}
}

func TestCurl(t *testing.T) {
	if runtime.GOOS == "windows" {
		t.Skip("no file there has a quote in its name")
	}
	url, last := serve(t)
	name := filepath.Join(t.TempDir(), `a "b" é.txt`)
	if err := os.WriteFile(name, []byte(allBytes()), 0o600); err != nil {
		t.Fatal(err)
	}
	for _, test := range []struct {
		args []string
		file string // its name as curl writes it
	}{
		{nil, `a %22b%22 é.txt`},
		{[]string{"--form-escape"}, `a "b" é.txt`},
	} {
		// -H "Expect:": nothing here answers 100 Continue before it reads.
		args := append([]string{"--silent", "--show-error", "--fail", "-H", "Expect:"}, test.args...)
		run(t, "curl", append(args, "-F", "key=user/${filename}", "--form-string", "x-oss-meta-a=é;b\r\nc", "-F",
			"empty=",
			"-F", `file=@"`+escape(name)+`";type=a/b`, "-F", "submit=Upload", url)...)
		want := &postform.Form{
			Fields: []signer.Field{{Name: "key", Value: "user/${filename}"}, {Name: "x-oss-meta-a", Value: "é;b\r\nc"},
				{Name: "empty"}},
			File: postform.File{Name: test.file, ContentType: "a/b", Content: []byte(allBytes())},
		}
		form := last()
		if diff := cmp.Diff(want, form); diff != "" {
			t.Errorf("%q (-want +got):\n%s", test.args, diff)
		} else if got := form.Key(); got != "user/"+test.file {
			t.Errorf("%q: key %s", test.args, got)
		}
	}
}

// escape escapes quotes for the quoted file name of curl's -F.
func escape(s string) string {
	var b []byte
	for i := range len(s) {
		if s[i] == '"' || s[i] == '\\' {
			b = append(b, '\\')
		}
		b = append(b, s[i])
	}
	return string(b)
}

// Node's fetch encodes FormData with undici, as browsers do it.
func TestNode(t *testing.T) {
	const script = `
const form = new FormData()
form.append("key", "user/${filename}")
form.append("x-oss-meta-a", "é\nb\r\nc")
form.append("a \"b\"\n", "")
form.append("empty", "")
const bytes = new Uint8Array(70000).map((_, i) => i % 251)
form.append("file", new Blob([bytes], { type: "image/png" }), "dir/é \"1\".png")
form.append("submit", "Upload")
const answer = await fetch(process.argv[1], { method: "POST", body: form })
if (answer.status !== 204) throw new Error(answer.status)
`
	url, last := serve(t)
	run(t, "node", "--input-type=module", "-e", script, url)
	content := make([]byte, 70000)
	for i := range content {
		content[i] = byte(i % 251)
	}
	want := &postform.Form{
		Fields: []signer.Field{{Name: "key", Value: "user/${filename}"}, {Name: "x-oss-meta-a", Value: "é\r\nb\r\nc"},
			{Name: `a %22b%22%0D%0A`}, {Name: "empty"}},
		File: postform.File{Name: "dir/é %221%22.png", ContentType: "image/png", Content: content},
	}
	form := last()
	if diff := cmp.Diff(want, form); diff != "" {
		t.Errorf("(-want +got):\n%s", diff)
	} else if got := form.Key(); got != "user/é %221%22.png" {
		t.Errorf("key %s", got)
	}
}
