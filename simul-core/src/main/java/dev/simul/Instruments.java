package dev.simul;

import java.lang.System.Logger.Level;
import java.util.List;
import java.util.concurrent.CopyOnWriteArrayList;
import java.util.function.Consumer;

/** The instruments of a loop. Loop thread, except that one may be added or removed anywhere. */
final class Instruments {

    private final List<Instrument> all = new CopyOnWriteArrayList<>();

    void add(Instrument instrument) {
        if (!all.contains(instrument)) {
            all.add(instrument);
        }
    }

    boolean remove(Instrument instrument) {
        return all.remove(instrument);
    }

    boolean isEmpty() {
        return all.isEmpty();
    }

    void tell(Consumer<Instrument> what) {
        all.forEach(instrument -> tell(instrument, what));
    }

    private void tell(Instrument instrument, Consumer<Instrument> what) {
        try {
            what.accept(instrument);
        } catch (Throwable e) {
            all.remove(instrument);
            System.getLogger("dev.simul")
                    .log(Level.ERROR, "instrument " + instrument + " failed and was taken off its loop", e);
        }
    }

    void tellScheduled(ReadyQueue ready) {
        for (int i = 0; i < ready.size(); i++) {
            if (ready.get(i) instanceof LoopTask<?> task && !task.isDone()) {
                tell(instrument -> instrument.taskScheduled(task));
            }
        }
    }

    void resume(LoopTask<?> task, Strand coroutine) {
        tell(instrument -> instrument.beforeTaskStep(task));
        coroutine.resume();
        tell(instrument -> instrument.afterTaskStep(task));
    }
}
