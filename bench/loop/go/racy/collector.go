// The collector of scenario 02 in Go: capture threads insert, the UI looks up, nothing orders them.
package collector

type Record struct {
	Connection    uint32
	Sequence      uint64
	Command       string
	Key           string
	RequestBytes  uint64
	ResponseBytes uint64
	StartUs       int64
	LatencyUs     int64
	Error         bool
}

type Collector struct {
	records map[string]Record
}

func New() *Collector { return &Collector{records: map[string]Record{}} }

func (c *Collector) Add(record Record) { c.records[record.Key] = record }

func (c *Collector) Find(key string) (Record, bool) {
	record, found := c.records[key]
	return record, found
}

func (c *Collector) Size() int { return len(c.records) }
