package dev.simul.examples;

import dev.simul.Coroutine;

/** A coroutine that consumes: it waits at {@code yield} until somebody sends it a line. */
public final class GrepCoroutine {
    private GrepCoroutine() {}

    public static void main(String[] args) {
        try (var grep = grep("async")) {
            grep.send("threads wait in the kernel");
            grep.send("async tasks wait in the loop");
            grep.send("processes wait for their parent");
            grep.send("an async line, sent to a coroutine");
        }
        System.out.println("closed");
    }

    private static Coroutine<String, Void> grep(String word) {
        return Coroutine.of(in -> {
            System.out.println("searching for " + word);
            while (true) {
                var line = in.yield();
                if (line.contains(word)) {
                    System.out.println(line);
                }
            }
        });
    }
}
