package dev.simul.test;

import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.StringTokenizer;
import java.util.TreeMap;
import java.util.regex.Pattern;
import java.util.stream.Collectors;

/**
 * The moments at which a schedule leaves the loop's own order, by the number of the step: who was put in front.
 *
 * @param all none is asyncio's order
 */
record Switches(List<Switch> all) {

    /** One moment. */
    record Switch(int step, String actor) {
        @Override
        public String toString() {
            return step + ":" + actor;
        }
    }

    private static final Pattern SWITCH = Pattern.compile("(\\d+):(\\S+)");

    Switches {
        all = List.copyOf(all);
    }

    /** Reads what {@link #toString} has written. */
    static Switches parse(String text) {
        List<Switch> all = new ArrayList<>();
        for (var words = new StringTokenizer(text); words.hasMoreTokens(); ) {
            var word = words.nextToken();
            var match = SWITCH.matcher(word);
            if (match.matches()) {
                all.add(new Switch(Integer.parseInt(match.group(1)), match.group(2)));
            } else {
                throw new IllegalArgumentException("a schedule is made of STEP:WHO as printed with a failure, not '"
                        + word + "'; copy the whole line");
            }
        }
        return new Switches(all);
    }

    int size() {
        return all.size();
    }

    /** Without those from one position to another, and with the later ones some steps later. */
    Switches without(int from, int to, int shift) {
        List<Switch> rest = new ArrayList<>(all.subList(0, from));
        for (var later : all.subList(to, all.size())) {
            rest.add(new Switch(later.step + shift, later.actor));
        }
        return new Switches(rest);
    }

    Map<Integer, String> byStep() {
        Map<Integer, String> actors = new TreeMap<>();
        all.forEach(each -> actors.put(each.step, each.actor));
        return actors;
    }

    @Override
    public String toString() {
        return all.stream().map(Switch::toString).collect(Collectors.joining(" "));
    }
}
