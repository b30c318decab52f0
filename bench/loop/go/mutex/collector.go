// The collector of scenario 02 in Go, with one mutex around the map.
package collector

import "sync"

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
	mutex   sync.Mutex // Guards records.
	records map[string]Record
}

func New() *Collector { return &Collector{records: map[string]Record{}} }

func (c *Collector) Add(record Record) {
	c.mutex.Lock()
	defer c.mutex.Unlock()
	c.records[record.Key] = record
}

func (c *Collector) Find(key string) (Record, bool) {
	c.mutex.Lock()
	defer c.mutex.Unlock()
	record, found := c.records[key]
	return record, found
}

func (c *Collector) Size() int {
	c.mutex.Lock()
	defer c.mutex.Unlock()
	return len(c.records)
}
