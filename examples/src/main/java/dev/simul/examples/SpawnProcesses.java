package dev.simul.examples;

import dev.simul.process.ProcessPool;
import java.util.List;

/** Several processes at once: child JVMs, each with a heap and a life of its own. */
public final class SpawnProcesses {
    private SpawnProcesses() {}

    public static void main(String[] args) throws Exception {
        System.out.println("parent is process " + ProcessHandle.current().pid());
        try (var pool = ProcessPool.open(3)) {
            for (var line : pool.map(SpawnProcesses::work, List.of(1, 2, 3, 4, 5))) {
                System.out.println(line);
            }
        }
    }

    /** Runs in a child. */
    static String work(int number) {
        return "worker " + number + " ran in process " + ProcessHandle.current().pid();
    }
}
