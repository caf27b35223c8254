package dev.simul.cli.compare;

import java.util.List;
import java.util.Locale;

/**
 * Which work, as text that travels to child JVMs and workers.
 *
 * @param details what the kind needs: an address to practise on, a command, a class
 */
record WorkSpec(Kind kind, List<String> details) {
    private static final String SEPARATOR = "\u001f";

    /** The kinds of work. */
    enum Kind {
        WORDS("count the words at each URL", "words"),
        CPU("count the primes below each number", "primes"),
        MIXED("count the words at each URL and then " + MixedWork.PRIMES_BELOW + "'s primes", "words and primes"),
        EXEC("run a command for each input", ""),
        CLASS("call a class for each input", "");

        private final String description;
        private final String noun;

        Kind(String description, String noun) {
            this.description = description;
            this.noun = noun;
        }

        /** What is done, in the imperative. */
        String description() {
            return description;
        }

        /** What the answer counts; empty if nobody knows. */
        String noun() {
            return noun;
        }

        @Override
        public String toString() {
            return name().toLowerCase(Locale.ROOT);
        }
    }

    WorkSpec(Kind kind, String... details) {
        this(kind, List.of(details));
    }

    /** Opens the work in this JVM. */
    Work open() throws Exception {
        return switch (kind) {
            case WORDS -> new WordsWork(details.getFirst());
            case CPU -> new CpuWork();
            case MIXED -> new MixedWork(details.getFirst());
            case EXEC -> new ExecWork(details.get(0), details.get(1));
            case CLASS -> ClassWork.load(details.get(0), details.get(1));
        };
    }

    String text() {
        return kind.name() + SEPARATOR + String.join(SEPARATOR, details);
    }

    static WorkSpec parse(String text) {
        var parts = List.of(text.split(SEPARATOR, -1));
        return new WorkSpec(Kind.valueOf(parts.getFirst()), parts.subList(1, parts.size()));
    }
}
