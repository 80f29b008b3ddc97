//go:build vectorscan

package main

/*
#cgo pkg-config: libhs
#include <stdlib.h>
#include <hs.h>

static int seen(unsigned int id, unsigned long long from, unsigned long long to, unsigned int flags, void *context) {
	unsigned char *found = context;
	found[id] = 1;
	return 0;
}

// scan_all goes through texts that lie one behind the other, so that what is
// timed is C and not the way there.
static int scan_all(hs_database_t *database, hs_scratch_t *scratch, const char *texts, const unsigned int *ends, int count, void *found) {
	unsigned int start = 0;
	for (int i = 0; i < count; i++) {
		int status = hs_scan(database, texts + start, ends[i] - start, 0, scratch, seen, found);
		if (status != HS_SUCCESS) return status;
		start = ends[i];
	}
	return HS_SUCCESS;
}
*/
import "C"

import (
	"fmt"
	"slices"
	"strings"
	"unsafe"

	"github.com/failuredetector/failuredetector/benchmarks/internal/translate"
)

// vectorscanFlags are those that serve it best: it reports a pattern once, not
// at every end of a match, and reads bytes, not characters.
const vectorscanFlags = C.HS_FLAG_CASELESS | C.HS_FLAG_DOTALL | C.HS_FLAG_SINGLEMATCH

// vectorscan gives one database of all expressions that it can compile. Those
// that it cannot are left out for it alone, which favours it.
func vectorscan(list []translate.Expression) (*engine, error) {
	kept := make([]int, len(list))
	for i := range kept {
		kept[i] = i
	}
	var refused []string
	var database *C.hs_database_t
	for database == nil {
		made, culprit, err := compileVectorscan(list, kept)
		if culprit < 0 && err != nil {
			return nil, err
		}
		if err != nil {
			refused = append(refused, fmt.Sprintf("%s (%v)", list[kept[culprit]].Rule, err))
			kept = slices.Delete(kept, culprit, culprit+1)
		}
		database = made
	}
	var scratch *C.hs_scratch_t
	if status := C.hs_alloc_scratch(database, &scratch); status != C.HS_SUCCESS {
		return nil, fmt.Errorf("vectorscan: scratch space: status %d", status)
	}
	e := &engine{
		name:  "Vectorscan " + strings.Fields(C.GoString(C.hs_version()))[0],
		lines: variant(1.1, 0.5), traces: 0.3,
		note: fmt.Sprintf("Vectorscan compiles %d of %d expressions.", len(kept), len(list)),
	}
	if len(refused) > 0 {
		e.note += " It was not given those of " + strings.Join(refused, ", ") + "."
	}
	scan := func(texts []string) ([]byte, error) {
		found := make([]byte, len(list))
		pass := scanner(database, scratch, texts, found)
		return found, pass()
	}
	e.prepare = func(texts []string) func() {
		pass := scanner(database, scratch, texts, make([]byte, len(list)))
		return func() { _ = pass() }
	}
	e.find = func(text string) ([]int, error) {
		seen, err := scan([]string{text})
		var found []int
		for i, yes := range seen {
			if yes != 0 {
				found = append(found, i)
			}
		}
		return found, err
	}
	return e, nil
}

// compileVectorscan compiles the expressions at some positions. Where one of
// them is at fault, it tells which position that is in the list of positions.
func compileVectorscan(list []translate.Expression, kept []int) (database *C.hs_database_t, culprit int, err error) {
	expressions := make([]*C.char, len(kept))
	flags := make([]C.uint, len(kept))
	numbers := make([]C.uint, len(kept))
	for i, at := range kept {
		expressions[i] = C.CString(list[at].Expr)
		flags[i] = vectorscanFlags
		numbers[i] = C.uint(at)
	}
	defer func() {
		for _, expr := range expressions {
			C.free(unsafe.Pointer(expr))
		}
	}()
	var fault *C.hs_compile_error_t
	if C.hs_compile_multi(&expressions[0], &flags[0], &numbers[0], C.uint(len(kept)), C.HS_MODE_BLOCK, nil, &database, &fault) == C.HS_SUCCESS {
		return database, -1, nil
	}
	defer C.hs_free_compile_error(fault)
	return nil, int(fault.expression), fmt.Errorf("vectorscan: %s", C.GoString(fault.message))
}

// scanner lays texts out for C.
func scanner(database *C.hs_database_t, scratch *C.hs_scratch_t, texts []string, found []byte) func() error {
	whole := []byte(strings.Join(texts, "") + "\x00")
	ends := make([]C.uint, 0, len(texts))
	end := 0
	for _, text := range texts {
		end += len(text)
		ends = append(ends, C.uint(end))
	}
	return func() error {
		status := C.scan_all(database, scratch, (*C.char)(unsafe.Pointer(&whole[0])), &ends[0], C.int(len(ends)), unsafe.Pointer(&found[0]))
		if status != C.HS_SUCCESS {
			return fmt.Errorf("vectorscan: status %d", status)
		}
		return nil
	}
}
