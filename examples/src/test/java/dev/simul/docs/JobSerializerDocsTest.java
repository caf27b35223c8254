package dev.simul.docs;

import static org.junit.jupiter.api.Assertions.assertEquals;

import dev.simul.jobs.EmbeddedRedis;
import dev.simul.jobs.Job;
import dev.simul.jobs.JobClient;
import dev.simul.jobs.Serializer;
import dev.simul.jobs.SimulJob;
import dev.simul.jobs.Worker;
import org.junit.jupiter.api.Test;

/** The snippets of docs/jobs.md about Python's pickle. */
class JobSerializerDocsTest {
    /** Stands in for the Python program in the text. */
    static final class Model {
        private Model() {}

        @SimulJob("model.predict")
        static double predict(double length, double width) {
            return length * width;
        }
    }

    @Test
    void pickledJob() throws Exception {
        try (var redis = EmbeddedRedis.start();
                var jobs = JobClient.connect(redis.url())) {
            var pickled = jobs.queue("default").with(o -> o.serializer(Serializer.PICKLE));
            Job<Double> price = pickled.enqueue("model.predict", Double.class, 5.1, 3.5);
            Worker.on(redis.url()).functions(Model.class).burst(true).build().run();
            assertEquals(5.1 * 3.5, price.await());
        }
    }
}
