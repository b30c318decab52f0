// The contract of scenario 02 in Go, claim by claim. It is put beside each collector in turn.
package collector

import (
	"strconv"
	"sync"
	"testing"
)

func get(key string) Record {
	return Record{Connection: 1, Sequence: 1, Command: "GET", Key: key}
}

// The n-th request for a key: every field tells which, so that a torn record shows.
func nth(key string, n uint64) Record {
	command := "SETRANGE"
	if n == 1 {
		command = "GET"
	}
	return Record{Connection: uint32(n), Sequence: n, Command: command, Key: key, RequestBytes: n,
		ResponseBytes: n}
}

func concurrently(functions ...func()) {
	var group sync.WaitGroup
	for _, function := range functions {
		group.Add(1)
		go func(function func()) {
			defer group.Done()
			function()
		}(function)
	}
	group.Wait()
}

func expectSize(t *testing.T, c *Collector, size int) {
	t.Helper()
	if c.Size() != size {
		t.Errorf("size %d instead of %d", c.Size(), size)
	}
}

func TestFindSeesARecordWhileAnotherArrives(t *testing.T) {
	c := New()
	concurrently(func() { c.Add(get("user:1")) }, func() { c.Find("user:1") })
	expectSize(t, c, 1)
}

func TestFindsNothingUnderAKeyThatNeverCame(t *testing.T) {
	c := New()
	c.Add(get("user:1"))
	concurrently(func() { c.Add(get("user:2")) }, func() {
		if _, found := c.Find("user:3"); found {
			t.Error("found what never came")
		}
	})
}

func TestFindsWhatCameBefore(t *testing.T) {
	c := New()
	c.Add(get("user:1"))
	concurrently(func() { c.Add(get("user:2")) }, func() {
		if record, found := c.Find("user:1"); !found || record != get("user:1") {
			t.Error("not found as it came")
		}
	})
}

func TestAThreadFindsItsOwnRecord(t *testing.T) {
	c := New()
	addAndFind := func(key string) func() {
		return func() {
			c.Add(get(key))
			if _, found := c.Find(key); !found {
				t.Error("not found: " + key)
			}
		}
	}
	concurrently(addAndFind("user:1"), addAndFind("user:2"))
}

func TestKeepsTheRecordsOfTwoThreads(t *testing.T) {
	c := New()
	concurrently(func() { c.Add(get("user:1")) }, func() { c.Add(get("user:2")) })
	expectSize(t, c, 2)
}

func TestTwoThreadsOnOneKeyLeaveOneWholeRecord(t *testing.T) {
	c := New()
	concurrently(func() { c.Add(nth("user:1", 1)) }, func() { c.Add(nth("user:1", 2)) })
	expectSize(t, c, 1)
	if record, _ := c.Find("user:1"); record != nth("user:1", 1) && record != nth("user:1", 2) {
		t.Error("a torn record")
	}
}

func TestFindGivesAWholeRecordWhileItIsReplaced(t *testing.T) {
	c := New()
	c.Add(nth("user:1", 1))
	concurrently(func() { c.Add(nth("user:1", 2)) }, func() {
		if record, _ := c.Find("user:1"); record != nth("user:1", 1) && record != nth("user:1", 2) {
			t.Error("a torn record")
		}
	})
}

func TestSizeCanBeReadWhileARecordArrives(t *testing.T) {
	c := New()
	c.Add(get("user:1"))
	concurrently(func() { c.Add(get("user:2")) }, func() {
		if size := c.Size(); size != 1 && size != 2 {
			t.Errorf("size %d", size)
		}
	})
}

func TestTwoWritersAndAReaderGetAlong(t *testing.T) {
	c := New()
	concurrently(func() { c.Add(get("user:1")) }, func() { c.Add(get("user:2")) },
		func() { c.Find("user:1") })
	expectSize(t, c, 2)
}

// As many records, keys and connections as the recorded session has, about.
func TestLoadKeepsTheLatestRecordOfEachKey(t *testing.T) {
	const connections, records, keys = 8, 700, 170
	c := New()
	functions := []func(){}
	for connection := 0; connection < connections; connection++ {
		functions = append(functions, func() {
			for i := 0; i < records; i++ {
				c.Add(nth("user:"+strconv.Itoa(i%keys), uint64(i)))
			}
		})
	}
	functions = append(functions, func() {
		for i := 0; i < 100; i++ {
			c.Find("user:" + strconv.Itoa(i))
		}
	})
	concurrently(functions...)
	expectSize(t, c, keys)
}
