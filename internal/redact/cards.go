package redact

import (
	"slices"
	"strconv"
	"strings"
)

// shortestCard is the number of digits of the shortest card number looked for.
const shortestCard = 14

// appendCards adds card numbers. All of the characters of one are digits or
// separators, so that one other character rules out all places before it.
func appendCards(found []Range, text string) []Range {
	for at := 0; at+shortestCard <= len(text); {
		other := at + shortestCard - 1
		for other >= at && cardText[text[other]] {
			other--
		}
		if other >= at {
			at = other + 1
			continue
		}
		if r, ok := card(text, at); ok {
			found = append(found, r)
			at = r.End
			continue
		}
		at++
	}
	return found
}

var cardText = classOf([]string{"09"}, " -")

// card reads a card number at a place: its digits in one, or in the groups that
// cards are printed with.
func card(text string, at int) (Range, bool) {
	if !isDigit(text[at]) || at > 0 && (dotted[text[at-1]] || text[at-1] == '+') {
		return Range{}, false
	}
	end := run(text, at, decimals)
	digits := text[at:end]
	if len(digits) == 4 && end < len(text) && (text[end] == ' ' || text[end] == '-') {
		digits, end = cardGroups(text, at, text[end])
	}
	if end < len(text) && (word[text[end]] && text[end] != '-' || text[end] == '.' && end+1 < len(text) && isDigit(text[end+1])) {
		return Range{}, false
	}
	return Range{Start: at, End: end}, isIssued(digits) && luhn(digits)
}

// cardGroups reads 4-4-4-4, 4-4-4-4-3, 4-6-5 or 4-6-4 digits.
func cardGroups(text string, at int, separator byte) (digits string, end int) {
	var lengths [5]int
	group := at
	for i := range lengths {
		end = run(text, group, decimals)
		lengths[i] = end - group
		if lengths[i] != 4 && i != 1 || end+1 >= len(text) || text[end] != separator || !isDigit(text[end+1]) {
			break
		}
		// A fifth group belongs to the number only if it has three digits.
		if i == 3 && run(text, end+1, decimals) != end+4 {
			break
		}
		group = end + 1
	}
	switch lengths {
	case [5]int{4, 4, 4, 4}, [5]int{4, 4, 4, 4, 3}, [5]int{4, 6, 5}, [5]int{4, 6, 4}:
		return strings.ReplaceAll(text[at:end], string(separator), ""), end
	}
	return "", end
}

// isIssued holds for the ranges that the large networks issue numbers of, which
// spares most order numbers and ids that pass the check digit.
func isIssued(digits string) bool {
	const leading = 6
	if len(digits) < shortestCard {
		return false
	}
	n, err := strconv.Atoi(digits[:leading])
	if err != nil {
		return false
	}
	for _, network := range []struct {
		from, to int
		lengths  []int
	}{
		{220000, 220499, []int{16}},             // Mir.
		{222100, 272099, []int{16}},             // Mastercard.
		{300000, 305999, []int{14}},             // Diners Club.
		{309500, 309599, []int{14}},             // Diners Club.
		{340000, 349999, []int{15}},             // American Express.
		{352800, 358999, []int{16}},             // JCB.
		{360000, 369999, []int{14}},             // Diners Club.
		{370000, 379999, []int{15}},             // American Express.
		{380000, 399999, []int{14, 16}},         // Diners Club.
		{400000, 499999, []int{16}},             // Visa.
		{500000, 509999, []int{16}},             // Maestro, Elo, Verve.
		{510000, 559999, []int{16}},             // Mastercard.
		{560000, 589999, []int{16}},             // Maestro.
		{601100, 601199, []int{16}},             // Discover.
		{620000, 629999, []int{16, 17, 18, 19}}, // UnionPay.
		{630400, 630499, []int{16}},             // Maestro.
		{636000, 639999, []int{16}},             // InstaPayment, Elo.
		{644000, 659999, []int{16}},             // Discover, RuPay.
		{670000, 679999, []int{16}},             // Maestro.
		{810000, 820999, []int{16}},             // RuPay, UnionPay.
	} {
		if network.from <= n && n <= network.to {
			return slices.Contains(network.lengths, len(digits))
		}
	}
	return false
}

// luhn checks the last digit of a card number, by ISO/IEC 7812-1.
func luhn(digits string) bool {
	sum := 0
	for i := range len(digits) {
		digit := int(digits[len(digits)-1-i] - '0')
		if i%2 == 1 {
			if digit *= 2; digit > 9 {
				digit -= 9
			}
		}
		sum += digit
	}
	return sum%10 == 0
}
