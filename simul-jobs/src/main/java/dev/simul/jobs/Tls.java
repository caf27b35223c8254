package dev.simul.jobs;

import java.io.IOException;
import java.io.InvalidObjectException;
import java.io.ObjectInputStream;
import java.io.Serial;
import java.io.Serializable;
import java.nio.file.Files;
import java.nio.file.Path;
import java.security.cert.CertificateException;
import java.security.cert.CertificateFactory;
import java.util.Optional;
import org.jspecify.annotations.Nullable;

/**
 * How connections to a {@code rediss://} server prove who is at either end.
 *
 * <p>Without any of it the server's certificate must be signed by an authority that the JVM trusts, for the host name
 * that the URL says. Immutable: {@code Tls.trusting(ca).clientCertificate(certificate, key)}. All files are PEM.
 */
public final class Tls implements Serializable {
    @Serial
    private static final long serialVersionUID = 1;

    /** How much of the server's certificate is checked. */
    public enum Verify {
        /** Its signature and its host name. */
        FULL,
        /** Its signature only: for servers reached under a name that their certificate does not know. */
        CA,
        /** Nothing: whoever answers is believed. For tries only. */
        NONE
    }

    /** Trusts what the JVM trusts. */
    public static final Tls DEFAULTS = new Tls(null, null, null, Verify.FULL);

    private final transient @Nullable Path caFile;
    private final transient @Nullable Path certificate;
    private final transient @Nullable Path key;
    private final Verify verify;

    private Tls(@Nullable Path caFile, @Nullable Path certificate, @Nullable Path key, Verify verify) {
        this.caFile = caFile;
        this.certificate = certificate;
        this.key = key;
        this.verify = verify;
    }

    /**
     * Trusts servers whose certificate one of these authorities has signed.
     *
     * @param caFile one or several certificates, one after the other
     * @throws IllegalArgumentException if the file cannot be read or holds no certificate
     */
    public static Tls trusting(Path caFile) {
        return new Tls(certificates("caFile", caFile), null, null, Verify.FULL);
    }

    /**
     * Shows the server who we are, which it asks for unless it has {@code tls-auth-clients no}.
     *
     * @param certificate ours, followed by what leads to the server's authority, if anything
     * @param key its key: PKCS #8 ({@code BEGIN PRIVATE KEY}), not encrypted
     * @throws IllegalArgumentException if a file cannot be read, or the first holds no certificate
     */
    public Tls clientCertificate(Path certificate, Path key) {
        return new Tls(caFile, certificates("certificate", certificate), readable("key", key), verify);
    }

    /** Checks more or less of the server's certificate; {@link Verify#FULL} if not said. */
    public Tls verify(Verify verify) {
        return new Tls(caFile, certificate, key, verify);
    }

    private static Path certificates(String setting, Path file) {
        try (var in = Files.newInputStream(readable(setting, file))) {
            if (!CertificateFactory.getInstance("X.509")
                    .generateCertificates(in)
                    .isEmpty()) {
                return file;
            }
        } catch (IOException | CertificateException e) {
            // what it holds is none
        }
        throw new InvalidSettingException(
                "tls " + setting, "must be a PEM file that holds certificates", file.toAbsolutePath());
    }

    private static Path readable(String setting, Path file) {
        if (!Files.isReadable(file) || Files.isDirectory(file)) {
            throw new InvalidSettingException(
                    "tls " + setting, "must be a PEM file that can be read", file.toAbsolutePath());
        }
        return file;
    }

    /** The authorities trusted; empty for the JVM's. */
    public Optional<Path> caFile() {
        return Optional.ofNullable(caFile);
    }

    /** Our certificate. */
    public Optional<Path> certificate() {
        return Optional.ofNullable(certificate);
    }

    /** Our key. */
    public Optional<Path> key() {
        return Optional.ofNullable(key);
    }

    /** How much of the server's certificate is checked. */
    public Verify verify() {
        return verify;
    }

    @Serial
    private Object writeReplace() {
        return new Form(name(caFile), name(certificate), name(key), verify);
    }

    @Serial
    private void readObject(ObjectInputStream in) throws InvalidObjectException {
        throw new InvalidObjectException("only its Form is ever written");
    }

    private static @Nullable String name(@Nullable Path path) {
        return path == null ? null : path.toAbsolutePath().toString();
    }

    /** What goes to another JVM, where a path is another object. */
    private record Form(
            @Nullable String caFile,
            @Nullable String certificate,
            @Nullable String key,
            Verify verify) implements Serializable {
        @Serial
        private Object readResolve() {
            return new Tls(path(caFile), path(certificate), path(key), verify);
        }

        private static @Nullable Path path(@Nullable String name) {
            return name == null ? null : Path.of(name);
        }
    }
}
