// Package scan finds sets of strings in a text, ignoring case: the sets of
// which all strings occur. It is made for tens of thousands of strings and for
// texts that hold none of the sets, which it tells in well under a nanosecond a
// byte. The cost depends on the text and hardly on the number of sets.
//
// # The idea
//
// A set such as {connection refused, by peer} is looked for by one string of it
// alone, its anchor, and the anchor by a window of it: eight bytes, or four where
// the anchor has less than nine. Both are chosen so that healthy text hardly ever
// has the window. The other strings are looked for only in a text in which the
// anchor was seen.
//
// The text is folded (package fold), then asked window by window, but only at
// every second place. That is enough since for every anchor two windows are known
// that lie one byte apart: whatever place of the text an anchor begins at, one
// of the two lies at an even place.
//
//	text      ...xconnection refusedx...     the anchor begins at an odd place
//	places      0 2 4 6 8 ...
//	windows           "tion ref" at 8        asked for, and known
//	                   "ion refu" at 9       known as well, but not asked for here
//
// # The steps
//
//  1. Filter. A window's first four bytes choose a word of 32 bits from a table
//     and one bit of it; two more bits are chosen by the four bytes behind them if
//     the window is wide, and by the first four again if it is narrow. A window
//     whose bits are not all set is none of those looked for, and that holds for
//     all but one or two windows of a healthy line. With AVX2 sixteen windows of 32
//     bytes are asked for at once; the portable code gives the same masks.
//  2. Index, one of the wide windows and a small one of the narrow ones. A small bitmap rules
//     out most windows that are not there, which matters with thousands of rules, whose
//     first four bytes are all taken. A hash table gives the
//     anchors that have the window, as entries that hold up to eight other bytes of the
//     anchor. One comparison of these rules most of them out, a comparison of the whole
//     anchor decides.
//  3. Signs. Where an anchor was seen, each of its sets has a sign: two sequences of
//     three bytes of its other strings. Which sequences the text has is noted once, by
//     hash, so that most sets are ruled out by two bits. In a line with few sets that is
//     left out.
//  4. Companions. In a line, the sets that remain ask for their other strings, one by
//     one. In a long text who uses the sets does so, around the places of the anchor.
//
// Strings of three and four bytes have no two windows of four. They are known by
// three of their bytes and any fourth one, which takes 256 bits of the filter;
// the choice of anchors avoids them where it can.
//
// # The choice
//
// Anchors are a weighted set cover: again and again the string is taken that
// costs least for each set that gets its anchor by it. A string costs as much as
// healthy text has its two windows, less where they are taken already, more where
// so many strings share one that a hostile text could repeat it, and as much
// as its sets cost to complete when it occurs. How often healthy text has a window
// is guessed from frequencies.txt, a table of the most common four bytes, which
// the command frequencies counts in half of the benign logs and in a list of
// ordinary lines; the other half of the logs measures the choice in a test.
//
// # What was measured
//
// Windows of four bytes alone are not rare enough for sixteen thousand anchors:
// lines of logs that the choice had not seen had three to five windows with
// entries each. Eight bytes, and four for short anchors only, brought it to about
// one. Asking at every second place halves the work of the filter and adds few
// hits. A filter of a quarter of the size costs more by the windows it lets pass than
// it gains by its size. AVX2 makes the scan of a healthy line about twice as fast, and
// that of a long text three times; a run of GODEBUG=cpu.avx2=off shows the
// portable code.
//
// # What always holds
//
//   - The sets found in a line are those of a loop of strings.Contains over the folded
//     text. In a longer one they are at least those, up to where a flood of windows ends
//     the scan. A wrong guess in any table or hash costs time and nothing else, since every
//     hit is compared byte by byte.
//   - Nothing is allocated once the buffers have grown, and a text costs at most a
//     bounded number of comparisons for each of its bytes.
//   - A Finder does not change. All memory of a scan is in Found.
package scan
