package dev.simul.sync;

import static dev.simul.Async.spawn;
import static dev.simul.VirtualTime.pass;
import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import dev.simul.Task;
import dev.simul.VirtualTime;
import java.util.ArrayList;
import java.util.List;
import java.util.concurrent.BrokenBarrierException;
import org.junit.jupiter.api.Test;

class BarrierTest {

    private final VirtualTime time = new VirtualTime();
    private final Barrier barrier = new Barrier(3);

    private List<Task<Integer>> arrive(int count) {
        List<Task<Integer>> tasks = new ArrayList<>();
        for (int i = 0; i < count; i++) {
            tasks.add(spawn(barrier::await));
        }
        settle();
        return tasks;
    }

    private static void settle() {
        for (int i = 0; i < 20; i++) {
            pass();
        }
    }

    private static List<Integer> places(List<Task<Integer>> tasks) throws Exception {
        List<Integer> places = new ArrayList<>();
        for (var task : tasks) {
            places.add(task.await());
        }
        return places;
    }

    private static void assertBroken(List<Task<Integer>> tasks) {
        for (var task : tasks) {
            assertThatThrownBy(task::await).isInstanceOf(BrokenBarrierException.class);
        }
    }

    @Test
    void lastOneLetsAllGoAndEachHasAPlaceOfItsOwn() throws Exception {
        time.run(() -> {
            var two = arrive(2);
            assertThat(barrier.waiting()).isEqualTo(2);
            assertThat(two).noneMatch(Task::isDone);

            var last = arrive(1);
            assertThat(places(two)).containsExactly(0, 1);
            assertThat(places(last)).containsExactly(2);
            assertThat(barrier.waiting()).isZero();
        });
    }

    @Test
    void itIsUsedRoundByRound() throws Exception {
        time.run(() -> {
            for (int round = 0; round < 3; round++) {
                assertThat(places(arrive(3))).containsExactlyInAnyOrder(0, 1, 2);
            }
        });
    }

    @Test
    void barrierOfOneNeverWaits() throws Exception {
        time.run(() -> assertThat(new Barrier(1).await()).isZero());
    }

    @Test
    void fewerThanOnePartyIsRefused() {
        assertThatThrownBy(() -> new Barrier(0))
                .isInstanceOf(IllegalArgumentException.class)
                .hasMessage("parties must be 1 or more, was 0");
    }

    @Test
    void eachButTheLastSeesTheRoundBeingLetOut() throws Exception {
        time.run(() -> {
            List<Boolean> draining = new ArrayList<>();
            for (int i = 0; i < 3; i++) {
                spawn(() -> {
                    barrier.await();
                    draining.add(barrier.toString().contains("draining"));
                });
            }
            settle();

            assertThat(draining).containsExactly(true, true, false);
        });
    }

    @Test
    void whoComesBackWhileTheRoundIsLetOutIsInTheNext() throws Exception {
        time.run(() -> {
            List<Integer> rounds = new ArrayList<>();
            List<Task<?>> tasks = new ArrayList<>();
            for (int i = 0; i < 3; i++) {
                tasks.add(spawn(() -> {
                    for (int round = 0; round < 3; round++) {
                        barrier.await();
                        rounds.add(round);
                    }
                }));
            }
            for (var task : tasks) {
                task.await();
            }

            assertThat(rounds).containsExactly(0, 0, 0, 1, 1, 1, 2, 2, 2);
        });
    }

    @Test
    void cancelledWaiterLeavesAndTheOthersWaitForOneMore() throws Exception {
        time.run(() -> {
            var two = arrive(2);
            two.getFirst().cancel();
            settle();
            assertThat(barrier.waiting()).isEqualTo(1);
            assertThat(barrier.isBroken()).isFalse();

            var more = arrive(2);
            assertThat(more).allMatch(Task::isDone);
            assertThat(two.getLast().isDone()).isTrue();
            assertThat(two.getFirst().state()).isEqualTo(Task.State.CANCELLED);
        });
    }

    @Test
    void resetBreaksThePresentRoundOnly() throws Exception {
        time.run(() -> {
            var two = arrive(2);
            barrier.reset();
            assertBroken(two);

            assertThat(barrier.isBroken()).isFalse();
            assertThat(places(arrive(3))).containsExactlyInAnyOrder(0, 1, 2);
        });
    }

    @Test
    void resetOfAnEmptyBarrierChangesNothing() throws Exception {
        time.run(() -> {
            barrier.reset();

            assertThat(places(arrive(3))).hasSize(3);
        });
    }

    @Test
    void resetBreaksThoseWhoHaveNotLeftButNotThoseAtTheDoor() throws Exception {
        time.run(() -> {
            List<String> ends = new ArrayList<>();
            List<Task<Integer>> atTheDoor = new ArrayList<>();
            for (int i = 0; i < 3; i++) {
                int number = i;
                spawn(() -> {
                    try {
                        barrier.await();
                        ends.add("through");
                        if (number == 2) {
                            barrier.reset(); // the others have not taken the lock back yet
                            atTheDoor.add(spawn(barrier::await));
                        }
                    } catch (BrokenBarrierException e) {
                        ends.add("broken");
                    }
                });
            }
            settle();
            settle();
            assertThat(ends).containsExactly("through", "broken", "broken");
            assertThat(atTheDoor).noneMatch(Task::isDone);

            arrive(2);
            assertThat(atTheDoor).allMatch(Task::isDone);
        });
    }

    @Test
    void abortBreaksItUntilReset() throws Exception {
        time.run(() -> {
            var two = arrive(2);
            barrier.abort();
            assertBroken(two);
            assertBroken(arrive(1));
            assertThat(barrier.isBroken()).isTrue();
            assertThat(barrier.statistics()).isEqualTo(new Barrier.Statistics(3, 0, true));

            barrier.reset();
            assertThat(barrier.isBroken()).isFalse();
            assertThat(places(arrive(3))).hasSize(3);
        });
    }

    @Test
    void abortAlsoBreaksThoseAtTheDoor() throws Exception {
        time.run(() -> {
            List<Task<Integer>> atTheDoor = new ArrayList<>();
            var aborter = spawn(() -> {
                barrier.await();
                barrier.abort();
            });
            for (int i = 0; i < 2; i++) {
                spawn(() -> {
                    try {
                        barrier.await();
                        atTheDoor.add(spawn(barrier::await));
                    } catch (BrokenBarrierException e) {
                        // aborted before it could leave
                    }
                });
            }
            aborter.await();
            settle();

            assertThat(atTheDoor).isNotEmpty();
            assertBroken(atTheDoor);
        });
    }

    @Test
    void textSaysHowManyHaveComeAndTheState() throws Exception {
        time.run(() -> {
            assertThat(barrier).hasToString("Barrier[0 of 3]");
            var one = arrive(1);
            assertThat(barrier).hasToString("Barrier[1 of 3]");
            assertThat(barrier.parties()).isEqualTo(3);
            barrier.abort();
            assertBroken(one);
            assertThat(barrier).hasToString("Barrier[0 of 3, broken]");
        });
    }
}
