package logfile

import "strings"

// batchSize is about how much text a batch has, in bytes: so much that handing
// it on costs nothing, and so little that the first results come at once.
const batchSize = 256 << 10

// Record is what one program wrote at one time.
type Record struct {
	// Line is the number of its first line, from 1.
	Line int
	// Text is the record, without the end of its last line. In another form than
	// Text it is a JSON object.
	Text string
	// Time is what a container runtime wrote as its time; empty where there is none.
	Time string

	// from and until delimit the text in that of the batch.
	from, until int
	lines       int
}

// Batch holds consecutive records of a file.
type Batch struct {
	File    string
	Form    Form
	Records []Record
	// Read counts the bytes of the file, as it is stored, that were read by then.
	Read int64

	text []byte
}

func (b *Batch) reset() {
	clear(b.Records)
	b.Records, b.text = b.Records[:0], b.text[:0]
}

func (b *Batch) last() *Record { return &b.Records[len(b.Records)-1] }

// finish gives the records their texts, with one allocation for all of them.
func (b *Batch) finish() {
	text := string(b.text)
	for i := range b.Records {
		r := &b.Records[i]
		r.Text = strings.TrimRight(text[r.from:r.until], " \t\r\n")
	}
}
