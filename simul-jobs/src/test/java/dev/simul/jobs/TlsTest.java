package dev.simul.jobs;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import java.io.IOException;
import java.net.InetAddress;
import java.net.ServerSocket;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.util.Map;
import org.junit.jupiter.api.AfterAll;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

class TlsTest {
    @TempDir
    private static Path folder;

    private static TestCertificates certificates;
    private static EmbeddedRedis redis; // asks every client for a certificate
    private static String url;

    @BeforeAll
    static void start() throws Exception {
        certificates = new TestCertificates(folder);
        certificates.make("server", "ip:127.0.0.1");
        certificates.make("client", "dns:client");
        int port = freePort();
        redis = EmbeddedRedis.start(
                "--tls-port",
                Integer.toString(port),
                "--tls-cert-file",
                certificates.certificate("server").toString(),
                "--tls-key-file",
                certificates.key("server").toString(),
                "--tls-ca-cert-file",
                certificates.certificate("client").toString());
        url = "rediss://127.0.0.1:" + port;
    }

    @AfterAll
    static void stop() {
        redis.close();
    }

    static int freePort() throws IOException {
        try (var socket = new ServerSocket(0, 1, InetAddress.getLoopbackAddress())) {
            return socket.getLocalPort();
        }
    }

    private static Tls trusting() {
        return Tls.trusting(certificates.certificate("server"));
    }

    private static Tls both() {
        return trusting().clientCertificate(certificates.certificate("client"), certificates.key("client"));
    }

    @Test
    void jobRunsOverEncryptedConnectionsWithClientCertificates() throws Exception {
        var deployment = JobSettings.of(url).tls(both());
        try (var jobs = JobClient.connect(deployment)) {
            var job = jobs.queue("tls").enqueue(Sums::add, 2, 3);
            Worker.on(deployment)
                    .queues("tls")
                    .functions(Sums.class)
                    .burst(true)
                    .build()
                    .run();
            assertThat(job.await()).isEqualTo(5);
        }
    }

    @Test
    void aFileWithoutCertificatesIsNamedWhereItIsGiven() throws Exception {
        var file = Files.writeString(folder.resolve("no.pem"), "hello");
        var message = " must be a PEM file that holds certificates, was " + file;
        assertThatThrownBy(() -> Tls.trusting(file)).hasMessage("tls caFile" + message);
        assertThatThrownBy(() -> Tls.DEFAULTS.clientCertificate(file, file)).hasMessage("tls certificate" + message);
    }

    @Test
    void urlOfPythonsRedisNamesTheSameFiles() {
        var python = url + "?ssl_cert_reqs=required&ssl_ca_certs=" + certificates.certificate("server")
                + "&ssl_certfile=" + certificates.certificate("client") + "&ssl_keyfile=" + certificates.key("client");
        try (var jobs = JobClient.connect(python)) {
            assertThat(jobs.queue("none").size()).isZero();
        }
    }

    @Test
    void environmentNamesTheSameFiles() {
        var deployment = JobSettings.fromEnvironment(Map.of(
                "SIMUL_REDIS_URL",
                url,
                "SIMUL_REDIS_CA_FILE",
                certificates.certificate("server").toString(),
                "SIMUL_REDIS_CERT_FILE",
                certificates.certificate("client").toString(),
                "SIMUL_REDIS_KEY_FILE",
                certificates.key("client").toString()));
        try (var jobs = JobClient.connect(deployment)) {
            assertThat(jobs.queue("none").size()).isZero();
        }
    }

    @Test
    void serverThatNobodyVouchesForIsRefused() {
        assertThatThrownBy(() -> JobClient.connect(url))
                .isInstanceOf(RedisUnavailableException.class)
                .hasMessageContaining("signed by nobody we trust")
                .hasMessageContaining("Tls.trusting(file)");
    }

    @Test
    void serverUnderAnotherNameIsRefusedUnlessTheNameIsSkipped() {
        var elsewhere = JobSettings.of(url.replace("127.0.0.1", "localhost"));
        assertThatThrownBy(() -> JobClient.connect(elsewhere.tls(both())))
                .isInstanceOf(RedisUnavailableException.class)
                .hasMessageContaining("Tls.Verify.CA");
        try (var jobs = JobClient.connect(elsewhere.tls(both().verify(Tls.Verify.CA)))) {
            assertThat(jobs.queue("none").size()).isZero();
        }
    }

    @Test
    void clientWithoutACertificateIsToldThatItNeedsOne() {
        assertThatThrownBy(() -> JobClient.connect(JobSettings.of(url).tls(trusting())))
                .isInstanceOf(RedisUnavailableException.class)
                .hasMessageContaining("certificate");
    }

    @Test
    void plainServerIsNamedAsSuch() {
        assertThatThrownBy(() -> JobClient.connect(
                        JobSettings.of("rediss://127.0.0.1:" + redis.port()).patience(Duration.ofMillis(500))))
                .isInstanceOf(RedisUnavailableException.class)
                .hasMessageContaining("give redis:// instead of rediss://");
    }

    @Test
    void serverThatSpeaksTlsIsNamedAsSuch() {
        assertThatThrownBy(() -> JobClient.connect(url.replace("rediss", "redis")))
                .isInstanceOf(RedisUnavailableException.class)
                .hasMessageContaining("(it speaks TLS); give rediss:// instead of redis://");
    }

    @Test
    void fileThatIsMissingIsNamed() {
        assertThatThrownBy(() -> Tls.trusting(folder.resolve("nowhere.crt")))
                .isInstanceOf(IllegalArgumentException.class)
                .hasMessage("tls caFile must be a PEM file that can be read, was " + folder.resolve("nowhere.crt"));
    }
}
