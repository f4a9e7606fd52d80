package signer

// The package keeps to UTC seconds and two spellings, so a calendar of its own is shorter than the time package's
// weight in a WebAssembly module.

// parseTime reads a time such as 20250417T131318Z and returns it in seconds since 1970.
func parseTime(s string) (unix int64, ok bool) {
	if len(s) != len("20060102T150405Z") || s[8] != 'T' || s[15] != 'Z' {
		return 0, false
	}
	days, ok := parseDate(s[:8])
	if !ok {
		return 0, false
	}
	clock, ok := parseClock(s[9:11], s[11:13], s[13:15])
	return days*86400 + clock, ok
}

// parseDate reads a date such as 20250417 and returns it in days since 1970.
func parseDate(s string) (days int64, ok bool) {
	if len(s) != 8 {
		return 0, false
	}
	year, ok1 := digits(s[:4])
	month, ok2 := digits(s[4:6])
	day, ok3 := digits(s[6:])
	if !ok1 || !ok2 || !ok3 || month < 1 || month > 12 || day < 1 || day > daysIn(year, month) {
		return 0, false
	}
	return daysSinceEpoch(year, month, day), true
}

func parseClock(hour, minute, second string) (seconds int64, ok bool) {
	h, ok1 := digits(hour)
	m, ok2 := digits(minute)
	s, ok3 := digits(second)
	return h*3600 + m*60 + s, ok1 && ok2 && ok3 && h < 24 && m < 60 && s < 60
}

const (
	weekdayNames = "ThuFriSatSunMonTueWed" // from 1970-01-01, a Thursday
	monthNames   = "JanFebMarAprMayJunJulAugSepOctNovDec"
)

// parseHTTPDate reads the form of time that RFC 9110 wants in a Date header, Thu, 17 Apr 2025 13:13:18 GMT.
func parseHTTPDate(s string) (unix int64, ok bool) {
	if len(s) != len("Mon, 02 Jan 2006 15:04:05 GMT") || s[3:5] != ", " || s[7] != ' ' || s[11] != ' ' ||
		s[16] != ' ' || s[19] != ':' || s[22] != ':' || s[25:] != " GMT" {
		return 0, false
	}
	day, ok1 := digits(s[5:7])
	year, ok2 := digits(s[12:16])
	clock, ok3 := parseClock(s[17:19], s[20:22], s[23:25])
	for month := int64(1); month <= 12; month++ {
		if monthNames[3*month-3:3*month] != s[8:11] {
			continue
		}
		if !ok1 || !ok2 || !ok3 || day < 1 || day > daysIn(year, month) {
			return 0, false
		}
		days := daysSinceEpoch(year, month, day)
		weekday := (days%7 + 7) % 7
		return days*86400 + clock, weekdayNames[3*weekday:3*weekday+3] == s[:3]
	}
	return 0, false
}

func digits(s string) (n int64, ok bool) {
	for i := range len(s) {
		if s[i] < '0' || s[i] > '9' {
			return 0, false
		}
		n = n*10 + int64(s[i]-'0')
	}
	return n, true
}

func daysIn(year, month int64) int64 {
	switch {
	case month == 2 && year%4 == 0 && (year%100 != 0 || year%400 == 0):
		return 29
	case month == 2:
		return 28
	case month == 4, month == 6, month == 9, month == 11:
		return 30
	}
	return 31
}

// daysSinceEpoch counts in years that begin in March, so that the leap day is the last of its year.
func daysSinceEpoch(year, month, day int64) int64 {
	if month <= 2 {
		year, month = year-1, month+12
	}
	// One cycle of 400 years ahead, because January of the year 0 is in the year -1 here and division rounds to zero.
	y := year + 400
	return 365*y + y/4 - y/100 + y/400 + (153*(month-3)+2)/5 + day - 1 - 719468 - 146097
}

// date is the inverse of daysSinceEpoch.
func date(days int64) (year, month, day int64) {
	days += 719468 + 146097
	era := days/146097 - 1
	dayOfEra := days % 146097
	yearOfEra := (dayOfEra - dayOfEra/1460 + dayOfEra/36524 - dayOfEra/146096) / 365
	dayOfYear := dayOfEra - (365*yearOfEra + yearOfEra/4 - yearOfEra/100)
	shifted := (5*dayOfYear + 2) / 153
	year, month, day = yearOfEra+era*400, shifted+3, dayOfYear-(153*shifted+2)/5+1
	if month > 12 {
		year, month = year+1, month-12
	}
	return year, month, day
}

// appendTime writes a time from the years 0 to 9999 as it is signed, 20250417T131318Z.
func appendTime(dst []byte, unix int64) []byte { return appendClock(dst, unix, "", "", "Z") }

// appendServerTime writes a time as OSS does in an error, 2025-04-17T13:13:18.000Z.
func appendServerTime(dst []byte, unix int64) []byte {
	return appendClock(dst, unix, "-", ":", ".000Z")
}

func appendClock(dst []byte, unix int64, dash, colon, end string) []byte {
	days, clock := unix/86400, unix%86400
	if clock < 0 {
		days, clock = days-1, clock+86400
	}
	year, month, day := date(days)
	dst = appendTwo(appendTwo(dst, year/100), year%100)
	dst = appendTwo(append(dst, dash...), month)
	dst = appendTwo(append(dst, dash...), day)
	dst = appendTwo(append(dst, 'T'), clock/3600)
	dst = appendTwo(append(dst, colon...), clock/60%60)
	dst = appendTwo(append(dst, colon...), clock%60)
	return append(dst, end...)
}

func appendTwo(dst []byte, n int64) []byte { return append(dst, byte('0'+n/10), byte('0'+n%10)) }
