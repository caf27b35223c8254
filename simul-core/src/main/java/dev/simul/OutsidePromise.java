package dev.simul;

import org.jspecify.annotations.Nullable;

/** A promise that keeps a loop's virtual clock from jumping. */
final class OutsidePromise<T extends @Nullable Object> extends Promise<T> {

    private final EventLoop loop;

    OutsidePromise(String name, EventLoop loop) {
        super(name);
        this.loop = loop;
        loop.outsideWork++;
    }

    /** After those who waited were told: between the two, nobody seems to be able to run. */
    @Override
    void reactionsCalled() {
        loop.enqueue(() -> loop.outsideWork--);
    }
}
