package dev.simul.jobs.internal.pickle;

import java.math.BigInteger;
import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.LinkedHashSet;
import java.util.List;
import java.util.Map;
import java.util.Set;
import org.jspecify.annotations.Nullable;

/**
 * What an unpickler has collected, made into Java's values.
 *
 * <p>A pickle may refer to one list many times, so a few hundred bytes can mean more values than there are atoms. Hence the
 * count.
 */
final class PlainValue {
    /** How many values one pickle may hold: some 250 bytes of the heap for each. */
    static final long MOST = Math.clamp(Runtime.getRuntime().maxMemory() / 256, 1_000_000, 50_000_000);

    /** As in JSON; Python's own pickler gives up at about twice that. */
    private static final int DEEPEST = 500;

    private static final long MEANT_AT_LEAST = 1_000_000;
    private static final long MEANT_PER_OPCODE = 4;

    private final long most;
    private long left;

    private PlainValue(long most) {
        this.most = most;
        this.left = most;
    }

    /**
     * Builds.
     *
     * @param opcodes in how many steps it was read
     */
    static @Nullable Object of(@Nullable Object read, long opcodes) {
        return new PlainValue(Math.max(MEANT_AT_LEAST, MEANT_PER_OPCODE * opcodes)).plain(read, 0);
    }

    private @Nullable Object plain(@Nullable Object read, int depth) {
        if (depth > DEEPEST) {
            throw new UnreadablePickleException("it is nested more than " + DEEPEST + " deep");
        }
        if (--left < 0) {
            throw new UnreadablePickleException("it means more than " + most + " values");
        }
        return switch (read) {
            case Object[] tuple -> list(List.of(), tuple, depth);
            case List<?> list -> list(list, new Object[0], depth);
            case PendingDict dict -> map(dict, depth);
            case PendingSet set -> set(set, depth);
            case PendingUuid uuid -> uuid.value();
            case PythonName name -> throw PythonName.refused(name.toString());
            case Long number -> whole(number);
            case BigInteger number -> number.bitLength() < Long.SIZE ? whole(number.longValue()) : number;
            case null -> null;
            default -> read;
        };
    }

    private static Object whole(long number) {
        return number == (int) number ? (Object) (int) number : (Object) number;
    }

    private List<@Nullable Object> list(List<?> items, @Nullable Object[] more, int depth) {
        var list = new ArrayList<@Nullable Object>(items.size() + more.length);
        for (var item : items) {
            list.add(plain(item, depth + 1));
        }
        for (var item : more) {
            list.add(plain(item, depth + 1));
        }
        return list;
    }

    private Map<@Nullable Object, @Nullable Object> map(PendingDict dict, int depth) {
        var map = new LinkedHashMap<@Nullable Object, @Nullable Object>();
        for (int i = 0; i < dict.keys().size(); i++) {
            map.put(key(dict.keys().get(i), depth), plain(dict.values().get(i), depth + 1));
        }
        return map;
    }

    private Set<@Nullable Object> set(PendingSet items, int depth) {
        var set = new LinkedHashSet<@Nullable Object>();
        for (var item : items.items()) {
            set.add(key(item, depth));
        }
        return set;
    }

    private @Nullable Object key(@Nullable Object read, int depth) {
        if (read instanceof List || read instanceof PendingDict) {
            throw new UnreadablePickleException("it has a list or a dict for a key");
        }
        return plain(read, depth + 1);
    }
}
