package dev.simul;

/** The clock on the wall, sped up. */
record ScaledClock(double speed, long start) implements LoopClock {

    ScaledClock {
        if (!(speed > 0 && speed < Double.POSITIVE_INFINITY)) {
            throw new IllegalArgumentException("speed must be a positive number, was " + speed);
        }
    }

    @Override
    public long nanos() {
        long passed = System.nanoTime() - start;
        return speed == 1 ? passed : (long) (passed * speed);
    }

    @Override
    public long realNanosUntil(long time) {
        long missing = time - nanos();
        return speed == 1 ? missing : (long) Math.ceil(missing / speed);
    }
}
