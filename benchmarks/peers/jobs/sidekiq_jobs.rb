# Sidekiq as a contestant with jobs: sidekiq_jobs.rb produce, or sidekiq_jobs.rb work CONCURRENCY QUEUES. See rq_jobs.py.

require 'sidekiq'

URL = { url: "redis://127.0.0.1:#{ENV.fetch('REDIS_PORT')}/0" }.freeze
Redis.silence_deprecations = true if defined?(Redis) && Redis.respond_to?(:silence_deprecations=)
Sidekiq.configure_client { |config| config.redis = URL }
Sidekiq.configure_server do |config|
  config.redis = URL
  config.logger.level = 3
end

def append(variable, text)
  $files ||= {}
  $files[variable] ||= File.open(ENV.fetch(variable), 'a')
  $files[variable].syswrite(text)
end

def wall_nanos = Process.clock_gettime(Process::CLOCK_REALTIME, :nanosecond)
def clock = Process.clock_gettime(Process::CLOCK_MONOTONIC)

class Noop
  include Sidekiq::Worker
  def perform(_number, _text) = append('JOBS_DONE', '.')
end

class Sleep1
  include Sidekiq::Worker
  def perform(_number, _text)
    sleep 0.001
    append('JOBS_DONE', '.')
  end
end

class Sleep10
  include Sidekiq::Worker
  def perform(_number, _text)
    sleep 0.01
    append('JOBS_DONE', '.')
  end
end

class Latency
  include Sidekiq::Worker
  def perform(enqueued) = append('JOBS_LATENCIES', "#{wall_nanos - enqueued}\n")
end

KINDS = { 'noop' => Noop, 'sleep1' => Sleep1, 'sleep10' => Sleep10 }.freeze

def enqueue(mode, jobs, kind, bytes, queues)
  text = 'x' * bytes
  if mode == 'batch'
    (0...jobs).each_slice(500) do |numbers|
      numbers.group_by { |number| number % queues }.each do |queue, some|
        Sidekiq::Client.push_bulk('class' => kind, 'queue' => "q#{queue}", 'args' => some.map { |n| [n, text] })
      end
    end
  else
    jobs.times { |n| Sidekiq::Client.push('class' => kind, 'queue' => "q#{n % queues}", 'args' => [n, text]) }
  end
end

def paced(jobs, micros)
  start = clock
  jobs.times do |number|
    left = start + number * micros / 1e6 - clock
    sleep left if left.positive?
    Sidekiq::Client.push('class' => Latency, 'queue' => 'q0', 'args' => [wall_nanos])
  end
end

if $PROGRAM_NAME == __FILE__
  if ARGV[0] == 'produce'
    $stdin.each_line do |line|
      mode, jobs, *rest = line.split
      start = clock
      if mode == 'paced' then paced(jobs.to_i, rest[0].to_i)
      else enqueue(mode, jobs.to_i, KINDS.fetch(rest[0]), rest[1].to_i, rest[2].to_i)
      end
      puts clock - start
      $stdout.flush
    end
  else
    queues = Array.new(ARGV[2].to_i) { |number| ['-q', "q#{number}"] }.flatten
    exec('sidekiq', '-r', File.expand_path(__FILE__), '-c', ARGV[1], '-e', 'production', *queues)
  end
end
