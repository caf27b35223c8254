package dev.simul.cli.compare;

/** Counts the primes below a number by trial division: work that keeps a core busy and waits for nothing. */
final class CpuWork implements Work {
    private static final int NUMBERS_PER_TURN = 20_000;
    private static final String PRACTICE = "150000";

    @Override
    public String answer(String unit, Turn turn) {
        return Integer.toString(primesBelow(Integer.parseInt(unit), turn));
    }

    static int primesBelow(int bound, Turn turn) {
        int count = bound > 2 ? 1 : 0;
        for (int n = 3; n < bound; n += 2) {
            if (isPrime(n)) {
                count++;
            }
            if (n % NUMBERS_PER_TURN == 1) {
                turn.giveWay();
            }
        }
        return count;
    }

    private static boolean isPrime(int odd) {
        for (int divisor = 3; (long) divisor * divisor <= odd; divisor += 2) {
            if (odd % divisor == 0) {
                return false;
            }
        }
        return true;
    }

    @Override
    public String inTurns() {
        return "yielding now and then while they compute";
    }

    @Override
    public void warmUp(String unit) {
        for (int i = 0; i < 5; i++) { // enough calls for the optimising compiler
            answer(PRACTICE, Turn.PLAIN);
        }
    }
}
