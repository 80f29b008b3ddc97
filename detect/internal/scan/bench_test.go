package scan_test

import (
	"strconv"
	"strings"
	"testing"

	"github.com/stretchr/testify/require"

	"github.com/failuredetector/failuredetector/detect/internal/scan"
)

const healthyLine = "2026-03-04T10:15:32.482Z INFO  [http-nio-8080-exec-7] c.e.shop.OrderController - order 48211 accepted for customer 9917 in 38 ms"

// hostileSize is the size of the texts that try to make the scan slow.
const hostileSize = 16 << 10

// benchmarkScan takes one text after the other.
func benchmarkScan(b *testing.B, f *scan.Finder, texts ...string) {
	b.Helper()
	size := 0
	for _, text := range texts {
		size += len(text)
	}
	var found scan.Found
	b.SetBytes(int64(size / len(texts)))
	b.ReportAllocs()
	next := 0
	for b.Loop() {
		f.Scan(texts[next], &found)
		if next++; next == len(texts) {
			next = 0
		}
	}
}

func BenchmarkHealthy(b *testing.B) {
	f := shipped().finder
	b.Run("line", func(b *testing.B) { benchmarkScan(b, f, healthyLine) })
	b.Run("lines held out", func(b *testing.B) { benchmarkScan(b, f, heldOut(b)...) })
	b.Run("trace of 10 KB", func(b *testing.B) {
		benchmarkScan(b, f, "com.example.shop.NoApplesLeft: none\n"+
			strings.Repeat("\tat com.example.shop.orders.OrderService.place(OrderService.java:117)\n", 145))
	})
	for name, text := range map[string]string{
		"German":   "Der Dienst wurde gestartet und ist bereit für Anfragen über größere Mengen, die Prüfung läuft weiter.",
		"Cyrillic": "Сервер запущен и готов принимать подключения. Пользователь вошёл в систему.",
		"Greek":    "Ο διακομιστής ξεκίνησε και είναι έτοιμος. Η παραγγελία έγινε δεκτή.",
		"Chinese":  "服务已启动，可以接受请求。用户登录成功，订单已提交，数据保存完成，系统运行正常。",
	} {
		b.Run(name, func(b *testing.B) { benchmarkScan(b, f, text) })
	}
}

func BenchmarkHostile(b *testing.B) {
	f := shipped().finder
	var whole, nearly strings.Builder
	for _, set := range shipped().sets {
		for _, literal := range set {
			if whole.Len() < hostileSize {
				whole.WriteString(literal)
			}
			if nearly.Len() < hostileSize && len(literal) > 12 {
				nearly.WriteString(literal[:len(literal)-1] + "~")
			}
		}
	}
	crowded := scan.Crowded(f)
	b.Run("the most crowded window", func(b *testing.B) { benchmarkScan(b, f, strings.Repeat(crowded, hostileSize/len(crowded))) })
	b.Run("literals in a row", func(b *testing.B) { benchmarkScan(b, f, whole.String()) })
	b.Run("literals but for their last byte", func(b *testing.B) { benchmarkScan(b, f, nearly.String()) })
}

// BenchmarkRules takes a part of the catalogue, and copies of it with other words.
func BenchmarkRules(b *testing.B) {
	for _, count := range []int{100, 1_000, 10_000} {
		b.Run(strconv.Itoa(count), func(b *testing.B) {
			f := scan.New(setsOfRules(count))
			b.Run("line", func(b *testing.B) { benchmarkScan(b, f, healthyLine) })
			b.Run("lines held out", func(b *testing.B) { benchmarkScan(b, f, heldOut(b)...) })
		})
	}
}

// setsOfRules gives the sets of as many rules. Those beyond the catalogue are
// its own with each letter replaced by another.
func setsOfRules(count int) [][]string {
	var sets [][]string
	for i := range count {
		copies := i / len(shipped().rules)
		for _, set := range shipped().rules[i*7%len(shipped().rules)] {
			mutated := make([]string, len(set))
			for j, literal := range set {
				mutated[j] = otherLetters(literal, copies)
			}
			sets = append(sets, mutated)
		}
	}
	return sets
}

// otherLetters moves vowels among vowels and consonants among consonants, so
// that words still look like words.
func otherLetters(s string, by int) string {
	const vowels, consonants = "aeiou", "tnsrhldcmfpgwybvkxjqz"
	return strings.Map(func(r rune) rune {
		for _, letters := range []string{vowels, consonants} {
			if at := strings.IndexRune(letters, r); at >= 0 {
				return rune(letters[(at+by)%len(letters)])
			}
		}
		return r
	}, s)
}

func BenchmarkNew(b *testing.B) {
	sets := shipped().sets
	require.NotEmpty(b, sets)
	b.ReportAllocs()
	for b.Loop() {
		scan.New(sets)
	}
}
