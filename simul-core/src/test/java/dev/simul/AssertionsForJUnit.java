package dev.simul;

import org.assertj.core.configuration.Configuration;
import org.assertj.core.configuration.PreferredAssumptionException;

/** Tells AssertJ that failed assumptions are JUnit's, although the kit of Reactive Streams brings TestNG. */
public final class AssertionsForJUnit extends Configuration {

    /** Called by the service loader. */
    public AssertionsForJUnit() {
        setPreferredAssumptionException(PreferredAssumptionException.JUNIT5);
    }
}
