package fold_test

import (
	"strings"
	"testing"

	"github.com/failuredetector/failuredetector/detect/internal/fold"
)

func BenchmarkAppend(b *testing.B) {
	for name, text := range map[string]string{
		"ASCII":    "2026-03-04T10:15:32.482Z INFO  [http-nio-8080-exec-7] c.e.shop.OrderController - order 48211 accepted for customer 9917 in 38 ms",
		"German":   "Der Dienst wurde gestartet und ist bereit für Anfragen über größere Mengen, die Prüfung läuft.",
		"Cyrillic": "Сервер запущен и готов принимать подключения. Пользователь вошёл в систему, сессия открыта.",
		"Greek":    "Ο διακομιστής ξεκίνησε και είναι έτοιμος. Η παραγγελία έγινε δεκτή.",
		"Chinese":  "服务已启动，可以接受请求。用户登录成功，订单已提交，数据保存完成，系统运行正常。",
		"10 KB":    strings.Repeat("\tat com.example.shop.orders.OrderService.place(OrderService.java:117)\n", 145),
	} {
		b.Run(name, func(b *testing.B) {
			var buffer []byte
			b.SetBytes(int64(len(text)))
			b.ReportAllocs()
			for b.Loop() {
				buffer = fold.Append(buffer[:0], text)
			}
		})
	}
}
