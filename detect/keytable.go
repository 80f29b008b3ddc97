package detect

// keyTable knows for what an attribute's key is asked. Most keys of a record are
// asked for nothing, and that is found out without hashing the whole key.
type keyTable struct {
	// lengths has a bit for the length of each key, modulo 64.
	lengths uint64
	buckets [64][]keyUse
}

// keyUse is for what a key is asked.
type keyUse struct {
	key string
	// exception says that it is a part of an exception, text that its value is
	// text, code that its value may be a code that rules name.
	exception, text, code bool
}

func bucketOf(key string) int {
	if key == "" {
		return 0
	}
	return (len(key)*7 + int(key[len(key)-1]) + 3*int(key[len(key)/2])) % 64
}

// use gives the entry of a key, which it adds if there is none.
func (t *keyTable) use(key string) *keyUse {
	if known := t.find(key); known != nil {
		return known
	}
	t.lengths |= 1 << (len(key) % 64)
	bucket := &t.buckets[bucketOf(key)]
	*bucket = append(*bucket, keyUse{key: key})
	return &(*bucket)[len(*bucket)-1]
}

// find gives the entry of a key, or nil.
func (t *keyTable) find(key string) *keyUse {
	if t.lengths>>(len(key)%64)&1 == 0 {
		return nil
	}
	bucket := t.buckets[bucketOf(key)]
	for i := range bucket {
		if bucket[i].key == key {
			return &bucket[i]
		}
	}
	return nil
}
