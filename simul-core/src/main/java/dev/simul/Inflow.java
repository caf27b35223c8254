package dev.simul;

import java.util.ArrayDeque;
import java.util.Objects;
import java.util.Queue;
import java.util.concurrent.Flow;
import org.jspecify.annotations.Nullable;

// Rules of Reactive Streams 2 (Subscriber): request before values come, half of what may lie here at a time; a second
// subscription is cancelled; requests are made outside of the lock, because a publisher may send inside request().

/** What a publisher has sent to a generator and the generator has not yielded yet. */
final class Inflow<T> implements Flow.Subscriber<T> {

    private static final String VALUE = "a value of a publisher";

    private final int ahead;

    /** Whether the values come from the loop in which the generator is read, so that its clock may jump. */
    private final boolean ofThisLoop;

    // All guarded by this.
    private final Queue<T> received = new ArrayDeque<>();
    private Flow.@Nullable Subscription subscription;
    private @Nullable Promise<@Nullable Void> arrival;
    private int taken;
    private boolean over;
    private @Nullable Throwable failure;

    Inflow(int ahead, boolean ofThisLoop) {
        this.ahead = ahead;
        this.ofThisLoop = ofThisLoop;
    }

    /** Yields what comes. */
    void pourInto(Out<? super T> out) throws Exception {
        try {
            for (var next = take(); next != null; next = take()) {
                out.yield(next);
            }
        } finally {
            cancel();
        }
        if (failure != null) {
            throw Completion.asThrown(failure);
        }
    }

    /** Waits for a value; null at the end. */
    private @Nullable T take() throws Exception {
        while (true) {
            T next;
            Promise<@Nullable Void> wait = null;
            long more = 0;
            Flow.Subscription from;
            synchronized (this) {
                from = subscription;
                next = received.poll();
                if (next == null) {
                    if (over) {
                        return null;
                    }
                    wait = arrival = ofThisLoop ? new Promise<>(VALUE) : Promise.outside(VALUE);
                } else if (++taken >= Math.max(1, ahead / 2)) {
                    more = taken;
                    taken = 0;
                }
            }
            if (more > 0 && from != null) {
                from.request(more);
            }
            if (wait == null) {
                return next;
            }
            wait.await();
        }
    }

    private void cancel() {
        Flow.Subscription from;
        synchronized (this) {
            from = over ? null : subscription;
            over = true;
            received.clear();
        }
        if (from != null) {
            from.cancel();
        }
    }

    @Override
    public void onSubscribe(Flow.Subscription given) {
        Objects.requireNonNull(given, "a publisher has to give a subscription");
        boolean wanted;
        synchronized (this) {
            wanted = subscription == null && !over;
            if (wanted) {
                subscription = given;
            }
        }
        if (wanted) {
            given.request(ahead);
        } else {
            given.cancel();
        }
    }

    @Override
    public void onNext(T value) {
        Objects.requireNonNull(value, "a publisher cannot send null");
        synchronized (this) {
            if (!over) {
                received.add(value);
            }
            wake();
        }
    }

    @Override
    public void onError(Throwable error) {
        Objects.requireNonNull(error, "a publisher cannot fail with null");
        end(error);
    }

    @Override
    public void onComplete() {
        end(null);
    }

    private synchronized void end(@Nullable Throwable error) {
        if (!over) {
            over = true;
            failure = error;
            wake();
        }
    }

    private void wake() {
        if (arrival != null) {
            arrival.complete(null);
        }
    }
}
