package dev.simul.jobs;

/** A job ended without a result: its function raised, timed out, or was never run. */
public final class JobFailedException extends Exception {
    private final String jobId;
    private final String traceback;

    JobFailedException(String jobId, String traceback) {
        super("job " + jobId + " failed: " + lastLine(traceback));
        this.jobId = jobId;
        this.traceback = traceback;
    }

    private static String lastLine(String text) {
        var stripped = text.strip();
        return stripped.substring(stripped.lastIndexOf('\n') + 1).strip();
    }

    /** The job's id. */
    public String jobId() {
        return jobId;
    }

    /** The worker's text: a Python traceback or a Java stack trace, whose last line names the error. */
    public String traceback() {
        return traceback;
    }
}
