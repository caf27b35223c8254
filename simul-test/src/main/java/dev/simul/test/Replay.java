package dev.simul.test;

import java.util.List;
import java.util.Map;

/** The loop's own order but for the given switches, as far as they are possible. */
final class Replay implements Picker {

    private final Map<Integer, String> actors;

    Replay(Switches switches) {
        actors = switches.byStep();
    }

    @Override
    public int pick(int step, List<Option> options) {
        var actor = actors.get(step);
        if (actor != null) {
            for (int i = 0; i < options.size(); i++) {
                if (options.get(i).actor.equals(actor)) {
                    return i;
                }
            }
        }
        return 0;
    }
}
