package dev.simul.jobs.internal.pickle;

import java.math.BigInteger;
import java.util.UUID;
import org.jspecify.annotations.Nullable;

/** A UUID that is being read: Python makes an empty one and gives it its number afterwards. */
final class PendingUuid {
    private static final int BITS = 128;

    private @Nullable BigInteger number;

    void state(PendingDict fields) {
        for (int i = 0; i < fields.keys().size(); i++) {
            if ("int".equals(fields.keys().get(i)) && fields.values().get(i) instanceof Number n) {
                number = new BigInteger(n.toString());
            }
        }
    }

    UUID value() {
        var whole = number;
        if (whole == null || whole.signum() < 0 || whole.bitLength() > BITS) {
            throw new UnreadablePickleException("it holds a UUID without its number");
        }
        return new UUID(whole.shiftRight(Long.SIZE).longValue(), whole.longValue());
    }
}
