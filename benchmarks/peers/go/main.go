// The Go side of the benchmarks: goroutines. It speaks as rounds.py does.
package main

import (
	"bufio"
	"fmt"
	"os"
	"runtime"
	"strconv"
	"sync"
	"time"
)

func per(operations int, work func()) float64 {
	start := time.Now()
	work()
	return float64(time.Since(start).Nanoseconds()) / float64(operations)
}

func together(tasks int, work func()) {
	var running sync.WaitGroup
	running.Add(tasks)
	for i := 0; i < tasks; i++ {
		go func() {
			work()
			running.Done()
		}()
	}
	running.Wait()
}

func switches() float64 {
	const tasks, turns = 1_000, 50
	return per(tasks*turns, func() {
		together(tasks, func() {
			for i := 0; i < turns; i++ {
				runtime.Gosched()
			}
		})
	})
}

func spawn() float64 {
	const tasks = 20_000
	return per(tasks, func() {
		for i := 0; i < tasks; i++ {
			done := make(chan int, 1)
			go func() { done <- 1 }()
			<-done
		}
	})
}

func gather() float64 {
	const tasks = 10_000
	return per(tasks, func() { together(tasks, func() {}) })
}

func inUse() uint64 {
	runtime.GC()
	var stats runtime.MemStats
	runtime.ReadMemStats(&stats)
	return stats.HeapAlloc + stats.StackInuse
}

func memory(tasks int) float64 {
	never := make(chan int)
	var parked sync.WaitGroup
	before := inUse()
	parked.Add(tasks)
	for i := 0; i < tasks; i++ {
		go func() {
			parked.Done()
			<-never
		}()
	}
	parked.Wait()
	return float64(inUse()-before) / float64(tasks)
}

func main() {
	row := os.Args[1]
	for lines := bufio.NewScanner(os.Stdin); lines.Scan(); {
		switch row {
		case "switch":
			fmt.Println(switches())
		case "spawn":
			fmt.Println(spawn())
		case "gather":
			fmt.Println(gather())
		case "memory":
			tasks, _ := strconv.Atoi(os.Args[2])
			fmt.Println(memory(tasks))
		default:
			fmt.Fprintln(os.Stderr, "no such row:", row)
			os.Exit(2)
		}
	}
}
