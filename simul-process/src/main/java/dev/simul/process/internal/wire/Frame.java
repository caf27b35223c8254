package dev.simul.process.internal.wire;

import java.net.ProtocolException;

/**
 * One message between the pool and a child.
 *
 * @param kind what the payload is
 * @param payload whole, as sent
 */
@SuppressWarnings("ArrayRecordComponent") // bytes on their way: nobody compares frames
public record Frame(Kind kind, byte[] payload) {
    /** What is said, and the byte that stands for it on the wire. */
    public enum Kind {
        /** Child: the token it was given; the first thing said on a connection. */
        HELLO('h'),
        /** Pool: a {@link CallTarget} with its arguments. Never more than one is under way. */
        CALL('c'),
        /** Child: the result, serialised. */
        VALUE('v'),
        /** Child: a {@link Failure}. */
        FAILURE('f');

        final byte code;

        Kind(char code) {
            this.code = (byte) code;
        }

        static Kind of(byte code) throws ProtocolException {
            return switch (code) {
                case 'h' -> HELLO;
                case 'c' -> CALL;
                case 'v' -> VALUE;
                case 'f' -> FAILURE;
                default -> throw new ProtocolException("a frame of unknown kind " + code + " arrived");
            };
        }
    }
}
