# Reads what the debug exporter prints of the metrics of the host_probe receiver, and prints one line about
# the host: the first time, and when another number of its signals is announced. It runs after
# one-line.awk in the same program, whose state says that no record is being read.

(state == "" || state == "host") && /^ResourceMetrics #[0-9]+$/ { state = "host"; split("", resource); metric = disks = idle = waiting = ""; announced = 0; next }
state != "host" { next }

/^Metric #[0-9]+$/ { metric = label = ""; next }
/^     -> Name: / { metric = substr($0, 15); next }
/^NumberDataPoints #[0-9]+$/ { label = ""; next }
metric == "" { if (is_attribute(5)) resource[name] = value; next }
/^     -> (cpu\.mode|hostprobe\.signal|system\.filesystem\.mountpoint): / { if (is_attribute(5)) label = value; if (name == "hostprobe.signal") signal = value; next }
/^Timestamp: / { time = $2 " " $3; next }
!/^Value: / { next }

metric == "hostprobe.signal.state" && $2 == 2 { announced++; next }
metric == "hostprobe.signal.state" && $2 == 1 { waiting = waiting ", " clean(signal) " is high but not for long"; next }
metric == "system.cpu.utilization" && (label == "idle" || label == "iowait") { idle += $2; next }
metric == "system.filesystem.utilization" { disks = disks ", " clean(label) " " share($2); next }
metric == "system.memory.utilization" && idle != "" && announced != shown_signals { about_host($2); next }

function about_host(memory,    verdict) {
  verdict = announced == 0 ? "nothing is exhausted" waiting : announced (announced == 1 ? " signal" : " signals") " announced"
  print substr(time, 12, 8) "  " pad(clean(resource["host.name"]), 13) "  " pad("HOST", 8) "  CPU " share(1 - idle) " busy, memory " share(memory) " used" clip(disks, width) ": " verdict "  [host_probe]"
  shown_signals = announced
  fflush()
}

function share(part) { return sprintf("%d%%", part * 100 + 0.5) }

BEGIN { shown_signals = -1 }
