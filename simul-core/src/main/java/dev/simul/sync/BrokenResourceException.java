package dev.simul.sync;

/**
 * Says that something cannot be waited for any more, because whoever was to provide for it has gone.
 *
 * @see ParkingLot#breakLot
 * @see Lock#owned
 * @see <a href="https://trio.readthedocs.io/en/stable/reference-core.html#trio.BrokenResourceError">trio's
 *     BrokenResourceError</a>
 */
public final class BrokenResourceException extends IllegalStateException {

    private static final long serialVersionUID = 1;

    BrokenResourceException(String message) {
        super(message);
    }
}
