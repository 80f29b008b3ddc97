package redact

import "strings"

// family is tokens that begin with one of some literals and go on with a run of
// a class of characters. Nearly every vendor gives its tokens such a prefix
// now, so that they are found where they leak.
type family struct {
	prefixes string
	class    *class
	// least is how long the run is, in bytes. It is below the real length, since
	// a message may cut a token short.
	least int
	// most, if any, is the length of a run that is another thing when longer.
	most int
	// place says that the literal tells where the secret stands, and is none.
	place bool
	// masked says that vendors print these tokens with their middle left out.
	masked bool
	// header says that a dot ends the first part.
	header bool
}

var families = []family{
	// Inference.
	{prefixes: "sk-proj- sk-svcacct- sk-admin- sk-ant- sk-or-v1- sk-lf- pk-lf-", class: word, least: 12, masked: true},
	{prefixes: "sk-", class: word, least: 16, masked: true},
	{prefixes: "sess- csk- fw_ gsk_ hf_ api_org_ xai- r8_ pplx- tvly- e2b_ fc-", class: alnum, least: 20},
	{prefixes: "nvapi- lsv2_pt_ lsv2_sk_ pcsk_ jina_ tgp_v1_ wandb_v1_", class: word, least: 20},
	{prefixes: "AIza ya29. GOCSPX- 1//0", class: dotted, least: 20},
	// Payments.
	{prefixes: "sk_live_ sk_test_ sk_prod_ rk_live_ rk_test_ rk_prod_ pk_live_ pk_test_ whsec_", class: base64Text, least: 10},
	{prefixes: "sk_ rk_", class: alnum, least: 24},
	{prefixes: "sq0atp- sq0csp- sq0idp- EAAA EAAl rzp_live_ rzp_test_ FLWSECK- FLWSECK_TEST- access_token$production$", class: word, least: 12},
	{prefixes: "access-sandbox- access-development- access-production- duffel_live_ duffel_test_ shippo_live_ shippo_test_", class: word, least: 20},
	{prefixes: "shpat_ shpca_ shppa_ shpss_ shptka_ shpua_", class: hex, least: 16},
	// Clouds and platforms.
	{prefixes: "AKIA ASIA ABIA ACCA AROA AIDA AGPA ANPA A3T", class: upperAlnum, least: 16, most: 17},
	{prefixes: "FwoGZXIvYXdz IQoJb3JpZ2luX2Vj", class: base64Text, least: 40},
	{prefixes: "LTAI AKID AQVN", class: alnum, least: 12},
	{prefixes: "ABSK", class: base64Text, least: 40},
	{prefixes: "dop_v1_ doo_v1_ dor_v1_ sbp_ pul-", class: hex, least: 20},
	{prefixes: "sb_secret_ sb_publishable_ AVNS_ CCDB1_ mdb_sa_sk_ HRKU-AA fo1_", class: word, least: 12},
	{prefixes: "npg_", class: alnum, least: 10},
	{prefixes: "napi_ nfp_ nfc_ rnd_", class: alnum, least: 24},
	{prefixes: "v1.0-", class: hexDashed, least: 100},
	{prefixes: "pscale_tkn_ pscale_pw_ pscale_oauth_ tskey-auth- tskey-api- tskey-client-", class: dotted, least: 20},
	{prefixes: "fm1a_ fm1r_ fm2_ FlyV1 vercel_blob_rw_", class: base64Text, least: 20},
	{prefixes: "dapi dkea dose", class: hex, least: 32},
	{prefixes: "hvs. hvb. hvr. dp.pt. dp.st. dp.ct. dp.sa. dp.scim. sha256~ ops_eyJ", class: tokenText, least: 20},
	{prefixes: "AGE-SECRET-KEY-1 A3-", class: upperDash, least: 24},
	{prefixes: "CLOJARS_ PMAK-", class: word, least: 32},
	// Code and packages.
	{prefixes: "ghp_ gho_ ghu_ ghs_ ghr_ github_pat_", class: word, least: 16},
	{prefixes: "glpat- gldt- glrt- glrtr- glcbt- glptt- glft- glimt- glagent- gloas- glsoat- glffct- glwt- GR1348941", class: dotted, least: 16},
	{prefixes: "ATATT ATBB ATCTT ATSTT AKCp cmVmd CCIPAT_ CCIPRJ_", class: base64Text, least: 20},
	{prefixes: "npm_ oy2 cio", class: alnum, least: 30},
	{prefixes: "pypi-AgE dckr_pat_ dckr_oat_ rubygems_ bkua_ sgp_ slk_ sqp_ squ_ sqa_ sntrys_ sntryu_ sntryi_", class: base64Text, least: 20},
	{prefixes: "pnu_ pnb_ ico- rdme_ tk-us- fio-u- p8e- figd_ tfp_ CFPAT- lin_api_ lin_oauth_ ntn_", class: word, least: 24},
	{prefixes: "secret_", class: alnum, least: 40},
	{prefixes: "API-", class: upperAlnum, least: 26, most: 26},
	// Messages.
	{prefixes: "xoxa- xoxb- xoxc- xoxd- xoxe- xoxe. xoxo- xoxp- xoxr- xoxs- xapp-", class: dotted, least: 10},
	{prefixes: "SG. xkeysib- xsmtpsib- pat-na1- pat-eu1- sl.u.", class: dotted, least: 20},
	{prefixes: "re_", class: word, least: 30},
	{prefixes: "key- pubkey-", class: hex, least: 32, most: 32},
	{prefixes: "EAAC EAAM EAAG EAAB EZAK EZTK", class: alnum, least: 32},
	{prefixes: "hooks.slack.com/services/ hooks.slack.com/workflows/ hooks.slack.com/triggers/ hooks.zapier.com/hooks/catch/ " +
		"discord.com/api/webhooks/ discordapp.com/api/webhooks/ webhook.office.com/webhookb2/", class: pathText, least: 8, place: true},
	// Observability.
	{prefixes: "glsa_ glc_ eyJrIjoi NRAK- NRII- NRIQ- NRAA- NRRA- NRBR- NRJS- hcaik_ hcalk_ hcxik_ hcxlk_ xaat- xapt-", class: base64Text, least: 16},
	{prefixes: "dt0c01. dt0s01. dt0s02. dt0s16.", class: dotted, least: 20},
	// JSON web tokens, which also Mapbox, Kubernetes and Supabase have.
	{prefixes: "eyJ", class: tokenText, least: 16, header: true},
}

func tokenSigns() []sign {
	list := []sign{
		{literal: "AKIA", exact: true, secret: keyPair},
		{literal: "ASIA", exact: true, secret: keyPair},
	}
	for _, f := range families {
		for prefix := range strings.FieldsSeq(f.prefixes) {
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
	if f.header {
		head := text[end:run(text[:min(len(text), end+maxHeader)], end, f.class)]
		if !strings.Contains(head, ".") {
			return Range{}, false
		}
	}
	if f.most > 0 && run(text[:min(len(text), end+f.most+1)], end, f.class)-end > f.most {
		return Range{}, false
	}
	judged := text[end:run(text[:min(len(text), end+maxJudged)], end, f.class)]
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
	length := r.End - end
	if f.place {
		r.Start = end
	}
	return r, length >= f.least
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
			return Range{Start: at, End: run(text, end, word)}, true
		}
	}
	return Range{}, false
}

// keyPair finds the secret of AWS that follows the id of its key.
func keyPair(text string, at, _ int) (Range, bool) {
	const idLength, farthest, secretLength = 20, 32, 40
	id := run(text[:min(len(text), at+idLength+1)], at, upperAlnum)
	if id != at+idLength || !begins(text, at) {
		return Range{}, false
	}
	for i := id; i < min(len(text), id+farthest) && text[i] != '\n'; i++ {
		if !base64Text[text[i]] {
			continue
		}
		end := run(text[:min(len(text), i+secretLength+1)], i, base64Text)
		if end-i == secretLength && random(text[i:end]) {
			return Range{Start: at, End: end}, true
		}
		i = end
	}
	return Range{}, false
}

func twilio(text string, at, _ int) (Range, bool) {
	const digits = 32
	end := run(text, at+2, hex)
	return Range{Start: at, End: end}, begins(text, at) && end == at+2+digits && (end == len(text) || !alnum[text[end]])
}
