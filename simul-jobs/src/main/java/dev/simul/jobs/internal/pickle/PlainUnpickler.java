package dev.simul.jobs.internal.pickle;

import java.io.ByteArrayInputStream;
import java.io.IOException;
import java.math.BigInteger;
import java.nio.ByteBuffer;
import java.nio.charset.StandardCharsets;
import net.razorvine.pickle.Opcodes;
import net.razorvine.pickle.PickleUtils;
import net.razorvine.pickle.Unpickler;
import org.jspecify.annotations.Nullable;

/**
 * The library's unpickler with everything taken out that constructs, calls or trusts.
 *
 * <p>What stays the library's: opcodes of numbers, lists, tuples, the stack and the memo. Ours are
 *
 * <ul>
 *   <li>names of classes and functions: the registry of the library, which all of a JVM shares and which makes a bean of what
 *       it does not know, is never asked; a name is one of {@link PythonName} or the end;
 *   <li>dicts and sets: the library hashes their keys while it reads, loses their order and runs into a stack overflow on a
 *       key that holds itself; ours only collect, {@link PlainValue} builds;
 *   <li>lengths: the library allocates what a few bytes announce; ours must be there;
 *   <li>text: must be UTF-8.
 * </ul>
 */
final class PlainUnpickler extends Unpickler {
    /** Python itself reads no whole number of more than 4300 decimal digits; the time to parse grows with the square. */
    private static final int MOST_DIGITS = 10_000;

    private final byte[] bytes;
    private long opcodes;

    PlainUnpickler(byte[] bytes) {
        this.bytes = bytes;
    }

    @Nullable
    Object load() throws IOException {
        return load(new ByteArrayInputStream(bytes));
    }

    long opcodes() {
        return opcodes;
    }

    @Override
    @SuppressWarnings("NullAway") // Python's None goes over the stack as null
    protected Object dispatch(short opcode) throws IOException {
        if (++opcodes > PlainValue.MOST) {
            throw new UnreadablePickleException("it holds more than " + PlainValue.MOST + " values");
        }
        switch (opcode) {
            case Opcodes.GLOBAL -> stack.add(PythonName.of(line() + "." + line()));
            case Opcodes.STACK_GLOBAL -> {
                var name = (String) stack.pop();
                stack.add(PythonName.of(stack.pop() + "." + name));
            }
            case Opcodes.INST -> throw PythonName.refused(line() + "." + line());
            case Opcodes.REDUCE, Opcodes.NEWOBJ -> {
                var arguments = (Object[]) stack.pop();
                stack.add(((PythonName) stack.pop()).call(arguments));
            }
            case Opcodes.BUILD -> {
                var state = stack.pop();
                ((PendingUuid) stack.peek()).state((PendingDict) state);
            }
            case Opcodes.NEWOBJ_EX, Opcodes.OBJ, Opcodes.EXT1, Opcodes.EXT2, Opcodes.EXT4 ->
                throw new UnreadablePickleException("it constructs an object");
            case Opcodes.PERSID, Opcodes.BINPERSID, Opcodes.NEXT_BUFFER ->
                throw new UnreadablePickleException("part of it is elsewhere");
            case Opcodes.EMPTY_DICT -> stack.add(new PendingDict());
            case Opcodes.DICT -> stack.add(new PendingDict().putAll(stack.pop_all_since_marker()));
            case Opcodes.SETITEM -> {
                var value = stack.pop();
                var key = stack.pop();
                ((PendingDict) stack.peek()).put(key, value);
            }
            case Opcodes.SETITEMS -> {
                var items = stack.pop_all_since_marker();
                ((PendingDict) stack.peek()).putAll(items);
            }
            case Opcodes.EMPTY_SET -> stack.add(new PendingSet());
            case Opcodes.FROZENSET -> stack.add(new PendingSet().addAll(stack.pop_all_since_marker()));
            case Opcodes.ADDITEMS -> {
                var items = stack.pop_all_since_marker();
                ((PendingSet) stack.peek()).addAll(items);
            }
            case Opcodes.BINUNICODE -> stack.add(text(length(4)));
            case Opcodes.SHORT_BINUNICODE -> stack.add(text(length(1)));
            case Opcodes.BINUNICODE8 -> stack.add(text(length(8)));
            case Opcodes.BINSTRING -> stack.add(text(length(4)));
            case Opcodes.SHORT_BINSTRING -> stack.add(text(length(1)));
            case Opcodes.BINBYTES -> stack.add(PickleUtils.readbytes(input, length(4)));
            case Opcodes.SHORT_BINBYTES -> stack.add(PickleUtils.readbytes(input, length(1)));
            case Opcodes.BINBYTES8, Opcodes.BYTEARRAY8 -> stack.add(PickleUtils.readbytes(input, length(8)));
            case Opcodes.LONG1 -> stack.add(PickleUtils.decode_long(PickleUtils.readbytes(input, length(1))));
            case Opcodes.LONG4 -> stack.add(PickleUtils.decode_long(PickleUtils.readbytes(input, length(4))));
            case Opcodes.INT -> stack.add(integer(line()));
            case Opcodes.LONG -> stack.add(integer(line().replaceFirst("L$", "")));
            case Opcodes.FLOAT -> stack.add(real(line()));
            case Opcodes.PROTO -> {
                int protocol = input.read();
                if (protocol < 0 || protocol > HIGHEST_PROTOCOL) {
                    throw new UnreadablePickleException("it is of protocol " + protocol + ", which nobody knows yet");
                }
            }
            default -> {
                return super.dispatch(opcode);
            }
        }
        return NO_RETURN_VALUE;
    }

    private String line() throws IOException {
        return PickleUtils.readline(input);
    }

    /** The length that stands there in so many bytes, of something that follows. */
    private int length(int width) throws IOException {
        long length = 0;
        for (int i = 0; i < width; i++) {
            length |= (long) input.read() << (8 * i);
        }
        if (length < 0 || length > input.available()) {
            throw new UnreadablePickleException("it is cut off");
        }
        return (int) length;
    }

    private String text(int length) throws IOException {
        return StandardCharsets.UTF_8
                .newDecoder()
                .decode(ByteBuffer.wrap(PickleUtils.readbytes(input, length)))
                .toString();
    }

    private static Object integer(String digits) {
        if (digits.equals("00")) {
            return false; // protocols 0 and 1 have no other way to say so
        } else if (digits.equals("01")) {
            return true;
        } else if (digits.length() > MOST_DIGITS) {
            throw new UnreadablePickleException("it holds a number of " + digits.length() + " digits");
        }
        return new BigInteger(digits);
    }

    private static double real(String text) {
        return switch (text) {
            case "inf" -> Double.POSITIVE_INFINITY;
            case "-inf" -> Double.NEGATIVE_INFINITY;
            case "nan" -> Double.NaN;
            default -> Double.parseDouble(text);
        };
    }
}
