package redact

import "strings"

// family is tokens that begin with one of some literals and go on with a run of
// a class of characters. Nearly every vendor gives its tokens such a prefix
// now, so that they are found where they leak.
type family struct {
	prefixes string
	class    func(byte) bool
	// least is how long the run is, in bytes. It is below the real length, since
	// a message may cut a token short.
	least int
	// masked says that vendors print these tokens with their middle left out.
	masked bool
}

var families = []family{
	// Inference.
	{prefixes: "sk-proj- sk-svcacct- sk-admin- sk-ant- sk-or-v1- sk-lf- pk-lf-", class: isWord, least: 12, masked: true},
	{prefixes: "sk-", class: isWord, least: 16, masked: true},
	{prefixes: "sess- csk- fw_ gsk_ hf_ api_org_ xai- r8_ pplx- tvly- e2b_ fc-", class: isAlnum, least: 20},
	{prefixes: "nvapi- lsv2_pt_ lsv2_sk_ pcsk_ jina_ tgp_v1_ wandb_v1_", class: isWord, least: 20},
	{prefixes: "AIza ya29. GOCSPX- 1//0", class: isDotted, least: 20},
	// Payments.
	{prefixes: "sk_live_ sk_test_ sk_prod_ rk_live_ rk_test_ rk_prod_ pk_live_ pk_test_ whsec_", class: isBase64, least: 10},
	{prefixes: "sk_ rk_", class: isAlnum, least: 24},
	{prefixes: "sq0atp- sq0csp- sq0idp- EAAA EAAl rzp_live_ rzp_test_ FLWSECK- FLWSECK_TEST- access_token$production$", class: isWord, least: 12},
	{prefixes: "access-sandbox- access-development- access-production- duffel_live_ duffel_test_ shippo_live_ shippo_test_", class: isWord, least: 20},
	{prefixes: "shpat_ shpca_ shppa_ shpss_ shptka_ shpua_", class: isHex, least: 16},
	// Clouds and platforms.
	{prefixes: "AKIA ASIA ABIA ACCA AROA AIDA AGPA ANPA A3T", class: isUpperAlnum, least: 12},
	{prefixes: "LTAI AKID AQVN", class: isAlnum, least: 12},
	{prefixes: "ABSK", class: isBase64, least: 40},
	{prefixes: "dop_v1_ doo_v1_ dor_v1_", class: isHex, least: 20},
	{prefixes: "sbp_ sb_secret_ sb_publishable_ napi_ npg_ AVNS_ CCDB1_ mdb_sa_sk_ nfp_ nfc_ rnd_ HRKU-AA fo1_", class: isWord, least: 12},
	{prefixes: "pscale_tkn_ pscale_pw_ pscale_oauth_ pul- tskey-auth- tskey-api- tskey-client- v1.0-", class: isDotted, least: 20},
	{prefixes: "fm1a_ fm1r_ fm2_ FlyV1 vercel_blob_rw_", class: isBase64, least: 20},
	{prefixes: "dapi dkea dose", class: isHex, least: 32},
	{prefixes: "hvs. hvb. hvr. dp.pt. dp.st. dp.ct. dp.sa. dp.scim. sha256~ ops_eyJ", class: isTokenText, least: 20},
	{prefixes: "AGE-SECRET-KEY-1 A3-", class: func(c byte) bool { return isUpperAlnum(c) || c == '-' }, least: 24},
	{prefixes: "CLOJARS_ PMAK- LTAI5t 4b1d", class: isWord, least: 32},
	// Code and packages.
	{prefixes: "ghp_ gho_ ghu_ ghs_ ghr_ github_pat_", class: isWord, least: 16},
	{prefixes: "glpat- gldt- glrt- glrtr- glcbt- glptt- glft- glimt- glagent- gloas- glsoat- glffct- glwt- GR1348941", class: isDotted, least: 16},
	{prefixes: "ATATT ATBB ATCTT ATSTT AKCp cmVmd CCIPAT_ CCIPRJ_", class: isBase64, least: 20},
	{prefixes: "npm_", class: isAlnum, least: 20},
	{prefixes: "pypi-AgE dckr_pat_ dckr_oat_ rubygems_ oy2 cio bkua_ sgp_ slk_ sqp_ squ_ sqa_ sntrys_ sntryu_ sntryi_", class: isBase64, least: 20},
	{prefixes: "pnu_ pnb_ ico- rdme_ tk-us- fio-u- p8e- figd_ tfp_ CFPAT- lin_api_ lin_oauth_ secret_ ntn_ API-", class: isWord, least: 24},
	// Messages.
	{prefixes: "xoxa- xoxb- xoxc- xoxd- xoxe- xoxe. xoxo- xoxp- xoxr- xoxs- xapp-", class: isDotted, least: 10},
	{prefixes: "SG. xkeysib- xsmtpsib- pat-na1- pat-eu1- sl.u. re_", class: isDotted, least: 20},
	{prefixes: "key- EAAC EAAM EAAG EAAB EZAK EZTK", class: isAlnum, least: 32},
	{prefixes: "hooks.slack.com/services/ hooks.slack.com/workflows/ hooks.slack.com/triggers/ hooks.zapier.com/hooks/catch/ " +
		"discord.com/api/webhooks/ discordapp.com/api/webhooks/ webhook.office.com/webhookb2/", class: func(c byte) bool { return isBase64(c) || c == '@' }, least: 8},
	// Observability.
	{prefixes: "glsa_ glc_ eyJrIjoi NRAK- NRII- NRIQ- NRAA- NRRA- NRBR- NRJS- hcaik_ hcalk_ hcxik_ hcxlk_ xaat- xapt-", class: isBase64, least: 16},
	{prefixes: "dt0c01. dt0s01. dt0s02. dt0s16.", class: isDotted, least: 20},
	// JSON web tokens, which also Mapbox, Kubernetes and Supabase have.
	{prefixes: "eyJ", class: isTokenText, least: 16},
}

func tokenSigns() []sign {
	var list []sign
	for _, f := range families {
		for _, prefix := range strings.Fields(f.prefixes) {
			list = append(list, sign{literal: prefix, exact: true, secret: f.secret})
		}
	}
	for _, digit := range []byte("0123456789abcdef") {
		// The SIDs of Twilio's keys and accounts.
		for _, kind := range []string{"SK", "AC"} {
			list = append(list, sign{literal: kind + string(digit), exact: true, secret: twilio})
		}
	}
	return list
}

// maxHeader bounds the search for the dot after the header of a JSON web
// token, in bytes. One with a certificate in it is that long.
const maxHeader = 1 << 10

func (f family) secret(text string, at, end int) (Range, bool) {
	if !begins(text, at) {
		return Range{}, false
	}
	judged := text[end:run(text[:min(len(text), end+maxHeader)], end, f.class)]
	if text[at:end] == "eyJ" && !strings.Contains(judged, ".") {
		return Range{}, false
	}
	judged = judged[:min(len(judged), maxJudged)]
	if f.masked {
		if masked, ok := maskedToken(text, at, end+len(judged)); ok {
			return masked, true
		}
	}
	if isWords(judged) {
		return Range{}, false
	}
	r := Range{Start: at, End: run(text, end, f.class)}
	for r.End > end && (text[r.End-1] == '.' || text[r.End-1] == '-') {
		r.End--
	}
	return r, r.End-end >= f.least
}

// isWords holds for what is made of small letters alone, as names that happen
// to begin like a token are.
func isWords(given string) bool {
	for _, c := range []byte(given) {
		if isDigit(c) || isUpper(c) {
			return false
		}
	}
	return true
}

// maskedToken finds a token whose middle the vendor replaced by asterisks or
// dots: the ends still help to guess it.
func maskedToken(text string, at, middle int) (Range, bool) {
	from := middle
	for from > at && text[from-1] == '.' {
		from--
	}
	end := from
	for end < len(text) {
		switch {
		case text[end] == '*' || text[end] == '.':
			end++
		case strings.HasPrefix(text[end:], "…"), strings.HasPrefix(text[end:], "•"):
			end += len("…")
		default:
			if rest := text[from:end]; rest == "" || rest == "." || rest == "*" {
				return Range{}, false
			}
			return Range{Start: at, End: run(text, end, isWord)}, true
		}
	}
	return Range{}, false
}

func twilio(text string, at, _ int) (Range, bool) {
	const digits = 32
	end := run(text, at+2, isHex)
	return Range{Start: at, End: end}, begins(text, at) && end == at+2+digits && (end == len(text) || !isAlnum(text[end]))
}
