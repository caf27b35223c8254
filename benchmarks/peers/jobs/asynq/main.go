// Asynq as a contestant with jobs: asynq produce, or asynq work CONCURRENCY QUEUES. See SimulJobs.java for what a
// producer is asked.
package main

import (
	"bufio"
	"context"
	"encoding/json"
	"fmt"
	"os"
	"strconv"
	"strings"
	"sync"
	"sync/atomic"
	"time"

	"github.com/hibiken/asynq"
)

var redis = asynq.RedisClientOpt{Addr: "127.0.0.1:" + os.Getenv("REDIS_PORT")}

type arguments struct {
	Number int
	Text   string
}

func main() {
	if os.Args[1] == "produce" {
		produce()
	} else {
		work(number(os.Args[2]), number(os.Args[3]))
	}
}

func number(text string) int {
	value, err := strconv.Atoi(text)
	check(err)
	return value
}

func check(err error) {
	if err != nil {
		panic(err)
	}
}

func open(variable string) *os.File {
	file, err := os.OpenFile(os.Getenv(variable), os.O_WRONLY|os.O_APPEND, 0)
	check(err)
	return file
}

func work(concurrency, queues int) {
	done, latencies := open("JOBS_DONE"), open("JOBS_LATENCIES")
	names := map[string]int{}
	for queue := range queues {
		names[fmt.Sprintf("q%d", queue)] = 1
	}
	job := func(pause time.Duration) func(context.Context, *asynq.Task) error {
		return func(_ context.Context, task *asynq.Task) error {
			var given arguments
			if err := json.Unmarshal(task.Payload(), &given); err != nil {
				return err
			}
			if pause > 0 {
				time.Sleep(pause)
			}
			_, err := done.Write([]byte{'.'})
			return err
		}
	}
	mux := asynq.NewServeMux()
	mux.HandleFunc("noop", job(0))
	mux.HandleFunc("sleep1", job(time.Millisecond))
	mux.HandleFunc("sleep10", job(10*time.Millisecond))
	mux.HandleFunc("latency", func(_ context.Context, task *asynq.Task) error {
		var enqueued int64
		if err := json.Unmarshal(task.Payload(), &enqueued); err != nil {
			return err
		}
		_, err := fmt.Fprintf(latencies, "%d\n", time.Now().UnixNano()-enqueued)
		return err
	})
	server := asynq.NewServer(redis, asynq.Config{Concurrency: concurrency, Queues: names, LogLevel: asynq.ErrorLevel})
	check(server.Run(mux))
}

func produce() {
	client := asynq.NewClient(redis)
	lines := bufio.NewScanner(os.Stdin)
	for lines.Scan() {
		words := strings.Split(lines.Text(), " ")
		jobs := number(words[1])
		start := time.Now()
		if words[0] == "paced" {
			paced(client, jobs, time.Duration(number(words[2]))*time.Microsecond)
		} else {
			enqueue(client, words[0], jobs, words[2], strings.Repeat("x", number(words[3])), number(words[4]))
		}
		fmt.Println(time.Since(start).Seconds())
	}
}

// Asynq has no call for several jobs, so a batch is what many callers do.
func enqueue(client *asynq.Client, mode string, jobs int, kind, text string, queues int) {
	one := func(job int) {
		payload, err := json.Marshal(arguments{job, text})
		check(err)
		_, err = client.Enqueue(asynq.NewTask(kind, payload), asynq.Queue(fmt.Sprintf("q%d", job%queues)))
		check(err)
	}
	if mode == "one" {
		for job := range jobs {
			one(job)
		}
		return
	}
	var next atomic.Int64
	var callers sync.WaitGroup
	for range 32 {
		callers.Add(1)
		go func() {
			defer callers.Done()
			for job := int(next.Add(1)) - 1; job < jobs; job = int(next.Add(1)) - 1 {
				one(job)
			}
		}()
	}
	callers.Wait()
}

func paced(client *asynq.Client, jobs int, gap time.Duration) {
	start := time.Now()
	for job := range jobs {
		time.Sleep(time.Until(start.Add(time.Duration(job) * gap)))
		payload, err := json.Marshal(time.Now().UnixNano())
		check(err)
		_, err = client.Enqueue(asynq.NewTask("latency", payload), asynq.Queue("q0"))
		check(err)
	}
}
