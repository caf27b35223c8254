package dev.simul;

import java.util.ArrayList;
import java.util.List;
import org.jspecify.annotations.Nullable;

// A task for each item, in a group: so nothing is left behind, whoever fails or is cancelled. The coroutine that called
// takes the items, one when there is a place for it: the iterable may be long or wait, and is never asked for more than
// there are places.

/** Work on many items, on so many at a time. Loop thread only. */
final class Mapping<A extends @Nullable Object, B extends @Nullable Object> {

    private final EventLoop loop;
    private final Async.Mapper<? super A, ? extends B> mapper;
    private int freePlaces;
    private @Nullable Promise<@Nullable Void> freed;

    Mapping(EventLoop loop, int places, Async.Mapper<? super A, ? extends B> mapper) {
        if (places < 1) {
            throw new IllegalArgumentException("atOnce must be at least 1, was " + places);
        }
        this.loop = loop;
        this.freePlaces = places;
        this.mapper = mapper;
    }

    List<B> run(Iterable<? extends A> items) throws Exception {
        List<Task<B>> tasks = new ArrayList<>();
        TaskGroup.<B, @Nullable Void>within(group -> {
            for (A item : items) {
                awaitPlace();
                Task<B> task = group.fork(() -> mapper.apply(item));
                tasks.add(task);
                new LoopCallback(loop, this::leavePlace).register(task);
            }
            return null;
        });
        List<B> results = new ArrayList<>(tasks.size());
        for (var task : tasks) {
            results.add(task.result());
        }
        return results;
    }

    private void awaitPlace() {
        while (freePlaces == 0) {
            freed = new Promise<>("a place for the next item");
            freed.join();
        }
        freePlaces--;
    }

    private void leavePlace() {
        freePlaces++;
        if (freed != null) {
            freed.complete(null);
        }
    }
}
