package dev.simul.jobs;

import org.junit.jupiter.api.AfterAll;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.BeforeEach;

/** What tests share that need one Redis for all of a class, empty before each of them, and a client. */
abstract class OnRedis {
    static EmbeddedRedis redis;
    JobClient jobs;

    @BeforeAll
    static void startRedis() {
        redis = EmbeddedRedis.start();
    }

    @AfterAll
    static void stopRedis() {
        redis.close();
    }

    @BeforeEach
    void connect() {
        RedisDump.flush(redis.url());
        jobs = JobClient.connect(redis.url());
    }

    @AfterEach
    void disconnect() {
        jobs.close();
    }
}
