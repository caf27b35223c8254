package dev.simul;

import java.util.concurrent.TimeUnit;
import org.openjdk.jcstress.annotations.Actor;
import org.openjdk.jcstress.annotations.Expect;
import org.openjdk.jcstress.annotations.JCStressTest;
import org.openjdk.jcstress.annotations.Outcome;
import org.openjdk.jcstress.annotations.State;
import org.openjdk.jcstress.infra.results.I_Result;

/** A loop that is about to park while another thread has something for it: nobody is left asleep. */
@JCStressTest
@Outcome(id = "1", expect = Expect.ACCEPTABLE, desc = "the loop found the step, or was woken for it")
@Outcome(
        id = "0",
        expect = Expect.FORBIDDEN,
        desc = "the wake-up was lost: the loop slept its whole time beside a step")
@State
public class WakeUpStress {
    private static final long LONG = TimeUnit.SECONDS.toNanos(1);

    private final Inbox inbox = new Inbox();

    @Actor
    public void send() {
        inbox.offer(() -> {});
    }

    @Actor
    public void loop(I_Result result) {
        long start = System.nanoTime();
        while (inbox.poll() == null) {
            inbox.await(LONG);
        }
        result.r1 = System.nanoTime() - start < LONG ? 1 : 0;
    }
}
