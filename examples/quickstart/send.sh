#!/usr/bin/env bash
# Posts a file of OTLP JSON to a collector and prints the answer. It needs bash alone, since a fresh
# Debian has no curl:
#
#   bash examples/quickstart/send.sh traces testdata/otlp/span.json
#   bash examples/quickstart/send.sh logs testdata/otlp/log.json
set -euo pipefail

if (($# != 2)); then
  echo "usage: $0 traces|logs FILE" >&2
  exit 2
fi
size=$(wc -c <"$2")
exec 3<>"/dev/tcp/${OTLP_HOST:-localhost}/${OTLP_PORT:-4318}"
printf 'POST /v1/%s HTTP/1.0\r\nContent-Type: application/json\r\nContent-Length: %d\r\n\r\n' "$1" "$size" >&3
cat "$2" >&3
answer=$(tr -d '\r' <&3)
echo "$answer"
[[ $answer == 'HTTP/1.'?' 200 '* ]]
