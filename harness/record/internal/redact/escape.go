package redact

import "strconv"

// maxEscapes is how often a value may be escaped on top of another.
const maxEscapes = 3

// unit returns the byte that text spells at i, escaped up to depth times for a URL (%2B), XML (&#43;) or JSON (\u002b,
// \/), and where the next one begins.
func unit(text []byte, i, depth int) (c byte, next int, ok bool) {
	if depth == 0 {
		if i >= len(text) {
			return 0, i, false
		}
		return text[i], i + 1, true
	}
	c, next, ok = unit(text, i, depth-1)
	if !ok {
		return 0, i, false
	}
	var escaped byte
	var end int
	switch c {
	case '%':
		escaped, end, ok = hexadecimal(text, next, depth-1, 2)
	case '&':
		escaped, end, ok = entity(text, next, depth-1)
	case '\\':
		escaped, end, ok = backslash(text, next, depth-1)
	default:
		return c, next, true
	}
	if ok {
		return escaped, end, true
	}
	return c, next, true
}

// hexadecimal reads so many digits that stand for one byte.
func hexadecimal(text []byte, i, depth, digits int) (c byte, end int, ok bool) {
	value := 0
	for range digits {
		d, next, ok := unit(text, i, depth)
		n, err := strconv.ParseUint(string(d), 16, 8)
		if !ok || err != nil || d >= 0x80 {
			return 0, i, false
		}
		value, i = value<<4|int(n), next
	}
	return byte(value), i, value < 0x80
}

// entity reads what stands between an ampersand and a semicolon.
func entity(text []byte, i, depth int) (c byte, end int, ok bool) {
	var name []byte
	for {
		d, next, ok := unit(text, i, depth)
		if !ok || len(name) > 8 {
			return 0, i, false
		}
		i = next
		if d == ';' {
			break
		}
		if d != '#' && !isWord(d) { // which is also what keeps a text of nothing but ampersands cheap
			return 0, i, false
		}
		name = append(name, d)
	}
	switch s := string(name); {
	case s == "amp":
		return '&', i, true
	case s == "lt":
		return '<', i, true
	case s == "gt":
		return '>', i, true
	case s == "quot":
		return '"', i, true
	case s == "apos":
		return '\'', i, true
	case len(s) > 2 && s[0] == '#' && lower(s[1]) == 'x':
		n, err := strconv.ParseUint(s[2:], 16, 7)
		return byte(n), i, err == nil
	case len(s) > 1 && s[0] == '#':
		n, err := strconv.ParseUint(s[1:], 10, 7)
		return byte(n), i, err == nil
	}
	return 0, i, false
}

// backslash reads what JSON writes behind a backslash.
func backslash(text []byte, i, depth int) (c byte, end int, ok bool) {
	d, next, ok := unit(text, i, depth)
	switch {
	case !ok:
		return 0, i, false
	case d == 'u':
		return hexadecimal(text, next, depth, 4)
	case d == '/', d == '\\', d == '"':
		return d, next, true
	}
	return 0, i, false
}
