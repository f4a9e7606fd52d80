package postform_test

import (
	"bytes"
	"errors"
	"fmt"
	"io"
	"mime/multipart"
	"net/textproto"
	"strings"
	"testing"
	"testing/iotest"

	"github.com/google/go-cmp/cmp"

	"github.com/ossconf/ossconf/harness/mockoss/internal/postform"
	"github.com/ossconf/ossconf/signer"
)

const (
	contentType = "multipart/form-data; boundary=9431149156168"
	fieldHead   = "Content-Disposition: form-data; name="
)

// body writes parts as browsers do. A part is a header and its content with \r\n\r\n between them.
func body(parts ...string) string {
	var b strings.Builder
	for _, p := range parts {
		b.WriteString("--9431149156168\r\n" + p + "\r\n")
	}
	return b.String() + "--9431149156168--\r\n"
}

func field(name, value string) string { return fieldHead + `"` + name + "\"\r\n\r\n" + value }

func file(name, content string) string {
	return fieldHead + `"file"; filename="` + name + "\"\r\nContent-Type: text/plain\r\n\r\n" + content
}

func read(t *testing.T, parts ...string) *postform.Form {
	t.Helper()
	form, err := postform.Read(strings.NewReader(body(parts...)), contentType, postform.Limits{})
	if err != nil {
		t.Fatal(err)
	}
	return form
}

func TestRead(t *testing.T) {
	fields := func(pairs ...string) (list []signer.Field) {
		for i := 0; i < len(pairs); i += 2 {
			list = append(list, signer.Field{Name: pairs[i], Value: pairs[i+1]})
		}
		return list
	}
	text := func(name, content string) postform.File {
		return postform.File{Name: name, ContentType: "text/plain", Content: []byte(content)}
	}
	for _, test := range []struct {
		name string
		body string
		want postform.Form
	}{
		{"the layout of the document, a submit button last",
			body(field("key", "/user/a/report.txt"), field("success_action_status", "200"), field("x-oss-meta-uuid",
				"u 1"),
				file("report.txt", "abcdefg"), field("submit", "Upload to OSS")),
			postform.Form{Fields: fields("key", "/user/a/report.txt", "success_action_status", "200", "x-oss-meta-uuid",
				"u 1"),
				File: text("report.txt", "abcdefg")}},
		{"names in any case",
			body(field("KEY", "a"), field("X-Oss-Meta-A", "b"), fieldHead+"\"FILE\"\r\n\r\ntext"),
			postform.Form{Fields: fields("KEY", "a", "X-Oss-Meta-A", "b"), File: postform.File{Content: []byte("text")}}},
		{"header names in any case, more headers, blanks around",
			body("content-disposition:form-data;name=key ; x=y;\r\nContent-Transfer-Encoding: 8bit\r\n\r\na",
				"CONTENT-DISPOSITION: \t FORM-DATA ; filename = \"b c\" ; NAME=\"file\"\r\ncontent-type:\ta/b \r\n\r\n"),
			postform.Form{Fields: fields("key", "a"), File: postform.File{Name: "b c", ContentType: "a/b"}}},
		{"empty values, with and without a line end of their own",
			body(field("key", "a"), field("b", ""), fieldHead+"\"c\"\r\n", file("", "")),
			postform.Form{Fields: fields("key", "a", "b", "", "c", ""), File: text("", "")}},
		{"values that look like delimiters",
			body(field("key", "a"), field("b", "\r\n"), field("c", "\r\n\r\n--943114915616\r\n\r\n"), file("f",
				"a--9431149156168--\r\n-\r\n\r")),
			postform.Form{Fields: fields("key", "a", "b", "\r\n", "c", "\r\n\r\n--943114915616\r\n\r\n"),
				File: text("f", "a--9431149156168--\r\n-\r\n\r")}},
		{"every byte",
			body(field("key", "a"), file("f", allBytes())),
			postform.Form{Fields: fields("key", "a"), File: text("f", allBytes())}},
		{"quotes, backslashes, percents and other letters in names",
			body(field("key", "a"), field(`a\"b\\c\d%22`, "b"), file(`C:\tmp\報告;=.txt`, "x")),
			postform.Form{Fields: fields("key", "a", `a"b\c\d%22`, "b"), File: text(`C:\tmp\報告;=.txt`, "x")}},
		{"a name twice that OSS does not know",
			body(field("key", "a"), field("tag", "1"), field("tag", "2"), file("f", "x")),
			postform.Form{Fields: fields("key", "a", "tag", "1", "tag", "2"), File: text("f", "x")}},
		{"a file that is no file by its name is a field",
			body(field("key", "a"), fieldHead+"\"upload\"; filename=\"g\"\r\n\r\nz", file("f", "x")),
			postform.Form{Fields: fields("key", "a", "upload", "z"), File: text("f", "x")}},
		{"text before and behind, blanks behind delimiters",
			"preamble\r\n--9431149156168 \t\r\n" + field("key", "a") + "\r\n--9431149156168\t\r\n" + file("f", "x") +
				"\r\n--9431149156168--epilogue\r\n--9431149156168\r\n",
			postform.Form{Fields: fields("key", "a"), File: text("f", "x")}},
		{"no line end at the end",
			strings.TrimSuffix(body(field("key", "a"), file("f", "x")), "\r\n"),
			postform.Form{Fields: fields("key", "a"), File: text("f", "x")}},
	} {
		t.Run(test.name, func(t *testing.T) {
			for how, r := range map[string]io.Reader{
				"at once": strings.NewReader(test.body), "by bytes": iotest.OneByteReader(strings.NewReader(test.body)),
				"with the end": iotest.DataErrReader(strings.NewReader(test.body)),
			} {
				form, err := postform.Read(r, contentType, postform.Limits{})
				if err != nil {
					t.Fatalf("%s: %v", how, err)
				}
				if len(form.File.Content) == 0 {
					form.File.Content = nil
				}
				if len(test.want.File.Content) == 0 {
					test.want.File.Content = nil
				}
				if diff := cmp.Diff(&test.want, form); diff != "" {
					t.Errorf("%s (-want +got):\n%s", how, diff)
				}
			}
		})
	}
}

func allBytes() string {
	var b []byte
	for i := range 256 {
		b = append(b, byte(i), '\r', byte(i), '\n')
	}
	return string(bytes.Repeat(b, 200)) // more than one buffer
}

// What mime/multipart writes is read back, whatever the sizes are: delimiters meet the ends of buffers everywhere.
func TestReadWritten(t *testing.T) {
	for size := 32<<10 - 400; size < 32<<10+100; size++ {
		var b bytes.Buffer
		w := multipart.NewWriter(&b)
		w.WriteField("key", "${filename}")
		part, err := w.CreatePart(textproto.MIMEHeader{"Content-Disposition": {`form-data; name="file"; filename="a\"b"`}, "Content-Type": {"a/b"}})
		if err != nil {
			t.Fatal(err)
		}
		content := bytes.Repeat([]byte("\r\n--"), size/4+1)[:size]
		part.Write(content)
		w.Close()
		form, err := postform.Read(&b, w.FormDataContentType(), postform.Limits{})
		if err != nil {
			t.Fatalf("%d: %v", size, err)
		}
		if form.Key() != `a"b` || !bytes.Equal(form.File.Content, content) {
			t.Fatalf("%d: key %q and %d bytes", size, form.Key(), len(form.File.Content))
		}
	}
}

// Wherever the body ends early, the error says so and keeps what the reader returned.
func TestReadBrokenOff(t *testing.T) {
	whole := body(field("key", "a"), field("empty", ""), file("f", "content\r\n--9431149156169"), field("submit", "x"))
	whole = strings.TrimSuffix(whole, "\r\n")
	lost := errors.New("connection lost")
	for n := range len(whole) {
		for _, test := range []struct {
			r    io.Reader
			want error
		}{
			{strings.NewReader(whole[:n]), io.ErrUnexpectedEOF},
			{io.MultiReader(strings.NewReader(whole[:n]), iotest.ErrReader(lost)), lost},
		} {
			form, err := postform.Read(test.r, contentType, postform.Limits{})
			var e *postform.Error
			if !errors.As(err, &e) || !errors.Is(err, postform.ErrBrokenOff) || !errors.Is(err, test.want) ||
				form != nil {
				t.Fatalf("after %q: %v, want %v", whole[:n], err, test.want)
			}
			if e.Code != "MalformedPOSTRequest" || e.EC != "0006-00000104" {
				t.Fatalf("after %q: %s, EC %s", whole[:n], e.Code, e.EC)
			}
		}
	}
}

func TestReadRefuses(t *testing.T) {
	const (
		wellFormed = "The body of your POST request is not well-formed multipart/form-data"
		oneFile    = "POST requires exactly one file upload per request."
		longName   = "Your name of form field is too long."
		longFields = "Your POST request fields preceding the upload file were too large."
		needKey    = "The bucket POST must contain the specified 'key'. If it is specified, please check the order of the fields"
		tooLarge   = "Your proposed upload exceeds the maximum allowed size."
	)
	key, f := field("key", "a"), file("f", "x")
	limits := postform.Limits{Fields: 3, Header: 100, Name: 10, Value: 8, Total: 20, File: 5}
	max := func(n int, more ...int) []signer.Field {
		d := []signer.Field{{Name: "MaxSizeAllowed", Value: fmt.Sprint(n)}}
		for _, size := range more {
			d = append(d, signer.Field{Name: "ProposedSize", Value: fmt.Sprint(size)})
		}
		return d
	}
	malformed := func(place, ec string) postform.Error {
		return postform.Error{Status: 400, Code: "MalformedPOSTRequest", Message: wellFormed, EC: ec, Place: place,
			Err: postform.ErrMalformed}
	}
	for _, test := range []struct {
		name, contentType, body string
		want                    postform.Error
	}{
		{"no type", "", body(key, f), postform.Error{Status: 405, Code: "MethodNotAllowed",
			Message: "The specified method is not allowed against this resource.", Err: postform.ErrNotMultipart,
			Details: []signer.Field{{Name: "Method", Value: "POST"}, {Name: "ResourceType", Value: "Bucket"}}}},
		{"another type", "application/x-www-form-urlencoded; boundary=a", "", postform.Error{Status: 400,
			Code:    "RequestIsNotMultiPartContent",
			Message: "Bucket POST must be of the enclosure-type multipart/form-data", Err: postform.ErrNotMultipart}},
		{"a comma", "multipart/form-data, boundary=a", "", postform.Error{Status: 400,
			Code:    "RequestIsNotMultiPartContent",
			Message: "Bucket POST must be of the enclosure-type multipart/form-data", Err: postform.ErrNotMultipart}},
		{"no boundary", "multipart/form-data;", body(key, f), postform.Error{Status: 400, Code: "MalformedPOSTRequest",
			Message: wellFormed, Err: postform.ErrNoBoundary}},
		{"an empty boundary", `Multipart/Form-Data; boundary=""`, body(key, f), postform.Error{Status: 400,
			Code: "MalformedPOSTRequest", Message: wellFormed, Err: postform.ErrNoBoundary}},
		{"two boundaries", `multipart/form-data; boundary=a; boundary=b`, body(key, f), postform.Error{Status: 400,
			Code: "MalformedPOSTRequest", Message: wellFormed, Err: postform.ErrNoBoundary}},
		{"a long boundary", "multipart/form-data; boundary=" + strings.Repeat("a", 71), "", postform.Error{Status: 400,
			Code: "MalformedPOSTRequest", Message: wellFormed, Err: postform.ErrNoBoundary}},

		{"a long preamble", contentType, strings.Repeat("a", 200) + "\r\n" + body(key, f), malformed("part 1",
			"0006-00000104")},
		{"more behind a delimiter", contentType, "--9431149156168x\r\n" + key, malformed("part 1", "0006-00000104")},
		{"no header", contentType, body("\r\nvalue", f), malformed("part 1", "0006-00000109")},
		{"Content-Type first", contentType, body(key,
			"Content-Type: text/plain\r\nContent-Disposition: form-data; name=\"file\"; filename=\"f\"\r\n\r\nx"),
			malformed("part 2", "0006-00000109")},
		{"the example of the document", contentType, body("Content: form-data; name=\"name\"\r\n\r\nbig.img", key, f),
			malformed("part 1", "0006-00000109")},
		{"no name", contentType, body("Content-Disposition: form-data\r\n\r\nx"), malformed("part 1", "0006-00000109")},
		{"an attachment", contentType, body("Content-Disposition: attachment; name=\"key\"\r\n\r\nx"),
			malformed("part 1", "0006-00000109")},
		{"name twice", contentType, body(fieldHead + "a; Name=b\r\n\r\nx"), malformed("part 1", "0006-00000109")},
		{"an open quote", contentType, body(fieldHead + "\"a\r\n\r\nx"), malformed("part 1", "0006-00000109")},
		{"text behind a quote", contentType, body(fieldHead + "\"a\"b\r\n\r\nx"), malformed("part 1", "0006-00000109")},
		{"a folded line", contentType, body(fieldHead + "a;\r\n filename=b\r\n\r\nx"), malformed("part 1",
			"0006-00000109")},
		{"a bare line feed", contentType, body(fieldHead + "\"a\nb\"\r\n\r\nx"), malformed("part 1", "0006-00000109")},
		{"a zero byte", contentType, body(fieldHead + "\"a\x00\"\r\n\r\nx"), malformed("part 1", "0006-00000109")},

		{"no part", contentType, body(), postform.Error{Status: 400, Code: "IncorrectNumberOfFilesInPOSTRequest",
			Message: oneFile,
			EC:      "0006-00000107", Err: postform.ErrNoFile}},
		{"a file of another name", contentType, body(key, fieldHead+"\"up\"; filename=\"f\"\r\n\r\nx"),
			postform.Error{Status: 400,
				Code: "IncorrectNumberOfFilesInPOSTRequest", Message: oneFile, EC: "0006-00000107", Err: postform.ErrNoFile}},
		{"two files", contentType, body(key, f, field("submit", "x"), file("g", "y")), postform.Error{Status: 400,
			Code: "IncorrectNumberOfFilesInPOSTRequest", Message: oneFile, Place: `part 4 ("file")`,
			Err: postform.ErrFileTwice}},
		{"no key", contentType, body(field("a", "b"), f), postform.Error{Status: 400, Code: "InvalidArgument",
			Message: needKey,
			Place:   "part 2", Err: postform.ErrNoKey}},
		{"key behind the file", contentType, body(f, key), postform.Error{Status: 400, Code: "InvalidArgument",
			Message: needKey,
			Place:   "part 1", Err: postform.ErrNoKey}},
		{"an empty key", contentType, body(field("key", ""), f), postform.Error{Status: 400, Code: "InvalidObjectName",
			Message: "The Object name can not be empty.", Place: "field key", Err: postform.ErrEmptyKey}},
		{"a key twice", contentType, body(key, field("Key", "b"), f), postform.Error{Status: 400, Code: "InvalidArgument",
			Message: "The form field is specified more than once.", Place: `part 2 ("Key")`, Err: postform.ErrFieldTwice,
			Details: []signer.Field{{Name: "ArgumentName", Value: "key"}}}},
		{"metadata twice", contentType, body(field("x-oss-a", ""), field("X-Oss-A", ""), key, f),
			postform.Error{Status: 400,
				Code: "InvalidArgument", Message: "The form field is specified more than once.", Place: `part 2 ("X-Oss-A")`,
				Err: postform.ErrFieldTwice, Details: []signer.Field{{Name: "ArgumentName", Value: "x-oss-a"}}}},
		{"a key that is not UTF-8", contentType, body(field("key", "\xff"), f), postform.Error{Status: 400,
			Code: "InvalidObjectName", Message: "The specified object is not valid.", Place: "field key",
			Err: postform.ErrKey}},

		{"a name of 11 bytes", contentType, body(field("abcdefghijk", ""), key, f), postform.Error{Status: 400,
			Code:    "FieldItemTooLong",
			Message: longName, EC: "0006-00000110", Place: `part 1 ("abcdefghijk")`, Details: max(10, 11),
			Err: postform.ErrFieldTooLarge}},
		{"filename*", contentType, body(key, fieldHead+`"file"; filename="f"; filename*=UTF-8''f`+"\r\n\r\nx"),
			postform.Error{Status: 400,
				Code: "FieldItemTooLong", Message: longName, EC: "0006-00000110", Place: `part 2 ("file")`,
				Details: max(10), Err: postform.ErrFieldTooLarge}},
		{"a header of more than 100 bytes", contentType, body(fieldHead+"a; x="+strings.Repeat("x", 100)+"\r\n\r\n", f),
			postform.Error{Status: 400, Code: "FieldItemTooLong", Message: longName, EC: "0006-00000110", Place: "part 1",
				Details: max(100), Err: postform.ErrFieldTooLarge}},
		{"a value of 9 bytes", contentType, body(key, field("b", "123456789"), f), postform.Error{Status: 400,
			Code:    "FieldItemTooLong",
			Message: "Your value of form field is too long.", Place: `part 2 ("b")`, Details: max(8),
			Err: postform.ErrFieldTooLarge}},
		{"21 bytes before the file", contentType, body(field("key", "12345"), field("b", "12345678"), field("c",
			"12345678"), f), postform.Error{Status: 400,
			Code: "MaxPOSTPreDataLengthExceededError", Message: longFields, EC: "0006-00000112", Place: `part 3 ("c")`,
			Err: postform.ErrTooManyFields}},
		{"four fields", contentType, body(key, field("b", ""), f, field("c", ""), field("d", "")),
			postform.Error{Status: 400,
				Code: "MaxPOSTPreDataLengthExceededError", Message: longFields, Place: `part 5 ("d")`,
				Err: postform.ErrTooManyFields}},
		{"a file of 6 bytes", contentType, body(key, file("f", "123456")), postform.Error{Status: 400,
			Code:    "EntityTooLarge",
			Message: tooLarge, EC: "0006-00000003", Place: `part 2 ("file")`, Details: max(5),
			Err: postform.ErrFileTooLarge}},
	} {
		t.Run(test.name, func(t *testing.T) {
			form, err := postform.Read(strings.NewReader(test.body), test.contentType, limits)
			refused(t, err, test.want)
			if form != nil {
				t.Error("a form beside the error")
			}
		})
	}
	// Each of the limits is reached here and passed by none.
	full := body(field("key", "1234"), field("abcdefghij", "12345678"), field("c", "12345678"), file("f", "12345"))
	if _, err := postform.Read(strings.NewReader(full), contentType, limits); err != nil {
		t.Error(err)
	}
}

// refused compares an error with what OSS answers, place and cause.
func refused(t *testing.T, err error, want postform.Error) {
	t.Helper()
	var e *postform.Error
	if !errors.As(err, &e) {
		t.Fatalf("got %v, want %s", err, want.Code)
	}
	if !errors.Is(err, want.Err) {
		t.Errorf("cause %v, want %v", e.Err, want.Err)
	}
	for _, part := range []string{want.Place, want.Err.Error(), want.Code, want.Message} {
		if !strings.Contains(err.Error(), part) {
			t.Errorf("%q does not mention %q", err, part)
		}
	}
	got := *e
	got.Err, want.Err, got.Hint, want.Hint = nil, nil, "", ""
	if diff := cmp.Diff(want, got); diff != "" {
		t.Errorf("(-want +got):\n%s", diff)
	}
}

func TestLongKey(t *testing.T) {
	long := strings.Repeat("é", 511)
	read(t, field("key", long+"a"), file("f", "x"))
	read(t, field("key", "${filename}"), file("d/"+long+"a", "x"))
	_, err := postform.Read(strings.NewReader(body(field("key", "b${filename}"), file("d/"+long+"a", "x"))),
		contentType, postform.Limits{})
	refused(t, err, postform.Error{Status: 400, Code: "InvalidObjectName",
		Message: "The Length of Object name must be less than 1024.", Place: "field key", Err: postform.ErrKey})
}
