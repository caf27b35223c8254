package dev.simul.cli.compare;

import java.util.List;

/** One unit after the other, on one thread: what the other ways are compared with. */
final class SequentialWay implements Way {
    private final Work work;

    SequentialWay(Work work) {
        this.work = work;
    }

    @Override
    public void open(List<String> units) throws Exception {
        work.warmUp(units.getFirst());
    }

    @Override
    public void run(List<String> units, Recorder recorder) throws InterruptedException {
        for (int i = 0; i < units.size(); i++) {
            var unit = units.get(i);
            recorder.note(i, UnitRun.of(() -> work.answer(unit, Turn.PLAIN)));
        }
    }

    @Override
    public String setup() {
        return "one after the other";
    }

    @Override
    public void close() {
        work.close();
    }
}
