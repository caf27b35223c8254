package dev.simul.jobs;

/** A job was refused because there is another one like it; nothing was written. */
public final class DuplicateJobException extends IllegalStateException {
    private static final long serialVersionUID = 1;

    private final String existingId;

    DuplicateJobException(String existingId, String message) {
        super(message);
        this.existingId = existingId;
    }

    /** The id of the job that is there. */
    public String existingId() {
        return existingId;
    }
}
