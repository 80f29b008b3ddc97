package redact

// accountLengths are the lengths of international bank account numbers by
// country, from the registry of ISO 13616.
var accountLengths = map[string]int{
	"AD": 24, "AE": 23, "AL": 28, "AT": 20, "AZ": 28, "BA": 20, "BE": 16, "BG": 22, "BH": 22, "BR": 29, "BY": 28, "CH": 21,
	"CR": 22, "CY": 28, "CZ": 24, "DE": 22, "DK": 18, "DO": 28, "EE": 20, "EG": 29, "ES": 24, "FI": 18, "FO": 18, "FR": 27,
	"GB": 22, "GE": 22, "GI": 23, "GL": 18, "GR": 27, "GT": 28, "HR": 21, "HU": 28, "IE": 22, "IL": 23, "IQ": 23, "IS": 26,
	"IT": 27, "JO": 30, "KW": 30, "KZ": 20, "LB": 28, "LI": 21, "LT": 20, "LU": 20, "LV": 21, "MC": 27, "MD": 24, "ME": 22,
	"MK": 19, "MR": 27, "MT": 31, "MU": 30, "NL": 18, "NO": 15, "PK": 24, "PL": 28, "PS": 29, "PT": 25, "QA": 29, "RO": 24,
	"RS": 22, "SA": 24, "SE": 24, "SI": 19, "SK": 24, "SM": 27, "TN": 24, "TR": 26, "UA": 29, "VA": 22, "VG": 24, "XK": 20,
}

func accountSigns() []sign {
	var list []sign
	for country := range accountLengths {
		for digit := range byte(10) {
			list = append(list, sign{literal: country + string('0'+digit), exact: true, secret: account})
		}
	}
	return list
}

// account finds an international bank account number, in one or in groups of four.
func account(text string, at, _ int) (Range, bool) {
	length := accountLengths[text[at:at+2]]
	if !begins(text, at) || at+length > len(text) {
		return Range{}, false
	}
	grouped := text[at+4] == ' '
	remainder, read, end := 0, 0, at
	// The check runs over the number with its first four characters at the end.
	var number [34]byte
	for ; end < len(text) && read < length; end++ {
		if grouped && text[end] == ' ' && read%4 == 0 && text[end-1] != ' ' {
			continue
		}
		if !upperAlnum[text[end]] {
			return Range{}, false
		}
		number[(read+length-4)%length] = text[end]
		read++
	}
	if read < length || end < len(text) && alnum[text[end]] {
		return Range{}, false
	}
	for _, c := range number[:length] {
		if isDigit(c) {
			remainder = (remainder*10 + int(c-'0')) % 97
		} else {
			remainder = (remainder*100 + int(c-'A') + 10) % 97
		}
	}
	return Range{Start: at, End: end}, remainder == 1
}
