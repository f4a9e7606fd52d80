package signer

import (
	"net/http"
	"strconv"
	"strings"
	"testing"
	"time"
)

// Every day that four digits can write, against package time.
func TestDates(t *testing.T) {
	day := time.Date(0, 1, 1, 0, 0, 0, 0, time.UTC)
	first := day.Unix() / 86400
	last := time.Date(9999, 12, 31, 0, 0, 0, 0, time.UTC).Unix() / 86400
	for days := first; days <= last; days++ {
		y, m, d := time.Unix(days*86400, 0).UTC().Date()
		if year, month, dom := date(days); year != int64(y) || month != int64(m) || dom != int64(d) {
			t.Fatalf("day %d is %d-%d-%d, want %d-%d-%d", days, year, month, dom, y, m, d)
		}
		if got := daysSinceEpoch(int64(y), int64(m), int64(d)); got != days {
			t.Fatalf("%d-%d-%d is day %d, want %d", y, m, d, got, days)
		}
	}
}

// Every month and day that two digits can write, valid or not.
func TestParseDate(t *testing.T) {
	for _, year := range []int{0, 1, 4, 100, 400, 1900, 1969, 1970, 1996, 2000, 2023, 2024, 2025, 2100, 9999} {
		for month := range 100 {
			for day := range 100 {
				s := strconv.Itoa(10000 + year)[1:] + strconv.Itoa(100 + month)[1:] + strconv.Itoa(100 + day)[1:]
				want, err := time.Parse("20060102", s)
				days, ok := parseDate(s)
				if ok != (err == nil) || ok && days*86400 != want.Unix() {
					t.Fatalf("%s: %d, %v; package time: %v, %v", s, days, ok, want, err)
				}
			}
		}
	}
}

// Every second of a day, in the three forms that are written or read.
func TestClock(t *testing.T) {
	start := time.Date(2024, 2, 29, 0, 0, 0, 0, time.UTC)
	for second := range 86400 {
		when := start.Add(time.Duration(second) * time.Second)
		iso, server, header := when.Format("20060102T150405Z"), when.Format("2006-01-02T15:04:05.000Z"), when.Format(http.TimeFormat)
		if got := string(appendTime(nil, when.Unix())); got != iso {
			t.Fatalf("%s, want %s", got, iso)
		}
		if got := serverTime(when.Unix()); got != server {
			t.Fatalf("%s, want %s", got, server)
		}
		for s, parse := range map[string]func(string) (int64, bool){iso: parseTime, header: parseHTTPDate} {
			if got, ok := parse(s); !ok || got != when.Unix() {
				t.Fatalf("%s: %d, %v, want %d", s, got, ok, when.Unix())
			}
		}
	}
	if got := serverTime(-1); got != "1969-12-31T23:59:59.000Z" {
		t.Errorf("the second before 1970 is %s", got)
	}
}

func TestHTTPDates(t *testing.T) {
	day := time.Date(1900, 1, 1, 23, 59, 58, 0, time.UTC)
	for ; day.Year() < 2200; day = day.AddDate(0, 0, 1) {
		s := day.Format(http.TimeFormat)
		if got, ok := parseHTTPDate(s); !ok || got != day.Unix() {
			t.Fatalf("%s: %d, %v, want %d", s, got, ok, day.Unix())
		}
	}
}

// A changed byte is refused or is another time.
func TestTimeMutations(t *testing.T) {
	const iso, header = "20250417T131318Z", "Thu, 17 Apr 2025 13:13:18 GMT"
	tests := []struct {
		text   string
		parse  func(string) (int64, bool)
		layout string
	}{{iso, parseTime, "20060102T150405Z"}, {header, parseHTTPDate, http.TimeFormat}}
	for _, tt := range tests {
		for i := range tt.text {
			for c := range 256 {
				s := tt.text[:i] + string([]byte{byte(c)}) + tt.text[i+1:]
				want, err := time.Parse(tt.layout, s)
				// package time does not compare the weekday and reads names in any case
				strict := err == nil && want.Format(tt.layout) == s
				if got, ok := tt.parse(s); ok != strict || ok && got != want.Unix() {
					t.Errorf("%q: %d, %v; package time: %v, %v", s, got, ok, want, err)
				}
			}
		}
		for _, s := range []string{"", " ", tt.text + " ", " " + tt.text, tt.text[1:], tt.text[:len(tt.text)-1], strings.ToLower(tt.text)} {
			if _, ok := tt.parse(s); ok {
				t.Errorf("%q is accepted", s)
			}
		}
	}
}

func FuzzTime(f *testing.F) {
	f.Add("20250417T131318Z")
	f.Add("Thu, 17 Apr 2025 13:13:18 GMT")
	f.Add("2025-04-17T13:13:18.000Z")
	f.Fuzz(func(t *testing.T, s string) {
		if got, ok := parseTime(s); ok {
			if want, err := time.Parse("20060102T150405Z", s); err != nil || want.Unix() != got || string(appendTime(nil, got)) != s {
				t.Errorf("%q is %d, package time: %v, %v", s, got, want, err)
			}
		}
		if got, ok := parseHTTPDate(s); ok {
			if want, err := time.Parse(http.TimeFormat, s); err != nil || want.Unix() != got {
				t.Errorf("%q is %d, package time: %v, %v", s, got, want, err)
			}
		}
		if got, ok := parseExpiration(s); ok {
			if want, err := time.Parse("2006-01-02T15:04:05.999999999Z", s); err != nil && len(s) < 31 || err == nil && want.Unix() != got {
				t.Errorf("%q is %d, package time: %v, %v", s, got, want, err)
			}
		}
	})
}
