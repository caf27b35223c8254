import org.jspecify.annotations.NullMarked;

/** An HTTP session whose requests park only the coroutine that waits for them. */
@NullMarked
module dev.simul.http {
    requires transitive dev.simul;
    requires transitive java.net.http;
    requires static org.jspecify;

    exports dev.simul.http;
}
