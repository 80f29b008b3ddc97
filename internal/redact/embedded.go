package redact

import "strings"

// embedded is tokens whose mark stands within them.
type embedded struct {
	mark string
	// before and after are how many characters of the class stand around the mark.
	before, after int
	class         *class
	// lead, if any, is the class of what stands before the mark.
	lead *class
}

var embeddedTokens = []embedded{
	// Telegram's bots.
	{mark: ":AA", before: 8, after: 33, class: word, lead: decimals},
	{mark: "T3BlbkFJ", before: 20, after: 20, class: word},        // OpenAI.
	{mark: ".atlasv1.", before: 14, after: 40, class: base64Text}, // HCP Terraform.
	// New Relic's licences.
	{mark: "NRAL", before: 36, class: hex},
	{mark: "FFFFNRAL", before: 32, class: hex},
	{mark: "_mmk", before: 36, class: word}, // MaxMind.
	// Azure's keys: DevOps, functions, search, caches and the services that share a form.
	{mark: "AZDO", before: 76, after: 4, class: alnum},
	{mark: "JQQJ99", before: 40, after: 20, class: alnum},
	{mark: "AzFu", before: 44, after: 5, class: base64Text},
	{mark: "AzSe", before: 42, after: 5, class: alnum},
	{mark: "AzCa", before: 33, after: 5, class: alnum},
	// Azure's keys of 64 bytes: storage, batch, machine learning, API management, documents.
	{mark: "+ASt", before: 76, after: 6, class: base64Text},
	{mark: "+ABa", before: 76, after: 6, class: base64Text},
	{mark: "+AMC", before: 76, after: 6, class: base64Text},
	{mark: "APIM", before: 76, after: 6, class: base64Text},
	{mark: "ACDb", before: 76, after: 6, class: base64Text},
	// Azure's keys of 32 bytes: buses, hubs, relays, registries.
	{mark: "+ASb", before: 33, after: 6, class: base64Text},
	{mark: "+AEh", before: 33, after: 6, class: base64Text},
	{mark: "+ARm", before: 33, after: 6, class: base64Text},
	{mark: "+ACR", before: 42, after: 5, class: base64Text},
}

func embeddedTokenSigns() []sign {
	var list []sign
	for _, e := range embeddedTokens {
		list = append(list, sign{literal: e.mark, exact: true, secret: e.secret})
	}
	for _, digit := range []byte("0123456789") {
		// Mailchimp ends a key with the data centre.
		mailchimp := embedded{mark: "-us" + string(digit), before: 32, class: hex}
		list = append(list,
			sign{literal: mailchimp.mark, exact: true, secret: mailchimp.secret},
			sign{literal: string(digit) + "Q~", exact: true, secret: entraSecret})
	}
	// A Discord token begins with the number of its bot in base64, so with two of
	// ten pairs of letters.
	for _, pair := range []string{"MT", "Mj", "Mz", "ND", "NT", "Nj", "Nz", "OD", "OT"} {
		for _, third := range []byte("AEIMQUYcgk") {
			list = append(list, sign{literal: pair + string(third), exact: true, secret: discord})
		}
	}
	return list
}

func (e *embedded) secret(text string, at, end int) (Range, bool) {
	const longest = 100
	lead := e.lead
	if lead == nil {
		lead = e.class
	}
	start := runBack(text, at, longest, lead)
	if start > 0 && start < at && text[start-1] == '\\' && strings.IndexByte("nrt", text[start]) >= 0 {
		start++ // The escape of a line feed is no part of the token.
	}
	if at-start < e.before {
		return Range{}, false
	}
	r := Range{Start: start, End: run(text, end, e.class)}
	return r, r.End-end >= e.after
}

// entraSecret finds a client secret of Microsoft Entra: three characters, a
// digit, Q~ and 31 to 34 more.
func entraSecret(text string, at, end int) (Range, bool) {
	const before, least = 3, 31
	r := Range{Start: at - before, End: run(text, end, dottedTilde)}
	return r, r.Start >= 0 && r.End-end >= least
}

// discord finds a token of three parts: the number of a bot, a time and a signature.
func discord(text string, at, _ int) (Range, bool) {
	const longest = 40
	first := run(text[:min(len(text), at+longest)], at, word)
	if !begins(text, at) || first-at < 23 || first == len(text) || text[first] != '.' {
		return Range{}, false
	}
	second := run(text[:min(len(text), first+longest)], first+1, word)
	if second-first-1 < 5 || second-first-1 > 7 || second == len(text) || text[second] != '.' {
		return Range{}, false
	}
	end := run(text, second+1, word)
	return Range{Start: at, End: end}, end-second > 25
}
