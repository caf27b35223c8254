package dev.simul.jobs;

import java.util.ArrayList;
import java.util.List;
import java.util.function.Function;
import java.util.function.UnaryOperator;

/** One call that enqueues, on its way through the middleware. */
final class EnqueueChain implements JobMiddleware.Enqueue {
    private final String queue;
    private final List<JobRequest<?>> requests;
    private final List<JobMiddleware> middleware;
    private final Function<UnaryOperator<JobOptions>, List<String>> last;
    private UnaryOperator<JobOptions> change = o -> o;
    private List<String> ids = List.of();
    private int next;
    private boolean done;

    /**
     * Prepares.
     *
     * @param last writes the jobs with options changed like this, and returns their ids
     */
    EnqueueChain(
            String queue,
            List<? extends JobRequest<?>> requests,
            List<JobMiddleware> middleware,
            Function<UnaryOperator<JobOptions>, List<String>> last) {
        this.queue = queue;
        this.requests = new ArrayList<>(requests);
        this.middleware = middleware;
        this.last = last;
    }

    @Override
    public String queue() {
        return queue;
    }

    @Override
    public List<JobRequest<?>> requests() {
        return List.copyOf(requests);
    }

    @Override
    public void change(UnaryOperator<JobOptions> further) {
        var before = change;
        change = o -> further.apply(before.apply(o));
    }

    @Override
    public void proceed() {
        if (next < middleware.size()) {
            var one = middleware.get(next++);
            one.enqueue(this);
            if (!done) {
                throw new IllegalStateException(one.getClass().getName()
                        + ".enqueue returned without proceed(): call it, or throw what keeps the job away");
            }
        } else if (done) {
            throw new IllegalStateException("a middleware has called proceed() twice: the jobs are enqueued");
        } else {
            ids = last.apply(change);
            done = true;
        }
    }

    @Override
    public List<String> ids() {
        return ids;
    }
}
