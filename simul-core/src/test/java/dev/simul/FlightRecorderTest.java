package dev.simul;

import static dev.simul.Async.sleep;
import static dev.simul.Async.spawn;
import static org.assertj.core.api.Assertions.assertThat;
import static org.junit.jupiter.api.Assumptions.assumeTrue;

import java.io.IOException;
import java.nio.file.Path;
import java.time.Duration;
import java.util.List;
import jdk.jfr.Recording;
import jdk.jfr.consumer.RecordedEvent;
import jdk.jfr.consumer.RecordingFile;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/** A real recording of the JDK's Flight Recorder, read back. */
class FlightRecorderTest {

    @TempDir
    private Path folder;

    @Test
    void theLifeOfTasksAndRunsIsRecorded() throws Exception {
        var events = record(() -> {
            spawn("good", () -> 1).await();
            var bad = spawn("bad", () -> {
                throw new IllegalStateException("on purpose");
            });
            var cancelled = spawn("cancelled", () -> sleep(Duration.ofHours(1)));
            sleep(Duration.ZERO);
            cancelled.cancel();
            sleep(Duration.ZERO);
            bad.exception();
            sleep(Duration.ZERO);
        });

        assertThat(tasks(events, "dev.simul.TaskStart")).contains("good", "bad", "cancelled");
        assertThat(of(events, "dev.simul.TaskEnd"))
                .extracting(event -> event.getString("task") + " " + event.getString("outcome"))
                .contains("good returned", "bad java.lang.IllegalStateException", "cancelled cancelled");
        assertThat(of(events, "dev.simul.LoopRun")).anySatisfy(run -> {
            assertThat(run.getLong("spawned")).isEqualTo(4);
            assertThat(run.getLong("switches")).isGreaterThan(4);
        });
    }

    @Test
    void switchesAndSlowStepsAreRecordedIfAskedFor() throws Exception {
        var events = record(() -> spawn("stepper", () -> sleep(Duration.ZERO)).await());

        assertThat(tasks(events, "dev.simul.CoroutineSwitch"))
                .filteredOn("stepper"::equals)
                .hasSize(2);
        assertThat(tasks(events, "dev.simul.SlowStep"))
                .filteredOn("stepper"::equals)
                .hasSize(2);
    }

    @Test
    void callsOfTheJdkThatBlockACoroutineAreRecorded() throws Exception {
        assumeTrue(Scheduler.current() == Scheduler.OWN, "the default scheduler cannot see who is blocked");
        var events = record(() -> spawn("blocked", () -> Thread.sleep(5)).await());

        assertThat(of(events, "dev.simul.BlockedInJdk")).anySatisfy(span -> {
            assertThat(span.getString("task")).isEqualTo("blocked");
            assertThat(span.getDuration()).isPositive();
        });
    }

    @Test
    void aRecordingThatBeginsInTheMiddleOfARunIsSeenByTheWatchdog() throws Exception {
        try (var loop = EventLoop.open()) {
            loop.slowStep(Duration.ofMillis(100));
            var events = new RecordedEvent[1];
            loop.run(() -> {
                var recording = new Recording();
                recording.enable("dev.simul.TaskStart");
                recording.start();
                while (loop.lacksFlightRecorder()) {
                    sleep(Duration.ofMillis(1));
                }
                spawn("late", () -> 1).await();
                var file = folder.resolve("late.jfr");
                recording.stop();
                recording.dump(file);
                recording.close();
                events[0] = of(RecordingFile.readAllEvents(file), "dev.simul.TaskStart")
                        .getLast();
                return 1;
            });

            assertThat(events[0].getString("task")).isEqualTo("late");
        }
    }

    private List<RecordedEvent> record(Action work) throws Exception {
        try (var recording = new Recording()) {
            for (var name : List.of("TaskStart", "TaskEnd", "CoroutineSwitch", "SlowStep", "BlockedInJdk", "LoopRun")) {
                recording.enable("dev.simul." + name).withThreshold(Duration.ZERO);
            }
            recording.start();
            Async.run(work);
            recording.stop();
            return read(recording);
        }
    }

    private List<RecordedEvent> read(Recording recording) throws IOException {
        var file = folder.resolve("recording.jfr");
        recording.dump(file);
        return RecordingFile.readAllEvents(file);
    }

    private static List<RecordedEvent> of(List<RecordedEvent> events, String type) {
        return events.stream()
                .filter(event -> event.getEventType().getName().equals(type))
                .toList();
    }

    private static List<String> tasks(List<RecordedEvent> events, String type) {
        return of(events, type).stream().map(event -> event.getString("task")).toList();
    }
}
