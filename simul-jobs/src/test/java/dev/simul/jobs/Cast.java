package dev.simul.jobs;

import java.util.ArrayList;
import java.util.List;
import org.jspecify.annotations.Nullable;

/**
 * Who plays a {@link Sequence}, on a Redis that is empty at its beginning.
 *
 * @param name of it, for people
 * @param asker enqueues, cancels, requeues, deletes …
 * @param worker runs jobs, and does what workers do besides: moves due jobs, cleans up
 */
record Cast(String name, Actor asker, Actor worker) {

    /** What a step has led to. */
    record Scene(Sequence.Step step, @Nullable Object answer, KeySpace keys) {}

    /** Plays it all, and says what each step has led to. */
    List<Scene> play(Sequence sequence, Stage stage) throws Exception {
        stage.clear();
        var scenes = new ArrayList<Scene>();
        for (var step : sequence.steps()) {
            for (var actor : step.isLook() ? List.of(asker, worker) : List.of(step.isWork() ? worker : asker)) {
                scenes.add(new Scene(step, actor.act(step), stage.keys()));
            }
        }
        return scenes;
    }

    @Override
    public String toString() {
        return name;
    }
}
