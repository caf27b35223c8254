package dev.simul.examples;

import ch.qos.logback.classic.LoggerContext;
import ch.qos.logback.classic.util.ContextInitializer;
import ch.qos.logback.core.joran.spi.JoranException;
import org.slf4j.ILoggerFactory;
import org.slf4j.IMarkerFactory;
import org.slf4j.helpers.BasicMarkerFactory;
import org.slf4j.spi.MDCAdapter;
import org.slf4j.spi.SLF4JServiceProvider;

/** Logback with {@link TaskLocalMdc}: start Java with {@code -Dslf4j.provider=} and this class's name. */
public final class TaskLocalMdcProvider implements SLF4JServiceProvider {

    private final LoggerContext loggers = new LoggerContext();
    private final IMarkerFactory markers = new BasicMarkerFactory();
    private final TaskLocalMdc mdc = new TaskLocalMdc();

    @Override
    public void initialize() {
        loggers.setName("default");
        loggers.setMDCAdapter(mdc);
        try {
            new ContextInitializer(loggers).autoConfig();
        } catch (JoranException e) {
            throw new IllegalStateException("logback.xml cannot be read", e);
        }
        loggers.start();
    }

    @Override
    public ILoggerFactory getLoggerFactory() {
        return loggers;
    }

    @Override
    public IMarkerFactory getMarkerFactory() {
        return markers;
    }

    @Override
    public MDCAdapter getMDCAdapter() {
        return mdc;
    }

    @Override
    public String getRequestedApiVersion() {
        return "2.0.99";
    }
}
