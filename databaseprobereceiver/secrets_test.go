package databaseprobereceiver

import (
	"encoding/binary"
	"fmt"
	"net"
	"strings"
	"testing"

	"github.com/stretchr/testify/require"
)

// planted is a secret that must not be seen anywhere.
const planted = "hunter2-planted"

// TestSecretsAreNeverTold lets servers say the password back, as a driver or a proxy does that puts the
// connection string into its error.
func TestSecretsAreNeverTold(t *testing.T) {
	t.Parallel()
	said := fmt.Sprintf("cannot connect to `user=probe password=%s host=db`: postgres://probe:%s@db/orders", planted, planted)
	mysqlError := func(conn net.Conn) {
		// Error 1045 in place of the greeting, as a packet of MySQL.
		body := append([]byte{0xff, 0x15, 0x04, '#', '2', '8', '0', '0', '0'}, said...)
		head := binary.LittleEndian.AppendUint32(nil, uint32(len(body)))[:3] //nolint:gosec // It is short.
		_, _ = conn.Write(append(append(head, 0), body...))
	}
	redisError := func(conn net.Conn) { _, _ = fmt.Fprintf(conn, "-%s %s\r\n", planted, said) }
	for name, target := range map[string]TargetConfig{
		"PostgreSQL says it":            {Type: typePostgreSQL, Endpoint: saying(t, "28P01", said)},
		"PostgreSQL has it as its code": {Type: typePostgreSQL, Endpoint: saying(t, planted, said)},
		"PgBouncer says it":             {Type: typePgBouncer, Endpoint: saying(t, "08P01", said)},
		"MySQL says it":                 {Type: typeMySQL, Endpoint: serving(t, mysqlError)},
		"MariaDB says it":               {Type: typeMariaDB, Endpoint: serving(t, mysqlError)},
		"Redis says it":                 {Type: typeRedis, Endpoint: serving(t, redisError)},
		"what is no database says it":   {Type: typePostgreSQL, Endpoint: serving(t, redisError)},
		"nobody is there, PostgreSQL":   {Type: typePostgreSQL, Endpoint: nobody(t)},
		"nobody is there, MySQL":        {Type: typeMySQL, Endpoint: nobody(t)},
		"nobody is there, Redis":        {Type: typeRedis, Endpoint: nobody(t)},
		"no such host, PostgreSQL":      {Type: typePostgreSQL, Endpoint: "does-not-exist.invalid:1"},
		"no such host, MySQL":           {Type: typeMySQL, Endpoint: "does-not-exist.invalid:1"},
	} {
		t.Run(name, func(t *testing.T) {
			t.Parallel()
			target.Username, target.Password, target.TLS = "probe", planted, plain
			told := newHarness(t, target).told()
			require.Contains(t, told, "DATABASE_CONNECTION_ERROR")
			require.NotContains(t, told, planted)
		})
	}
}

func TestSecretsInAConfigurationThatIsWrong(t *testing.T) {
	for _, endpoint := range []string{
		"postgres://probe:" + planted + "@db.example:5432/orders", "probe:" + planted + "@db.example:5432", planted + "@db.example:5432",
		"db.example:5432/?password=" + planted,
	} {
		config := createDefaultConfig().(*Config)
		config.Targets = []TargetConfig{{Type: typePostgreSQL, Endpoint: endpoint, Username: "probe", Password: planted}}
		err := config.Validate()
		require.ErrorContains(t, err, "targets[0]: endpoint: it looks like a URL")
		require.NotContains(t, err.Error(), planted)
		require.NotContains(t, strings.ToLower(fmt.Sprintf("%+v", config.Targets[0].Password)), planted)
	}
}
