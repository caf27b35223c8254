package dev.simul.examples;

/** Command lines of the examples: {@code --name value}, nothing else. */
final class Options {
    private Options() {}

    /** The value that follows {@code name}, or {@code otherwise} if the name is not there. */
    static String value(String[] args, String name, String otherwise) {
        for (int i = 0; i < args.length - 1; i += 2) {
            if (args[i].equals(name)) {
                return args[i + 1];
            }
        }
        return otherwise;
    }
}
