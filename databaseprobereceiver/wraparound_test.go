//go:build servers

package databaseprobereceiver

import (
	"fmt"
	"path/filepath"
	"strconv"
	"strings"
	"testing"

	"github.com/stretchr/testify/require"
)

// TestPostgreSQLWithHalfOfItsTransactionIDsUsed gives out ids as if there had been that many transactions.
func TestPostgreSQLWithHalfOfItsTransactionIDsUsed(t *testing.T) {
	p := newPostgreSQL(t)
	admin := p.connect("admin")
	// Vacuum begins by itself later than it is looked at.
	p.exec(admin, "ALTER SYSTEM SET autovacuum_freeze_max_age = 2000000000")
	p.exec(admin, "ALTER SYSTEM SET autovacuum = off")
	target := p.target("probe")
	h := newHarness(t, target)
	require.Empty(t, h.scan())
	require.Empty(t, h.scan())

	p.run("pg_ctl", "-D", p.data, "-w", "-m", "fast", "stop")
	const next, idsPerFile, fileSize = 1_100_000_000, 1 << 20, 256 << 10
	p.run("pg_resetwal", "-x", strconv.Itoa(next), "-D", p.data)
	p.file(filepath.Join(p.data, "pg_xact"), fmt.Sprintf("%04X", next/idsPerFile), string(make([]byte, fileSize)))
	p.start()
	require.Equal(t, []string{
		"observed medium TRANSACTION_ROLLBACK: Transaction ids are running out on DB (medium): 51.2% of the ids in use, the threshold is 50.0%.",
	}, p.place(h.scan()), "within one interval")
	require.Regexp(t, `database \\"\w+\\": 10999\d{5} ids of transactions and \d+ of multixacts since its oldest`, h.everything)

	p.exec(p.connect("admin"), "ALTER DATABASE template0 ALLOW_CONNECTIONS true")
	p.run("vacuumdb", "--all", "--freeze", "--maintenance-db", fmt.Sprintf("host=127.0.0.1 port=%d user=admin password=%s dbname=postgres", p.port, password))
	require.Contains(t, strings.Join(p.place(h.until()), "\n"), "cleared medium TRANSACTION_ROLLBACK: Transaction ids are running out on DB: over")
}
