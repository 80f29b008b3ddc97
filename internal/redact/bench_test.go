package redact_test

import (
	"fmt"
	"strings"
	"testing"

	"github.com/failuredetector/failuredetector/internal/redact"
)

// maxText is as much text of one record as is ever searched.
const maxText = 16 << 10

// javaTrace is what most texts are: long, without a secret in it.
var javaTrace = "java.sql.SQLTransientConnectionException: HikariPool-1 - Connection is not available, request timed out after 30000ms\n" +
	strings.Repeat("\tat org.springframework.aop.framework.ReflectiveMethodInvocation.proceed(ReflectiveMethodInvocation.java:186) ~[spring-aop-6.1.3.jar:6.1.3]\n", maxText/140)

func BenchmarkFind(b *testing.B) {
	for _, tc := range []struct{ name, text string }{
		{"line without a secret", "2026-03-04T10:15:32.482Z ERROR [http-nio-8080-exec-7] c.e.shop.OrderController - order 48211 of customer 9917: connection to db.shop.svc:5432 refused (attempt=3, timeout=30000 ms)"},
		{"trace of 16 KiB without a secret", javaTrace[:maxText]},
		{"line with a secret", "2026-03-04T10:15:32.482Z ERROR [main] c.e.shop.Database - cannot reach postgres://app:s3cr3t@db.shop.svc:5432/shop, giving up"},
	} {
		b.Run(tc.name, func(b *testing.B) {
			b.SetBytes(int64(len(tc.text)))
			b.ReportAllocs()
			for b.Loop() {
				redact.Find(tc.text)
			}
		})
	}
}

// hostile texts hold as much as they can of what begins a search and leads nowhere.
var hostile = []string{
	"a", "0", "4", " ", "-", "=", ":", "@", ".", "://", "://a:", "a@", "a.", "a@a.", "4111 ", "1-", "eyJ", "eyJaaaaaa.", "sk-", "xoxb-",
	"password=", "password=\"", "password=\\\"", "password='\n", "password\n", "token: ", "key", "api_key=", "Bearer ", "Basic ",
	"Authorization: ", "Cookie: ", "-----BEGIN ", "-----BEGIN PRIVATE KEY-----", "AKIA", "GB82", "mysql -p", "curl -u", "Key (email)=(",
	"\\", "\\\"", "'", "\"", "[redacted]", "\xff", "é", "é@é.", ":AA", "@tcp(", "8Q~", "MTA.", "AZDO", "%40", "a%40", "{", "password={", "token \"", "sk-*", "1 2 3 ", "4111-", "http://u:p@h ", "a@b.c ",
}

// BenchmarkHostile shows by the same throughput at each size that time is linear.
func BenchmarkHostile(b *testing.B) {
	for _, piece := range hostile {
		for _, size := range []int{maxText / 4, maxText} {
			text := strings.Repeat(piece, size/len(piece))
			b.Run(fmt.Sprintf("%q/%d KiB", piece, size>>10), func(b *testing.B) {
				b.SetBytes(int64(len(text)))
				for b.Loop() {
					redact.Find(text)
				}
			})
		}
	}
}
