package dev.simul.jobs.internal.redis;

import java.net.InetAddress;
import java.net.UnknownHostException;

/** The name of this machine, as RQ writes it. */
public final class HostName {
    private HostName() {}

    /** {@code unknown} if it has none. */
    public static String own() {
        try {
            return InetAddress.getLocalHost().getHostName();
        } catch (UnknownHostException e) {
            return "unknown";
        }
    }
}
