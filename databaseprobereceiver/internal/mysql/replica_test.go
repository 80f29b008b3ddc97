package mysql

import (
	"testing"
	"time"

	"github.com/stretchr/testify/require"

	"github.com/failuredetector/failuredetector/databaseprobereceiver/internal/check"
)

func TestHowAReplicaFollows(t *testing.T) {
	const nobody = "it has no connection to its source"
	for name, tc := range map[string]struct {
		channels []channel
		replica  *check.Replica
		lag      *time.Duration
	}{
		"what is no replica": {nil, nil, nil},
		"one of MySQL that follows": {
			[]channel{{"Replica_IO_Running": "Yes", "Replica_SQL_Running": "Yes", "Seconds_Behind_Source": "3"}},
			new(check.Replica), new(3 * time.Second),
		},
		"one of MariaDB that follows": {
			[]channel{{"Slave_IO_Running": "Yes", "Slave_SQL_Running": "Yes", "Seconds_Behind_Master": "0"}},
			new(check.Replica), new(time.Duration(0)),
		},
		"one that has lost its source": {
			[]channel{{"Replica_IO_Running": "Connecting", "Replica_SQL_Running": "Yes", "Last_IO_Errno": "2003"}},
			&check.Replica{State: check.Parted, Text: nobody}, nil,
		},
		"one of MariaDB that has not begun": {
			[]channel{{"Slave_IO_Running": "Preparing", "Slave_SQL_Running": "Yes"}},
			&check.Replica{State: check.Parted, Text: nobody}, nil,
		},
		"one that lacks what its source has thrown away": {
			[]channel{{"Replica_IO_Running": "No", "Replica_SQL_Running": "Yes", "Last_IO_Errno": "1236"}},
			&check.Replica{State: check.Broken, Text: "an error has stopped it from fetching (1236)"}, nil,
		},
		"one with a row that is there already": {
			[]channel{{"Replica_IO_Running": "Yes", "Replica_SQL_Running": "No", "Last_SQL_Errno": "1062", "Last_SQL_Error": "Duplicate entry 'secret'"}},
			&check.Replica{State: check.Broken, Text: "an error has stopped it from applying (1062)"}, nil,
		},
		"one that a person has stopped": {
			[]channel{{"Replica_IO_Running": "No", "Replica_SQL_Running": "No", "Last_IO_Errno": "0", "Last_SQL_Errno": "0"}},
			&check.Replica{State: check.Parted, Text: "it was told to stop applying"}, nil,
		},
		"the worst of several sources": {
			[]channel{
				{"Replica_IO_Running": "Yes", "Replica_SQL_Running": "Yes", "Seconds_Behind_Source": "3"},
				{"Replica_IO_Running": "Connecting", "Replica_SQL_Running": "Yes"},
				{"Replica_IO_Running": "Yes", "Replica_SQL_Running": "Yes", "Seconds_Behind_Source": "5"},
			},
			&check.Replica{State: check.Parted, Text: nobody}, new(5 * time.Second),
		},
		"a member of a group, whose own channels rest": {
			[]channel{{"Channel_Name": "group_replication_recovery", "Replica_IO_Running": "No", "Replica_SQL_Running": "No"}}, nil, nil,
		},
	} {
		t.Run(name, func(t *testing.T) {
			var f check.Figures
			for _, c := range tc.channels {
				c.add(&f)
			}
			require.Equal(t, tc.replica, f.Replica)
			require.Equal(t, tc.lag, f.Lag)
		})
	}
}
