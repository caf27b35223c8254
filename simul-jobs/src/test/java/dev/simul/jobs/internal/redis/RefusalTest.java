package dev.simul.jobs.internal.redis;

import static org.assertj.core.api.Assertions.assertThat;

import io.lettuce.core.RedisCommandExecutionException;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

class RefusalTest {

    @ParameterizedTest
    @CsvSource(
            delimiter = '|',
            value = {
                "NOSCRIPT No matching script. Please use EVAL. | NO_SCRIPT",
                "READONLY You can't write against a read only replica. | READ_ONLY",
                "ERR Error running script (call to f_1): @user_script:4: @user_script: 4: -READONLY You can't write"
                        + " against a read only replica. | READ_ONLY",
                "LOADING Redis is loading the dataset in memory | LOADING",
                "BUSY Redis is busy running a script. You can only call SCRIPT KILL or SHUTDOWN NOSAVE. | BUSY",
                "OOM command not allowed when used memory > 'maxmemory'. | OUT_OF_MEMORY",
                "MISCONF Redis is configured to save RDB snapshots, but it is unable to persist. | CANNOT_SAVE",
                "MOVED 7893 10.0.0.2:6379 | MOVED",
                "NOPERM this user has no permissions to run the 'info' command | NO_PERMISSION",
                "ERR value is not an integer: BUSY | OTHER",
                "WRONGTYPE Operation against a key holding the wrong kind of value | OTHER"
            })
    void refusalIsKnownByItsCodeInOrOutsideOfAScript(String message, Refusal refusal) {
        assertThat(Refusal.of(new RedisCommandExecutionException(message))).isEqualTo(refusal);
    }

    @ParameterizedTest
    @CsvSource({"5.0.14, true", "6.0.16, true", "6.2.0, false", "7.4.1, false", "10.0.0, false"})
    void redisBefore62IsRefusedWithItsVersion(String version, boolean old) {
        var refusal = ServerCheck.refusal(
                "# Server\r\nredis_version:" + version + "\r\nredis_mode:standalone\r\n", "rq", "h:1");
        assertThat(refusal.isPresent()).isEqualTo(old);
        assertThat(refusal.orElse("is version " + version + ";")).startsWith("is version " + version + ";");
    }

    @Test
    void clusterIsTakenWithAHashTagOnly() {
        var info = "redis_version:7.2.4\r\nredis_mode:cluster\r\n";
        assertThat(ServerCheck.refusal(info, "rq", "h:1")).isPresent();
        assertThat(ServerCheck.refusal(
                        "redis_version:7.2.4\r\nvalkey_version:9.1.2\r\nserver_mode:cluster\r\n", "rq", "h:1"))
                .isPresent();
        assertThat(ServerCheck.refusal(info, "shop:{rq}", "h:1")).isEmpty();
        assertThat(ServerCheck.refusal(info, "{}", "h:1")).isPresent();
    }
}
