package labelled_test

import (
	"os"
	"path/filepath"
	"testing"

	"github.com/stretchr/testify/require"

	"github.com/failuredetector/failuredetector/internal/labelled"
)

func writeMessages(t *testing.T, content string) string {
	t.Helper()
	path := filepath.Join(t.TempDir(), "messages.jsonl")
	require.NoError(t, os.WriteFile(path, []byte(content), 0o600))
	return path
}

func TestReadFiles(t *testing.T) {
	first := writeMessages(t, `{"id": "a1", "text": "no room", "exception_type": null, "labels": ["DISK_SPACE_LOW"], "also_ok": ["APPLICATION_CRASH"], "kind": "message", "lang": "c", "source": "a shell"}`+"\n")
	second := writeMessages(t, "\n"+`{"labels": [], "text": "room", "id": "a2", "exception_type": "RoomError"}`)
	got, err := labelled.ReadFiles(first, second)
	require.NoError(t, err)
	require.Equal(t, []labelled.Message{
		{
			ID: "a1", Text: "no room", Labels: []string{"DISK_SPACE_LOW"}, AlsoOK: []string{"APPLICATION_CRASH"},
			Kind: "message", Language: "c", Source: "a shell", File: first, Line: 1,
		},
		{ID: "a2", Text: "room", ExceptionType: "RoomError", Labels: []string{}, File: second, Line: 2},
	}, got)
	require.Equal(t, "DISK_SPACE_LOW", got[0].Owner())
	require.Empty(t, got[1].Owner())
}

func TestReadFilesRefuses(t *testing.T) {
	for _, tc := range []struct{ name, line, want string }{
		{"what is no object", `["a"]`, "want one JSON object a line"},
		{"what is no JSON", `{"id": "a", text: "b"}`, "the line is no JSON: "},
		{"an object cut short", `{"id": "a", "text": "b", "labels": []`, "the line is no JSON: "},
		{"two objects", `{"id": "a", "text": "b", "labels": []} {}`, "something stands after the object: write one a line"},
		{"a key that is unknown", `{"id": "a", "txt": "b"}`, "txt: unknown key"},
		{"a key of other case", `{"ID": "a"}`, "ID: unknown key"},
		{"a key given twice", `{"id": "a", "id": "b"}`, "id: given twice"},
		{"a key that is missing", `{"id": "a", "text": "b"}`, "labels: missing"},
		{"a label that is no list", `{"id": "a", "text": "b", "labels": "X"}`, "labels: want a list of texts, found string"},
		{"a label that is no text", `{"id": "a", "text": "b", "labels": [1]}`, "labels: want a text, found number"},
		{"labels that are null", `{"id": "a", "text": "b", "labels": null}`, "labels: write [] where the message reports no failure"},
		{"a message without text", `{"id": "a", "text": "", "labels": []}`, "id and text: neither may be empty"},
	} {
		t.Run(tc.name, func(t *testing.T) {
			path := writeMessages(t, "\n"+tc.line+"\n")
			_, err := labelled.ReadFiles(path)
			require.ErrorContains(t, err, path+":2: "+tc.want)
		})
	}
	t.Run("an id of another message, beside every other fault", func(t *testing.T) {
		message := `{"id": "a", "text": "b", "labels": []}` + "\n"
		first, second := writeMessages(t, message), writeMessages(t, message+"{}\n")
		_, err := labelled.ReadFiles(first, second, "not-there.jsonl")
		require.EqualError(t, err, second+":2: id: missing\n"+
			"labelled messages: open not-there.jsonl: no such file or directory\n"+
			second+":1: id: \"a\" is already at "+first+":1")
	})
}
