package dev.simul.jobs.internal.pickle;

import java.math.BigDecimal;
import java.nio.charset.StandardCharsets;
import java.time.DateTimeException;
import java.time.Duration;
import java.time.LocalDate;
import java.time.LocalDateTime;
import java.time.LocalTime;
import java.time.OffsetDateTime;
import java.time.ZoneId;
import java.time.ZoneOffset;
import java.time.ZonedDateTime;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.UUID;

/** A name of Python's that stands for a plain value, and what calling it makes. */
enum PythonName {
    BYTES("builtins.bytes", "__builtin__.bytes", "builtins.bytearray", "__builtin__.bytearray") {
        @Override
        Object call(Object[] arguments) {
            return arguments.length == 0 ? new byte[0] : (byte[]) arguments[0];
        }
    },

    /** How protocols before 3 write bytes: text whose characters are the bytes. */
    ENCODE("_codecs.encode") {
        @Override
        Object call(Object[] arguments) {
            return ((String) arguments[0]).getBytes(StandardCharsets.ISO_8859_1);
        }
    },

    SET("builtins.set", "__builtin__.set", "builtins.frozenset", "__builtin__.frozenset") {
        @Override
        Object call(Object[] arguments) {
            return arguments.length == 0 ? new PendingSet() : new PendingSet().addAll((List<?>) arguments[0]);
        }
    },

    ORDERED_DICT("collections.OrderedDict") {
        @Override
        Object call(Object[] arguments) {
            return new PendingDict();
        }
    },

    DECIMAL("decimal.Decimal") {
        @Override
        Object call(Object[] arguments) {
            var text = (String) arguments[0];
            return switch (text) {
                case "Infinity" -> Double.POSITIVE_INFINITY;
                case "-Infinity" -> Double.NEGATIVE_INFINITY;
                case "NaN", "sNaN" -> Double.NaN;
                default -> {
                    var number = new BigDecimal(text);
                    if (Math.abs((long) number.scale()) > MOST_DIGITS) {
                        throw new UnreadablePickleException("it holds a Decimal of " + number.scale() + " places");
                    }
                    yield number;
                }
            };
        }
    },

    DATE("datetime.date") {
        @Override
        Object call(Object[] arguments) {
            return arguments[0] instanceof byte[] b
                    ? date(b)
                    : LocalDate.of(number(arguments, 0), number(arguments, 1), number(arguments, 2));
        }
    },

    TIME("datetime.time") {
        @Override
        Object call(Object[] arguments) {
            if (arguments.length > 1) {
                throw new UnreadablePickleException("it holds a time of day with a time zone");
            }
            return time((byte[]) arguments[0], 0);
        }
    },

    DATE_TIME("datetime.datetime") {
        @Override
        Object call(Object[] arguments) {
            var bytes = (byte[]) arguments[0];
            boolean later = (bytes[2] & FOLD) != 0; // the second of two hours that are called the same
            var moment = LocalDateTime.of(date(bytes), time(bytes, 4));
            return switch (arguments.length == 1 ? null : arguments[1]) {
                case ZoneOffset offset -> OffsetDateTime.of(moment, offset);
                case ZoneId zone -> {
                    var zoned = ZonedDateTime.of(moment, zone);
                    yield later ? zoned.withLaterOffsetAtOverlap() : zoned;
                }
                case null -> moment;
                default -> throw new UnreadablePickleException("it holds a time zone of a kind of its own");
            };
        }
    },

    TIME_DELTA("datetime.timedelta") {
        @Override
        Object call(Object[] arguments) {
            return Duration.ofDays(number(arguments, 0))
                    .plusSeconds(number(arguments, 1))
                    .plusNanos(number(arguments, 2) * 1000L);
        }
    },

    TIME_ZONE("datetime.timezone") {
        @Override
        Object call(Object[] arguments) {
            return ZoneOffset.ofTotalSeconds(Math.toIntExact(((Duration) arguments[0]).toSeconds()));
        }
    },

    ZONE_INFO("zoneinfo.ZoneInfo"),

    /** Only for the function that reads a {@code ZoneInfo}. */
    GET_ATTRIBUTE("builtins.getattr", "__builtin__.getattr") {
        @Override
        Object call(Object[] arguments) {
            if (arguments[0] == ZONE_INFO && arguments[1].equals("_unpickle")) {
                return READ_ZONE_INFO;
            }
            throw refused(toString());
        }
    },

    READ_ZONE_INFO("zoneinfo.ZoneInfo._unpickle") {
        @Override
        Object call(Object[] arguments) {
            return ZoneId.of((String) arguments[0]);
        }
    },

    PYTZ_UTC("pytz._UTC") {
        @Override
        Object call(Object[] arguments) {
            return ZoneOffset.UTC;
        }
    },

    PYTZ("pytz._p") {
        @Override
        Object call(Object[] arguments) {
            return ZoneId.of((String) arguments[0]);
        }
    },

    UUID_CLASS("uuid.UUID") {
        @Override
        Object call(Object[] arguments) {
            return arguments.length == 0 ? new PendingUuid() : UUID.fromString((String) arguments[0]);
        }
    },

    OBJECT("builtins.object", "__builtin__.object"),

    /** How protocols before 2 begin an object: only for a UUID. */
    RECONSTRUCT("copyreg._reconstructor", "copy_reg._reconstructor") {
        @Override
        Object call(Object[] arguments) {
            if (arguments[0] == UUID_CLASS) {
                return new PendingUuid();
            }
            throw refused(toString());
        }
    };

    private static final int FOLD = 0x80;
    /** {@code 1E+999999999} is short, until somebody makes it a whole number. */
    private static final int MOST_DIGITS = 10_000;

    private static final Map<String, PythonName> BY_NAME = byName();

    @SuppressWarnings("ImmutableEnumChecker") // made by List.of
    private final List<String> names;

    PythonName(String... names) {
        this.names = List.of(names);
    }

    private static Map<String, PythonName> byName() {
        var all = new HashMap<String, PythonName>();
        for (var value : values()) {
            value.names.forEach(name -> all.put(name, value));
        }
        return Map.copyOf(all);
    }

    /**
     * Finds a name.
     *
     * @throws UnreadablePickleException if it stands for anything but a plain value
     */
    static PythonName of(String name) {
        var found = BY_NAME.get(name);
        if (found == null) {
            throw refused(name);
        }
        return found;
    }

    static UnreadablePickleException refused(String name) {
        return new UnreadablePickleException("it holds " + name + ", which is no plain value");
    }

    /** What Python makes of the arguments. */
    Object call(Object[] arguments) {
        throw refused(toString());
    }

    /** Four bytes: two of the year, month, day. */
    private static LocalDate date(byte[] b) {
        try {
            return LocalDate.of(((b[0] & 0xff) << 8) | (b[1] & 0xff), b[2] & 0x7f, b[3]);
        } catch (DateTimeException e) {
            throw new UnreadablePickleException("it holds a date that does not exist", e);
        }
    }

    /** Six bytes: hour, minute, second, three of the microseconds. */
    private static LocalTime time(byte[] b, int from) {
        int micros = ((b[from + 3] & 0xff) << 16) | ((b[from + 4] & 0xff) << 8) | (b[from + 5] & 0xff);
        return LocalTime.of(b[from] & 0x7f, b[from + 1], b[from + 2], micros * 1000);
    }

    private static int number(Object[] arguments, int index) {
        return Math.toIntExact(((Number) arguments[index]).longValue());
    }

    @Override
    public String toString() {
        return names.getFirst();
    }
}
