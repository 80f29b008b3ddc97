package survey

import (
	"encoding/json"
	"path/filepath"
	"strings"
)

// attrService is the resource attribute that names a service.
const attrService = "service.name"

// serviceKeys are the keys under which loggers that write JSON name the service.
var serviceKeys = []string{attrService, "service", "service_name"}

// ServiceOfText gives the service that a JSON object names, or "".
func ServiceOfText(text string) string {
	if !strings.HasPrefix(text, "{") || !strings.Contains(text, "service") {
		return ""
	}
	var object map[string]any
	if json.Unmarshal([]byte(text), &object) != nil {
		return ""
	}
	for _, key := range serviceKeys {
		switch value := object[key].(type) {
		case string:
			return value
		case map[string]any:
			// The form of Elastic's common schema.
			if name, ok := value["name"].(string); ok {
				return name
			}
		}
	}
	return ""
}

// ServiceOfFile takes the name of a file for that of a service, without what
// tells how it is stored: api for /var/log/api.json.log.2.gz.
func ServiceOfFile(path string) string {
	if path == "-" {
		return "standard input"
	}
	name := filepath.Base(path)
	for {
		ext := filepath.Ext(name)
		switch {
		case ext == name || ext == "":
			return name
		case isStorage(strings.TrimRight(ext, "-0123456789")):
			name = strings.TrimSuffix(name, ext)
		default:
			return name
		}
	}
}

// isStorage knows the ends of names, without the number or date of a file that
// was put aside.
func isStorage(ext string) bool {
	switch ext {
	case ".", ".gz", ".log", ".json", ".jsonl", ".ndjson", ".txt", ".out", ".err":
		return true
	}
	return false
}
