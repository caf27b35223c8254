package dev.simul.benchmarks;

import static org.assertj.core.api.Assertions.assertThat;

import java.util.Map;
import org.junit.jupiter.api.Test;

class FloorTest {
    private final Floor goOrElseJdk = new Floor.Else(new Floor.Times(1, "go"), new Floor.Times(0.7, "jdk-vt"));

    @Test
    void isTakenFromThePeersFigureOfTheSameRun() {
        assertThat(new Floor.Times(1.3, "bare-vt").bound(Map.of("bare-vt", 200.0)))
                .contains(new Floor.Bound("1.3 x bare-vt", 260));
    }

    @Test
    void isUnknownWhenItsPeerIsMissing() {
        assertThat(new Floor.Times(1.3, "bare-vt").bound(Map.of("go", 200.0))).isEmpty();
    }

    @Test
    void mayBeAFigureOfItsOwn() {
        assertThat(new Floor.AtMost(180, "ns").bound(Map.of())).contains(new Floor.Bound("180 ns", 180));
    }

    @Test
    void prefersItsFirstPeer() {
        assertThat(goOrElseJdk.bound(Map.of("go", 500.0, "jdk-vt", 800.0))).contains(new Floor.Bound("1 x go", 500));
    }

    @Test
    void saysWhenAnotherPeerStandsIn() {
        assertThat(goOrElseJdk.bound(Map.of("jdk-vt", 1_000.0)))
                .contains(new Floor.Bound("0.7 x jdk-vt (no go here)", 700));
    }
}
