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

// There is no common turn in Go: each of the tasks has so many, and the last one's end ends the round.
func turn(tasks int) float64 {
	turns := max(2, 200_000/tasks)
	gate := make(chan int)
	var running sync.WaitGroup
	running.Add(tasks)
	for i := 0; i < tasks; i++ {
		go func() {
			<-gate
			for i := 0; i < turns; i++ {
				runtime.Gosched()
			}
			running.Done()
		}()
	}
	return per(tasks*turns, func() {
		close(gate)
		running.Wait()
	})
}

func spawn(others int) float64 {
	const tasks = 20_000
	gate := make(chan int)
	defer close(gate)
	for i := 0; i < others; i++ {
		go func() { <-gate }()
	}
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

func pingPong() float64 {
	const rounds = 200_000
	there, back := make(chan int), make(chan int)
	return per(rounds, func() {
		go func() {
			for i := 0; i < rounds; i++ {
				back <- <-there
			}
		}()
		for i := 0; i < rounds; i++ {
			there <- i
			<-back
		}
	})
}

func channel() float64 {
	const items = 500_000
	queue := make(chan int, 1_000)
	return per(items, func() {
		go func() {
			for i := 0; i < items; i++ {
				queue <- i
			}
		}()
		for i := 0; i < items; i++ {
			<-queue
		}
	})
}

func timerFire() float64 {
	const timers = 100_000
	var running sync.WaitGroup
	running.Add(timers)
	return per(timers, func() {
		for i := 0; i < timers; i++ {
			time.AfterFunc(time.Millisecond, running.Done)
		}
		running.Wait()
	})
}

func timerCancel() float64 {
	const timers = 100_000
	pending := make([]*time.Timer, timers)
	return per(timers, func() {
		for i := range pending {
			pending[i] = time.AfterFunc(time.Minute, func() {})
		}
		for _, timer := range pending {
			timer.Stop()
		}
	})
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
	tasks, _ := strconv.Atoi(os.Args[2])
	for lines := bufio.NewScanner(os.Stdin); lines.Scan(); {
		switch row {
		case "switch":
			fmt.Println(switches())
		case "spawn":
			fmt.Println(spawn(0))
		case "turn":
			fmt.Println(turn(tasks))
		case "spawn-among":
			fmt.Println(spawn(tasks))
		case "gather":
			fmt.Println(gather())
		case "ping-pong":
			fmt.Println(pingPong())
		case "channel":
			fmt.Println(channel())
		case "timer-fire":
			fmt.Println(timerFire())
		case "timer-cancel":
			fmt.Println(timerCancel())
		case "memory":
			fmt.Println(memory(tasks))
		default:
			fmt.Fprintln(os.Stderr, "no such row:", row)
			os.Exit(2)
		}
	}
}
