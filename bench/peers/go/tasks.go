// The cases for goroutines and channels.
// usage: tasks step COUNT [0 [random]] | create one|batch | message ROOM | semaphore | sleeps |
// parked | stacks
package main

import (
	"fmt"
	"math/rand"
	"os"
	"runtime"
	"strconv"
	"strings"
	"sync"
	"syscall"
	"time"
)

const (
	steps        = 5000000
	stepsAtLeast = 6
	created      = 2000000
	batch        = 10000
	messages     = 5000000
	passing      = 1000
	passes       = 100
	permits      = 20
	sleeping     = 100000
	sleeps       = 10
	parked       = 1000000
)

func nanoseconds(began time.Time, count int) float64 {
	return float64(time.Since(began).Nanoseconds()) / float64(count)
}

func yieldFor(rounds int) {
	for i := 0; i < rounds; i++ {
		runtime.Gosched()
	}
}

// The order in which they begin: their own, or a random one.
func orderOf(count int, random bool) []int {
	if random {
		return rand.Perm(count)
	}
	order := make([]int, count)
	for i := range order {
		order[i] = i
	}
	return order
}

// Each waits at a channel of its own. On several threads they do not step in turn: the time is that
// from the first beginning to the last end.
func step(count int, random bool) float64 {
	rounds := steps / count
	if rounds < stepsAtLeast {
		rounds = stepsAtLeast
	}
	begin := make([]chan struct{}, count)
	var waiting, all sync.WaitGroup
	waiting.Add(count)
	all.Add(count)
	for i := range begin {
		own := make(chan struct{})
		begin[i] = own
		go func() {
			defer all.Done()
			waiting.Done()
			<-own
			yieldFor(rounds)
		}()
	}
	waiting.Wait()
	order := orderOf(count, random)
	began := time.Now()
	for _, i := range order {
		close(begin[i])
	}
	all.Wait()
	return nanoseconds(began, rounds*count)
}

// One after another: the end of each is a message.
func createOne(count int) {
	done := make(chan struct{})
	for i := 0; i < count; i++ {
		go func() { done <- struct{}{} }()
		<-done
	}
}

func createBatches(count int) {
	var all sync.WaitGroup
	for i := 0; i < count; i += batch {
		all.Add(batch)
		for j := 0; j < batch; j++ {
			go all.Done()
		}
		all.Wait()
	}
}

func create(how func(int)) float64 {
	how(created / 5)
	began := time.Now()
	how(created)
	return nanoseconds(began, created)
}

func message(room int) float64 {
	queue := make(chan *int, room)
	go func() {
		item := new(int)
		for i := 0; i < messages+messages/5; i++ {
			queue <- item
		}
	}()
	for i := 0; i < messages/5; i++ {
		<-queue
	}
	began := time.Now()
	for i := 0; i < messages; i++ {
		<-queue
	}
	return nanoseconds(began, messages)
}

func passAll() {
	semaphore := make(chan struct{}, permits)
	var all sync.WaitGroup
	all.Add(passing)
	for i := 0; i < passing; i++ {
		go func() {
			defer all.Done()
			for j := 0; j < passes; j++ {
				semaphore <- struct{}{}
				runtime.Gosched()
				<-semaphore
			}
		}()
	}
	all.Wait()
}

func semaphore() float64 {
	passAll()
	began := time.Now()
	passAll()
	return nanoseconds(began, 1) / 1e6
}

func cpuSeconds() float64 {
	var usage syscall.Rusage
	if err := syscall.Getrusage(syscall.RUSAGE_SELF, &usage); err != nil {
		panic(err)
	}
	return time.Duration(usage.Utime.Nano() + usage.Stime.Nano()).Seconds()
}

func sleepAll() float64 {
	var all sync.WaitGroup
	all.Add(sleeping)
	for i := 0; i < sleeping; i++ {
		go func(state uint64) {
			defer all.Done()
			for j := 0; j < sleeps; j++ {
				state ^= state << 13
				state ^= state >> 7
				state ^= state << 17
				time.Sleep(time.Duration(state%10000) * time.Microsecond)
			}
		}(uint64(i+1) * 88172645463325252)
	}
	all.Wait()
	return cpuSeconds()
}

func residentBytes() float64 {
	status, err := os.ReadFile("/proc/self/status")
	if err != nil {
		panic(err)
	}
	_, rest, _ := strings.Cut(string(status), "VmRSS:")
	kilobytes, err := strconv.Atoi(strings.Fields(rest)[0])
	if err != nil {
		panic(err)
	}
	return float64(kilobytes) * 1024
}

// Returns when all have made their first step.
func parkAll(count int) {
	var all sync.WaitGroup
	all.Add(count)
	for i := 0; i < count; i++ {
		go func() {
			all.Done()
			time.Sleep(1000000 * time.Second)
		}()
	}
	all.Wait()
}

func park() float64 {
	before := residentBytes()
	parkAll(parked)
	time.Sleep(100 * time.Millisecond)
	return (residentBytes() - before) / parked
}

func stacks() float64 {
	began := time.Now()
	parkAll(sleeping)
	return nanoseconds(began, sleeping) / 1e3
}

func size(word string) int {
	size, err := strconv.Atoi(word)
	if err != nil || size < 1 {
		misused()
	}
	return size
}

func misused() {
	fmt.Fprintln(os.Stderr, "usage: tasks step COUNT [0 [random]] | create one|batch | message ROOM |"+
		" semaphore | sleeps | parked | stacks")
	os.Exit(2)
}

func measure(words []string) float64 {
	switch {
	case words[0] == "step" && len(words) > 1:
		return step(size(words[1]), words[len(words)-1] == "random")
	case words[0] == "message" && len(words) > 1:
		return message(size(words[1]))
	}
	measures := map[string]func() float64{
		"create one":   func() float64 { return create(createOne) },
		"create batch": func() float64 { return create(createBatches) },
		"semaphore":    semaphore,
		"sleeps":       sleepAll,
		"parked":       park,
		"stacks":       stacks,
	}
	chosen, known := measures[strings.Join(words, " ")]
	if !known {
		misused()
	}
	return chosen()
}

func main() {
	if len(os.Args) < 2 {
		misused()
	}
	fmt.Printf("%.3f\n", measure(os.Args[1:]))
}
