// BullMQ as a contestant with jobs: jobs.js produce, or jobs.js work CONCURRENCY QUEUES. See SimulJobs.java for
// what a producer is asked.

const fs = require('fs');
const readline = require('readline');
const { Queue, Worker } = require('bullmq');

const connection = { host: '127.0.0.1', port: Number(process.env.REDIS_PORT), maxRetriesPerRequest: null };
const sleep = (millis) => new Promise((resolve) => setTimeout(resolve, millis));
const seconds = () => performance.now() / 1e3;
const wallMillis = () => performance.timeOrigin + performance.now();

function work(concurrency, queues) {
  const done = fs.openSync(process.env.JOBS_DONE, 'a');
  const latencies = fs.openSync(process.env.JOBS_LATENCIES, 'a');
  const run = async (job) => {
    switch (job.name) {
      case 'latency':
        fs.writeSync(latencies, `${Math.round((wallMillis() - job.data.enqueued) * 1e6)}\n`);
        return;
      case 'sleep1':
        await sleep(1);
        break;
      case 'sleep10':
        await sleep(10);
        break;
    }
    fs.writeSync(done, '.');
  };
  for (let number = 0; number < queues; number++) new Worker(`q${number}`, run, { connection, concurrency });
}

async function enqueue(queues, mode, jobs, name, bytes) {
  const text = 'x'.repeat(bytes);
  const add = (number) => queues[number % queues.length].add(name, { number, text });
  if (mode === 'one') {
    for (let number = 0; number < jobs; number++) await add(number);
  } else if (mode === 'many') {
    let next = 0;
    const caller = async () => {
      while (next < jobs) await add(next++);
    };
    await Promise.all(Array.from({ length: 32 }, caller));
  } else {
    for (let start = 0; start < jobs; start += 500) {
      const batches = queues.map(() => []);
      for (let number = start; number < Math.min(jobs, start + 500); number++) {
        batches[number % queues.length].push({ name, data: { number, text } });
      }
      for (const [which, batch] of batches.entries()) if (batch.length > 0) await queues[which].addBulk(batch);
    }
  }
}

async function paced(queue, jobs, micros) {
  const start = performance.now();
  for (let number = 0; number < jobs; number++) {
    const left = start + (number * micros) / 1e3 - performance.now();
    if (left > 0) await sleep(left);
    await queue.add('latency', { enqueued: wallMillis() });
  }
}

async function produce() {
  const opened = new Map();
  const open = (count) =>
    Array.from({ length: count }, (_, number) => {
      const name = `q${number}`;
      if (!opened.has(name)) opened.set(name, new Queue(name, { connection }));
      return opened.get(name);
    });
  for await (const line of readline.createInterface({ input: process.stdin })) {
    const [mode, jobs, ...rest] = line.split(' ');
    const queues = open(mode === 'paced' ? 1 : Number(rest[2]));
    for (const queue of queues) await queue.waitUntilReady();
    const start = seconds();
    if (mode === 'paced') await paced(queues[0], Number(jobs), Number(rest[0]));
    else await enqueue(queues, mode, Number(jobs), rest[0], Number(rest[1]));
    console.log(seconds() - start);
  }
  process.exit(0);
}

const [role, concurrency, queues] = process.argv.slice(2);
if (role === 'work') work(Number(concurrency), Number(queues));
else produce();
