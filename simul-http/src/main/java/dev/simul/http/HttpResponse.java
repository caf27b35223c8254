package dev.simul.http;

import java.io.ByteArrayInputStream;
import java.io.IOException;
import java.net.URI;
import java.net.http.HttpHeaders;
import java.nio.charset.Charset;
import java.nio.charset.IllegalCharsetNameException;
import java.nio.charset.StandardCharsets;
import java.nio.charset.UnsupportedCharsetException;
import java.util.Optional;
import java.util.regex.Pattern;
import java.util.zip.GZIPInputStream;

/** One answer, read to its end and decoded. Immutable. */
public final class HttpResponse {
    private static final Pattern CHARSET = Pattern.compile("(?i);\\s*charset\\s*=\\s*\"?([^\\s;\"]+)");

    private final String method;
    private final URI uri;
    private final int status;
    private final HttpHeaders headers;
    private final byte[] body;

    private HttpResponse(String method, URI uri, int status, HttpHeaders headers, byte[] body) {
        this.method = method;
        this.uri = uri;
        this.status = status;
        this.headers = headers;
        this.body = body;
    }

    static HttpResponse of(java.net.http.HttpResponse<byte[]> answer, long maxBodyBytes) throws IOException {
        var body = answer.body();
        var coding = answer.headers().firstValue("Content-Encoding").orElse("");
        if (coding.equalsIgnoreCase("gzip") && body.length > 0) {
            body = unpack(body, maxBodyBytes);
        }
        return new HttpResponse(answer.request().method(), answer.uri(), answer.statusCode(), answer.headers(), body);
    }

    private static byte[] unpack(byte[] packed, long maxBodyBytes) throws IOException {
        try (var in = new GZIPInputStream(new ByteArrayInputStream(packed))) {
            var body = in.readNBytes((int) maxBodyBytes);
            if (in.read() != -1) { // a few kilobytes of gzip can be gigabytes of zeros
                throw new IOException("decoded body exceeds maxBodyBytes " + maxBodyBytes);
            }
            return body;
        }
    }

    /** The address that answered, after redirects. */
    public URI uri() {
        return uri;
    }

    /** The status code, such as 200. */
    public int status() {
        return status;
    }

    /** The first header of that name, in any case. */
    public Optional<String> header(String name) {
        return headers.firstValue(name);
    }

    /** All headers, as sent. */
    public HttpHeaders headers() {
        return headers;
    }

    /** The body as sent, without its gzip packing; a copy. */
    public byte[] bytes() {
        return body.clone();
    }

    /** The body as text, in the charset of its Content-Type or else UTF-8; what is not text shows as U+FFFD. */
    public String text() {
        return new String(body, charset());
    }

    /**
     * This response if its status is 2xx.
     *
     * @throws HttpStatusException if it is any other
     */
    public HttpResponse requireOk() throws HttpStatusException {
        if (status / 100 != 2) {
            throw new HttpStatusException(method, uri, status);
        }
        return this;
    }

    private Charset charset() {
        var name = CHARSET.matcher(header("Content-Type").orElse(""));
        try {
            return name.find() ? Charset.forName(name.group(1)) : StandardCharsets.UTF_8;
        } catch (IllegalCharsetNameException | UnsupportedCharsetException _) {
            return StandardCharsets.UTF_8;
        }
    }

    @Override
    public String toString() {
        return status + " " + uri + " (" + body.length + " bytes)";
    }
}
