package dev.simul.jobs.internal.worker;

import dev.simul.jobs.RedisUnavailableException;
import dev.simul.jobs.internal.redis.RedisLink;
import dev.simul.jobs.internal.worker.JobReserver.Held;
import dev.simul.jobs.internal.worker.JobReserver.Reservation;
import java.lang.System.Logger.Level;
import java.time.Duration;
import java.util.concurrent.CancellationException;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.TimeoutException;
import java.util.function.Consumer;
import org.jspecify.annotations.Nullable;

// Whoever knows first looks
//
// A job is picked up as soon as three things are known: a slot is free, a queue has something, nobody has asked us to
// stop. The thread that learns the last of them sends the reservation itself: the one whose job has ended, or the
// connection's when the bell rings or the answer before has come. Handing that to a thread of our own would cost a
// wake-up on the way to every job, which takes longer than Redis needs for the whole of it (measured: ARCHITECTURE.md).
//
// There is one reservation under way at most, so what they touch needs no lock but the one around `state`. The worker's
// own thread is left with what may block or wait: time that passes, a Redis that does not answer, and jobs taken in an
// answer that got lost.

/** Keeps a worker's slots filled with jobs, until it is told to stop or, in a burst, has run dry. From any thread. */
final class JobTaker implements AutoCloseable {
    private static final System.Logger LOG = System.getLogger("dev.simul.jobs");
    private static final Duration PAUSE = Duration.ofSeconds(1);
    private static final Duration WHILE_IDLE = Duration.ofMinutes(5);

    /** How often the worker's thread looks after the others at least. */
    private static final Duration WATCH = Duration.ofSeconds(1);

    private enum State {
        /** Looks as soon as there is a free slot. */
        READY,
        /** Has asked Redis for jobs. */
        LOOKING,
        /** There is nothing to take; waits for the bell or its time. */
        RESTING,
        /** The last look went wrong; the worker's thread has to see to it. */
        TROUBLED,
        /** Takes no more. */
        ENDED
    }

    private final RedisLink redis;
    private final WorkerSettings settings;
    private final RunningJobs running;
    private final WorkerRegistration registration;
    private final StopRequest stop;
    private final JobReserver reserver;
    private final QueueBell bell;
    private final Complaint complaint = new Complaint();

    // guarded by this
    private Consumer<ReservedJob> start = _ -> {};
    private State state = State.READY;
    private int free;
    private long jobsLeft;
    private boolean leaving;
    private boolean rung; // since the last look was sent
    private long asked; // when the last look was sent; this and the next ones as System.nanoTime has it
    private long again; // while resting: when to look whatever happens
    private long idleSince = System.nanoTime();
    private @Nullable Throwable trouble;

    // the one who looks
    private boolean suspended;

    /** Whether the end of a job is a reason to look again. */
    private volatile boolean wakesAtEnds;

    /** Prepares; none is taken before {@link #run}. */
    JobTaker(
            RedisLink redis,
            WorkerSettings settings,
            RunningJobs running,
            WorkerRegistration registration,
            StopRequest stop) {
        this.redis = redis;
        this.settings = settings;
        this.running = running;
        this.registration = registration;
        this.stop = stop;
        this.reserver = new JobReserver(redis, settings);
        this.bell = new QueueBell(redis, settings.queues(), this::ring);
        this.free = settings.concurrency();
        this.jobsLeft = settings.run().maxJobs();
        this.wakesAtEnds = endsWhenIdle();
    }

    private boolean endsWhenIdle() {
        return settings.burst() || settings.run().maxIdleTime() != null;
    }

    /** So many outcomes have been sent: what is sent from now on finds their slots free. */
    void freed(int slots) {
        synchronized (this) {
            free += slots;
        }
        look();
    }

    /** A job has ended; it may have left something to do, or room in a queue at its limit. */
    void jobEnded() {
        if (wakesAtEnds) {
            ring();
        }
    }

    /** There may be something to do, or to end for. */
    void ring() {
        synchronized (this) {
            rung = true;
            if (state == State.RESTING) {
                state = State.READY;
            }
        }
        look();
    }

    private void look() {
        int limit;
        synchronized (this) {
            if (state != State.READY) {
                return;
            }
            if (leaving || stop.isAsked() || jobsLeft == 0) {
                become(State.ENDED);
                return;
            }
            if (free == 0) {
                return;
            }
            limit = (int) Math.min(free, jobsLeft);
            state = State.LOOKING;
            rung = false;
            asked = System.nanoTime();
        }
        boolean alone = running.isEmpty(); // asked before: a job that ends after the look may have enqueued more
        try {
            var _ = reserver.reserve(limit)
                    .thenAccept(reservation -> took(reservation, alone))
                    .exceptionally(this::failed);
        } catch (RuntimeException e) { // the connection is closed for good
            failed(e);
        }
    }

    private void took(Reservation reservation, boolean alone) {
        complaint.over("takes jobs again");
        var jobs = reservation.jobs();
        Consumer<ReservedJob> starting;
        synchronized (this) {
            free -= jobs.size();
            jobsLeft -= jobs.size();
            starting = start;
        }
        jobs.forEach(starting);
        if (suspended && !reservation.suspended() && jobs.isEmpty()) {
            registration.resumed();
        }
        suspended = reservation.suspended();
        synchronized (this) {
            if (!jobs.isEmpty() || suspended) {
                idleSince = System.nanoTime();
            }
            boolean nothing =
                    alone && jobs.isEmpty() && reservation.held().stream().noneMatch(Held::waiting);
            if (!reserver.isSettled()) {
                become(State.TROUBLED);
            } else if (!suspended && !reservation.drained()) {
                state = State.READY;
            } else if (nothing && (settings.burst() || idleTimeLeft().isNegative())) {
                become(State.ENDED);
            } else {
                rest(reservation);
            }
        }
        look();
    }

    private synchronized @Nullable Void failed(Throwable error) {
        trouble = RedisLink.cause(error);
        become(State.TROUBLED);
        return null;
    }

    private synchronized void become(State news) {
        state = news;
        notifyAll();
    }

    private synchronized void rest(Reservation reservation) {
        var held = reservation.held();
        var patience = held.stream().map(Held::again).min(Duration::compareTo).orElse(WHILE_IDLE);
        // A queue at its limit may have room as soon as one of our jobs ends.
        wakesAtEnds = endsWhenIdle() || !held.isEmpty();
        if (rung) {
            state = State.READY;
            return;
        }
        boolean listens = !suspended && !settings.burst();
        patience = shorter(patience, listens ? idleTimeLeft().plusMillis(1) : PAUSE);
        state = State.RESTING;
        again = System.nanoTime() + patience.toNanos();
        if (patience.compareTo(WATCH) < 0) {
            notifyAll();
        }
        if (listens) { // last, for it may ring at once, in this thread
            bell.listen(held.stream().map(Held::queue).toList());
        }
    }

    private static Duration shorter(Duration one, Duration other) {
        return one.compareTo(other) < 0 ? one : other;
    }

    /** How long there may be no job still, before the worker ends; negative if it is over. */
    private synchronized Duration idleTimeLeft() {
        var most = settings.run().maxIdleTime();
        if (most == null || !running.isEmpty()) {
            return WHILE_IDLE;
        }
        return most.minus(Duration.ofNanos(System.nanoTime() - Math.max(idleSince, running.lastEnd())));
    }

    /**
     * Takes jobs until no more are to be taken; by the worker's thread.
     *
     * @param start runs a job that has a slot; must not block
     * @throws InterruptedException if the thread was interrupted; none is taken any more then either
     */
    void run(Consumer<ReservedJob> start) throws InterruptedException {
        synchronized (this) {
            this.start = start;
        }
        try {
            look();
            while (watch()) {
                mend();
                look();
            }
        } catch (InterruptedException e) {
            leave();
            throw e;
        }
    }

    /** Waits for what needs this thread; false when no more jobs are taken. */
    private synchronized boolean watch() throws InterruptedException {
        while (state != State.ENDED && state != State.TROUBLED) {
            long now = System.nanoTime();
            long left = WATCH.toNanos();
            if (state == State.RESTING) {
                left = Math.min(left, again - now);
                if (left <= 0) {
                    state = State.READY;
                    return true;
                }
            } else if (state == State.LOOKING && now - asked > redis.patience().toNanos()) {
                reserver.giveUp(new TimeoutException());
                left = state == State.LOOKING ? left : 1; // else the answer has just come
            }
            TimeUnit.NANOSECONDS.timedWait(this, left);
        }
        return state == State.TROUBLED;
    }

    /** Sees to a look that went wrong: waits a while, and has taken back what we may not have heard of. */
    private void mend() throws InterruptedException {
        Throwable error;
        synchronized (this) {
            if (state != State.TROUBLED) {
                return;
            }
            error = trouble;
            trouble = null;
        }
        boolean settled = error == null && settle();
        while (!settled && !stop.isAsked()) {
            if (error != null) {
                complaint.say("cannot take jobs: " + error.getMessage());
                error = null;
            }
            var _ = stop.await(PAUSE);
            settled = settle();
        }
        become(State.READY);
    }

    private boolean settle() throws InterruptedException {
        try {
            reserver.settle();
            return true;
        } catch (RuntimeException e) { // whatever the answer was, a worker must not end of it
            if (Thread.interrupted()) {
                throw new InterruptedException();
            }
            complaint.say("cannot take jobs: " + e.getMessage());
            return false;
        }
    }

    /** Gives up a look that is under way; its answer, if one comes after all, is settled later. */
    private void leave() {
        boolean interrupted = false;
        synchronized (this) {
            leaving = true;
            while (state == State.LOOKING) {
                reserver.giveUp(new CancellationException());
                try {
                    TimeUnit.MILLISECONDS.timedWait(this, 20);
                } catch (InterruptedException e) {
                    interrupted = true;
                }
            }
            state = State.ENDED;
        }
        if (interrupted) {
            Thread.currentThread().interrupt();
        }
    }

    /**
     * Gives back what was taken for us in answers that got lost.
     *
     * @return whether nothing of that kind is left
     */
    boolean giveBack() {
        try {
            reserver.settle();
            return true;
        } catch (RedisUnavailableException e) {
            LOG.log(Level.WARNING, "jobs taken in an answer that got lost are left to be rescued: {0}", e.getMessage());
            return false;
        }
    }

    @Override
    public void close() {
        bell.close();
    }
}
