package dev.simul.examples;

import static dev.simul.Async.gather;
import static org.assertj.core.api.Assertions.assertThat;

import ch.qos.logback.classic.Logger;
import ch.qos.logback.classic.spi.ILoggingEvent;
import ch.qos.logback.core.read.ListAppender;
import dev.simul.test.AsyncTest;
import java.util.Map;
import org.junit.jupiter.api.Test;
import org.slf4j.LoggerFactory;
import org.slf4j.MDC;

/** Real SLF4J and Logback, with their MDC in a task-local: the build sets slf4j.provider. */
class LogOfRequestsTest {

    @AsyncTest
    void everyLineSaysToWhichRequestItBelongs() throws Exception {
        var log = (Logger) LoggerFactory.getLogger(LogOfRequests.class);
        var lines = new ListAppender<ILoggingEvent>();
        lines.start();
        log.addAppender(lines);
        try {
            gather(
                    () -> LogOfRequests.serve("1", 3),
                    () -> LogOfRequests.serve("2", 2),
                    () -> LogOfRequests.serve("3", 1));
        } finally {
            log.detachAppender(lines);
        }
        for (var request : new String[] {"1", "2", "3"}) {
            assertThat(lines.list)
                    .filteredOn(line -> request.equals(line.getMDCPropertyMap().get("request")))
                    .extracting(ILoggingEvent::getFormattedMessage)
                    .containsExactly("begins", "works in a thread", "works in a generator", "ends");
            assertThat(lines.list)
                    .filteredOn(line -> (request + ", child")
                            .equals(line.getMDCPropertyMap().get("request")))
                    .extracting(ILoggingEvent::getFormattedMessage)
                    .containsExactly("works in a task");
        }
        assertThat(MDC.get("request")).isNull();
    }

    @Test
    void theWholeInterfaceOfTheMdcIsThere() {
        MDC.setContextMap(Map.of("a", "1"));
        MDC.put("b", "2");
        MDC.remove("a");
        assertThat(MDC.getCopyOfContextMap()).containsExactly(Map.entry("b", "2"));
        MDC.pushByKey("stack", "bottom");
        MDC.pushByKey("stack", "top");
        assertThat(MDC.getMDCAdapter().getCopyOfDequeByKey("stack")).containsExactly("top", "bottom");
        assertThat(MDC.popByKey("stack")).isEqualTo("top");
        MDC.clear();
        assertThat(MDC.getCopyOfContextMap()).isEmpty();
        assertThat(MDC.popByKey("stack")).isNull();
    }
}
