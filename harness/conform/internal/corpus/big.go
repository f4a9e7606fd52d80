package corpus

import (
	"bytes"
	"strings"
)

// The limits of the operations, near which some inputs lie.
const (
	maxDocument = 64 << 10
	maxRequest  = 1 << 20
	maxDepth    = 32
)

// boundary returns a size just under, at or just over a limit.
func boundary(r *random, limit int) int { return limit + r.between(-2, 2) }

// sized lengthens b to size bytes with copies of filler.
func sized(r *random, filler []byte, size int) []byte {
	return bytes.Repeat(filler, size/len(filler)+1)[:size]
}

// bigDocument is a document of about 64 KiB, or in one case of eight 1 MiB, that nothing but its size may make wrong.
func bigDocument(r *random) []byte {
	size := boundary(r, maxDocument)
	if r.percent(12) {
		size = boundary(r, maxRequest)
	}
	if r.percent(50) {
		return fillTo(size, "<HttpsConfiguration>", pick(r,
			"\n", " ", "<!-- a comment to fill the room -->", "<Later>true</Later>", "<Later a=\"1\"/>", "<Later><Deeper/></Later>"),
			"</HttpsConfiguration>")
	}
	if r.percent(50) {
		return fillTo(size, `{"TLS":{"Enable":true,"TLSVersion":["TLSv1.2"`, pick(r, `,"TLSv1.2"`, "\n", `,"\u0054\u004c\u0053"`, `,"é"`), `]}}`)
	}
	return fillTo(size, `{"TLS":{"Enable":true},"Later":"`, pick(r, "a", "漢", `\ud83d\ude00`, `\n`), `"}`)
}

// fillTo repeats filler between head and tail up to size bytes, and makes up with blanks before tail what is left.
func fillTo(size int, head, filler, tail string) []byte {
	room := size - len(head) - len(tail)
	blanks := ""
	if !strings.HasSuffix(tail, `"}`) {
		blanks = strings.Repeat(" ", room%len(filler))
	}
	return []byte(head + strings.Repeat(filler, room/len(filler)) + blanks + tail)
}

// deepDocument is nested as deep as is allowed, a little deeper, or as deep as a stack overflow takes.
func deepDocument(r *random) []byte {
	depth := maxDepth + r.between(-3, 3)
	if r.percent(10) {
		depth = pick(r, 1000, 5000)
	}
	if r.percent(50) {
		name := pick(r, "a", "Later", "TLS")
		inner := strings.Repeat("<"+name+">", depth) + strings.Repeat("</"+name+">", depth)
		if r.percent(20) {
			inner = inner[:len(inner)/2] // never closed
		}
		return []byte("<HttpsConfiguration>" + inner + "</HttpsConfiguration>")
	}
	open, end := "[", "]"
	if r.percent(50) {
		open, end = `{"a":`, "}"
	}
	inner := strings.Repeat(open, depth) + "1" + strings.Repeat(end, depth)
	if r.percent(20) {
		inner = strings.Repeat(open, depth)
	}
	return []byte(`{"TLS":{"Enable":false},"Later":` + inner + "}")
}
