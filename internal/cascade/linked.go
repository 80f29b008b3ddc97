package cascade

// link lets a trace and the one that it is linked to be looked at together.
func (t *Tracker) link(at int32, other TraceID) {
	tr := t.traces.at(at)
	if t.byID[other] == at && len(tr.others) > 0 || len(tr.others) >= maxLinked {
		return
	}
	from, known := t.byID[other]
	if !known {
		tr.others = append(tr.others, other)
		t.byID[other] = at
		return
	}
	joined := t.traces.at(from)
	if from == at || int(tr.size+joined.size) > t.limits.TraceSpans || len(tr.others)+len(joined.others) >= maxLinked {
		return
	}
	tr.others = append(append(tr.others, other), joined.others...)
	if joined.id != other {
		tr.others = append(tr.others, joined.id)
	}
	for _, id := range append(joined.others, joined.id) {
		t.byID[id] = at
	}
	if joined.head != none {
		if tr.tail == none {
			tr.head = joined.head
		} else {
			t.spans.at(tr.tail).next = joined.head
		}
		tr.tail = joined.tail
	}
	tr.size += joined.size
	tr.first, tr.failed, tr.weight = min(tr.first, joined.first), tr.failed || joined.failed, max(tr.weight, joined.weight)
	tr.marks = append(tr.marks, joined.marks[:min(len(joined.marks), maxMarks-min(len(tr.marks), maxMarks))]...)
	t.unlist(from)
	t.traces.free(from)
}
