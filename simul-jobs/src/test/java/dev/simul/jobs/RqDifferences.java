package dev.simul.jobs;

import java.util.List;
import java.util.regex.Pattern;

/**
 * Where Simul leaves another trace in Redis than rq on purpose; every row stands in {@code docs/rq-compatibility.md} with
 * its reason.
 *
 * @param when the sequence's title and the last step, between them a colon
 * @param entry the entry of a {@link KeySpace}
 * @param rq what rq leaves there
 * @param simul what we leave
 * @param why in a few words
 */
record RqDifferences(Pattern when, Pattern entry, Pattern rq, Pattern simul, String why) {

    private static RqDifferences row(String when, String entry, String rq, String simul, String why) {
        return new RqDifferences(
                Pattern.compile(when), Pattern.compile(entry), Pattern.compile(rq), Pattern.compile(simul), why);
    }

    static final List<RqDifferences> ROWS = List.of(
            row(
                    ".*",
                    "rq:results:\\w+",
                    "stream",
                    "stream, ttl .*",
                    "the traceback of a failure does not stay for ever"),
            row(
                    "(a job that fails after it had succeeded.*: work|story .*)",
                    "rq:results:\\w",
                    "stream, ttl .*",
                    "stream, ttl .*",
                    "and stays as long as others"),
            row(".*", "rq:worker:w\\d:executions.*", "-", ".*", "rq 3.0 writes it too, older readers do not look"),
            row(".*", "rq:worker:w\\d .current_job.*", "-", ".*", "rq up to 2.12 writes it, newer readers do not look"),
            row(".*", "rq:worker:w\\d:executions", "set, ttl .*", "set, ttl .*", "as long as the worker's entry"),
            row(
                    "repeats use .*: work.*",
                    "rq:(job:a .repeat_intervals|scheduled:default @a)",
                    ".*",
                    ".*",
                    "rq 3.0 takes the first pause first, and shortens the list"),
            row(
                    "a parent that is repeated: work.*",
                    "rq:queue:default .*",
                    "\\[p, c]",
                    "\\[c, p]",
                    "rq 3.0 puts the child last"),
            row(".*", "rq:execution:.* \\.job_id", "-", ".*", "rq 3.0 writes it too, older readers do not look"),
            row(".*", "rq:clean_groups.*", "-", ".*", "rq 3.0 has the same lock on cleaning groups"),
            row(".*", "rq:clean_groups.*", ".*", "-", "where there are no groups nobody cleans them"),
            row(
                    ".*",
                    "rq:worker:w\\d .state",
                    "started|idle",
                    "suspended",
                    "a suspended worker says so even in a burst"),
            row(
                    ".*: work.*",
                    "rq:failed:default.*",
                    "zset|now <(0|-\\d+) s>",
                    "-",
                    "of a discarded failure not even the id is left"),
            row(
                    ".*: requeue.*",
                    "rq:job::?\\w+(:depend(ents|encies))?",
                    "(hash|set), ttl .*",
                    "hash|set",
                    "a job that waits again does not vanish"),
            row(
                    ".*: enqueue .*",
                    "rq:job::?\\w+(:depend(ents|encies))?",
                    "(hash|set), ttl .*",
                    "hash|set",
                    "nor does one that is overwritten"),
            row(
                    "(story|a success callback that fails on a job that is tried again).*",
                    "rq:job:\\w .result",
                    ".*",
                    "-",
                    "what a failed attempt has returned is no result"),
            row(".*: (delete|empty).*", "rq:results:.*", ".*", "-", "rq 3.0 deletes the results with their job too"),
            row(".*: empty.*", "rq:job::\\w:dependencies.*", ".*", "-", "nor does anything else stay of a job"),
            row(".*: empty.*", "rq:group:\\w.*", ".*", ".*", "nor its place in a group"),
            row(
                    "(members of a batch|story) .*",
                    "rq:job::?\\w+:depend(encies|ents).*",
                    ".*",
                    "-",
                    "who has nobody to wait for stands with nobody"),
            row("delete of a child: .*", "rq:job:p:dependents.*", ".*", "-", "a deleted child is nobody's dependent"),
            row(
                    "(stop|a stopped|the horse|story) .*: await_end",
                    "rq:job:\\w .*",
                    "",
                    ".*",
                    "rq writes an older copy of the job back"),
            row(
                    "(stop|a stopped|story) .*: await_end",
                    ".*(execution_ended_at|total_working_time)",
                    "-",
                    ".*",
                    "the time is known"),
            row(
                    "(.*runs out of time|story).*: start .*",
                    "rq:worker:w\\d",
                    "hash, ttl .*",
                    "hash, ttl .*",
                    "the worker may outlive the job"),
            row(
                    "(.*returns a retry|story) .*",
                    "rq:job:\\w .result",
                    "\"Unserial.*",
                    "Unserial.*",
                    "rq's scheduler rewrites the hash"),
            row(
                    "a scheduled job that is enqueued by hand: enqueue_again.*",
                    "rq:scheduled:default.*",
                    ".*",
                    "-",
                    "it is not run twice"),
            row("an abandoned job.*: work", "rq:executions:a.*", ".*", "-", "what is given up goes with its job"),
            row(
                    "moments .*: work",
                    "rq:job:a .created_at",
                    "moment",
                    ".*",
                    "a field that did not change is not written"),
            row("an id that stays in the intermediate list: work", ".*", ".*", ".*", "is run instead of failed"));

    private boolean covers(String story, KeySpace.Difference difference) {
        return when.matcher(story).matches()
                && entry.matcher(difference.entry()).matches()
                && rq.matcher(difference.rq()).matches()
                && simul.matcher(difference.simul()).matches();
    }

    static boolean allow(Sequence sequence, Sequence.Step step, KeySpace.Difference difference) {
        var story = sequence.title() + ": " + step.line();
        return ROWS.stream().anyMatch(row -> row.covers(story, difference));
    }
}
