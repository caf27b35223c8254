package dev.simul.jobs;

import io.lettuce.core.RedisClient;
import io.lettuce.core.api.sync.RedisCommands;
import java.util.concurrent.TimeUnit;
import org.junit.jupiter.api.AfterAll;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.BeforeEach;

/** What tests share that need one Redis for all of a class, empty before each of them, and two ways to talk to it. */
abstract class OnRedis {
    static EmbeddedRedis redis;
    static RedisClient client;

    /** Commands as they are, beside what {@link #jobs} makes of them. */
    static RedisCommands<String, String> raw;

    JobClient jobs;

    @BeforeAll
    static void startRedis() {
        redis = EmbeddedRedis.start();
        client = RedisClient.create(redis.url());
        raw = client.connect().sync();
    }

    @AfterAll
    static void stopRedis() {
        client.shutdown(0, 1, TimeUnit.SECONDS);
        redis.close();
    }

    @BeforeEach
    void connect() {
        raw.flushall();
        jobs = JobClient.connect(redis.url());
    }

    @AfterEach
    void disconnect() {
        jobs.close();
    }
}
