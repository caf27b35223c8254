package dev.simul.cli.compare;

/** Counts the words at a URL and then some primes: a unit that first waits and then computes. */
final class MixedWork implements Work {
    static final int PRIMES_BELOW = 200_000;

    private final WordsWork words;

    MixedWork(String practiceUrl) {
        this.words = new WordsWork(practiceUrl);
    }

    /** The sum of both. */
    @Override
    public String answer(String url, Turn turn) throws Exception {
        int counted = Integer.parseInt(words.answer(url, turn));
        return Integer.toString(counted + CpuWork.primesBelow(PRIMES_BELOW, turn));
    }

    @Override
    public String inTurns() {
        return "yielding while a request is under way";
    }

    @Override
    public void warmUp(String url) throws Exception {
        words.warmUp(url);
        new CpuWork().warmUp(url);
    }

    @Override
    public void close() {
        words.close();
    }
}
