package dev.simul.cli.compare;

import java.io.IOException;
import java.time.Duration;
import java.util.List;

/** The web site in a JVM of its own, so that its threads, memory and processor time are nobody's in the comparison. */
public final class SiteMain {
    private SiteMain() {}

    static ChildJvm start(Duration delay) throws IOException {
        return ChildJvm.start(
                SiteMain.class, List.of("-XX:TieredStopAtLevel=1", "-Xmx128m"), List.of(delay.toString()));
    }

    /** Serves until the parent is gone. */
    public static void main(String[] args) throws IOException {
        ChildJvm.ready(Site.open(Duration.parse(args[0])).address(), () -> {});
    }
}
