package redact_test

import (
	"testing"

	"github.com/stretchr/testify/require"

	"github.com/failuredetector/failuredetector/internal/redact"
)

func TestWhatIsNoSecretStays(t *testing.T) {
	for _, text := range []string{
		"request 7f9c24e8-3b12-4fef-91f0-2f1c3a4b5c6d failed",
		"trace 4bf92f3577b34da6a3ce929d0e0e4736 span 00f067aa0ba902b7",
		"sha256:e3b0c44298fc1c149afbf4c8996fb92427ae41e4649b934ca495991b7852b855",
		"image registry.example:5000/shop/api@sha256:e3b0c44298fc1c149afbf4c8996fb92427ae41e4649b934ca495991b7852b855",
		"commit 2fd4e1c67a2d28fced849ee1bb76e7391b93eb12",
		"2026-03-04T10:15:32.482Z", "1772619332482", "1772619332482000", "1772619332482000000", "2026-03-04 10:15:32,482",
		"order 4111111111111112 refused", "order 1234567890123452 refused", "took 0.4111111111111111 s", "snowflake 1541815603606036480",
		"id 4111111111111111abcd", "+49 1511 2345 6789", "(555) 010-1234", "+1 555 010 4444",
		"github.com/failuredetector/failuredetector@v0.1.0", "golang.org/x/net@v0.0.0-20230101120000-abcdef123456",
		"@types/node@20.1.0", "lodash@4.17.21", "npm ERR! peer react@\"^18.0.0\" from @mui/material@5.14.1-beta.next",
		"blk_-4111111111111111 -4111111111111111", "id 4111111111111111110", "krbtgt/EXAMPLE.COM@EXAMPLE.COM",
		"api@shop.iam.gserviceaccount.com does not have storage.objects.get access", "Version=3.0.0.0, PublicKeyToken=31bf3856ad364e35",
		"AUTH <password> called without any password configured", "git@github.com:org/repo.git", "ssh://git@github.com/org/repo", "getty@tty1.service", "user@1000.service: Failed",
		"rabbit@mq-0.mq.default.svc.cluster.local", "celery@worker-1", "java.lang.Object@1a2b3c4d", "'app'@'10.0.0.5'",
		"[2001:db8::1]:5432", "fe80::1%eth0", "http://[::1]:8080/x", "http://db:5432/x", "https://example.com:443", "http://host:8080/@scope/pkg",
		"jdbc:mysql://a:3306,b:3306/shop", "kafka://a:9092,b:9092", "file:///etc/x:y", "s3://bucket/key", "https://ann@", "urn:a:b",
		`password authentication failed for user "x"`, `FATAL: password authentication failed for user "app" (SQLSTATE 28P01)`,
		"Access denied for user 'app'@'10.0.0.5' (using password: YES)", "password: must be at least 8 characters", "password\n  Field required",
		"password=***", "password=", "password=null", `"password": null`, "password=${DB_PASSWORD}", "password: [redacted]", `password="********"`,
		"token expired", "invalid token: expired", "Unexpected token < in JSON at position 0", "SyntaxError: Unexpected token '}'",
		"Unexpected token: identifier", "max_tokens=4096", "tokens: 12000", "total_tokens: 15321 (limit 10000)", "token_type=bearer",
		"This model's maximum context length is 8192 tokens. However, you requested 9000 tokens",
		`secret "db-credentials" not found`, `secrets "db" is forbidden`, "couldn't find key password in Secret default/db", "secret: not found",
		`secret "default-token-x7k2p" not found`, "token 5 of 12", "auth_token: required", `password "is required"`, "password policy not met",
		"key 'users.email'", "Key (id)=(42) already exists.", "duplicate key value violates unique constraint \"users_pkey\"", "primary key: 17",
		"foreign key constraint fails", "Host key verification failed.", "routing_key=orders.created", "partition key = 7", "cache key: user:1",
		"API key not valid. Please pass a valid API key.", "api key required", "Authorization: required", "authorization: failed",
		"Bearer token is invalid", "Bearer authentication required", `WWW-Authenticate: Bearer realm="x"`, "basic authentication failed",
		"session closed", "session id: 42", "cookie: not found", "cookies are disabled", "signature: invalid", "invalid signature",
		"PWD=/srv/app", "pass: 3, fail: 1", "pass=3 fail=1", "passed=12", "bypass: yes", "credentials: none", "auth: none", "code: 42P01",
		"task-scheduler-abcdefgh", "sk-learn-contrib-packages", "npm_config_registry", "napi_create_string_utf8", "hf_hub_download failed",
		"rnd_sample_size_v2", "dapiClient", "key-value-store", "pk_users_email_tenant", "sk-*", "xai-client-error", "glc_service_name_missing",
		"ASIAPACIFICREGION", "SKU1234567890", "ACCESS_DENIED", "SG.rules.default", "eyJhbGciOiJIUzI1NiJ9", "1//2 of 3",
		"-----BEGIN CERTIFICATE-----\nMIIE\n-----END CERTIFICATE-----", "DE89370400440532013001", "GB82 WEST 1234", "US123456789012345678901",
		"mysql: [Warning] Using a password on the command line interface can be insecure.", "curl: (7) Failed to connect",
		"identified 3 issues in \"x\"", `invalid port "99999" after host`, "10:15:32 a@b", "std::vector<int>::at", "shop::pay@main:12", "a@b", "x@y:z", "@", "://", "::",
	} {
		t.Run(text, func(t *testing.T) {
			require.Equal(t, text, redact.String(text))
		})
	}
}
