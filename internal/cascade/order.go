package cascade

// list puts a trace at the end of those that were heard of last.
func (t *Tracker) list(at int32) {
	tr := t.traces.at(at)
	tr.last, tr.older, tr.newer = t.now, t.newest, none
	if t.newest == none {
		t.oldest = at
	} else {
		t.traces.at(t.newest).newer = at
	}
	t.newest = at
}

// unlist takes a trace out of the order.
func (t *Tracker) unlist(at int32) {
	tr := t.traces.at(at)
	if tr.older == none {
		t.oldest = tr.newer
	} else {
		t.traces.at(tr.older).newer = tr.newer
	}
	if tr.newer == none {
		t.newest = tr.older
	} else {
		t.traces.at(tr.newer).older = tr.older
	}
}
