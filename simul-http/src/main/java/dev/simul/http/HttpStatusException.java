package dev.simul.http;

import java.io.IOException;
import java.net.URI;

/** An answer whose status is not the one that was asked for. */
public final class HttpStatusException extends IOException {
    private final int status;

    HttpStatusException(String method, URI uri, int status) {
        super(method + " " + uri + ": answered with status " + status);
        this.status = status;
    }

    /** The status code, such as 404. */
    public int status() {
        return status;
    }
}
