package dev.simul.jobs.internal.redis;

import java.nio.ByteBuffer;
import java.nio.charset.StandardCharsets;
import java.security.MessageDigest;
import java.security.NoSuchAlgorithmException;
import java.util.List;

/**
 * Which of several servers a name belongs to, the same in every program that knows the same servers.
 *
 * <p>Rendezvous hashing: the server with the greatest SHA-256 of {@code server + " " + name} has it. A further server takes
 * its share from all others, and nothing moves between those. In Python:
 * {@code max(servers, key=lambda s: hashlib.sha256(f"{s} {name}".encode()).digest()[:8])}.
 *
 * @param servers how they are called: {@code host:port}
 */
public record ServerRing(List<String> servers) {

    /** The index of the server that has that name. */
    public int server(String name) {
        int best = 0;
        long greatest = 0;
        for (int i = 0; i < servers.size(); i++) {
            long weight = weight(servers.get(i) + " " + name);
            if (i == 0 || Long.compareUnsigned(weight, greatest) > 0) {
                best = i;
                greatest = weight;
            }
        }
        return best;
    }

    private static long weight(String text) {
        try {
            var digest = MessageDigest.getInstance("SHA-256").digest(text.getBytes(StandardCharsets.UTF_8));
            return ByteBuffer.wrap(digest).getLong();
        } catch (NoSuchAlgorithmException e) {
            throw new IllegalStateException(e); // every Java has it
        }
    }
}
