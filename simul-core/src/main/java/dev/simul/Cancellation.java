package dev.simul;

import java.util.ArrayList;
import java.util.List;
import org.jspecify.annotations.Nullable;

// Requests and scopes
//
// Two things end a task before its time. A request (Task.cancel, a time-out, a group) is counted and delivered once.
// The cancellation of a scope is a state: every wait in it ends with a CancelledError, until the scope is left. So
// nothing is noted here for it; whoever waits looks at the scopes, see cancellingScope().
//
// A shielded scope keeps out what comes from outside of it, both kinds. A request knows the scope in which the one
// who made it stands (`origin`: that of a time-out or group is where it was entered; null, for Task.cancel, stands
// for the task as a whole), and if a shield lies between that and the task, it is held until the shield is gone.

/** What may end a task before its time, made when the first of it comes: most tasks never get one. Loop thread only. */
final class Cancellation {

    private record Held(String reason, @Nullable CancelScope origin) {}

    /** How many requests have not been taken back. */
    int requests;

    /** Whether one still has to be delivered, at the task's next return from waiting. */
    boolean due;

    /** Whether what is to be delivered came with an interrupt, because the task is blocked in a call of the JDK. */
    boolean interrupted;

    /** As given with the latest request; empty if there is none. */
    String reason = "";

    /** Where the latest request came from. */
    @Nullable
    CancelScope origin;

    /** The innermost scope in which the task is. */
    @Nullable
    CancelScope scope;

    /** The scope that the task was born in: that of its group. */
    @Nullable
    CancelScope base;

    /** Whether the task waits for children of its own, who hear of the cancellation of a scope themselves. */
    boolean deafToScopes;

    private @Nullable List<Held> held;

    void withdraw() {
        due = false;
        interrupted = false;
    }

    /** Whether a shielded scope that {@code task} itself has entered lies between it and {@code origin}. */
    boolean isShielded(LoopTask<?> task, @Nullable CancelScope origin) {
        for (var s = scope; s != null && !s.equals(origin) && s.isOf(task); s = s.outer()) {
            if (s.isShielded()) {
                return true;
            }
        }
        return false;
    }

    void hold(String reason, @Nullable CancelScope origin) {
        if (held == null) {
            held = new ArrayList<>(1);
        }
        held.add(new Held(reason, origin));
    }

    /** Makes a request that no shield keeps out any more the latest; false if there is none. */
    boolean release(LoopTask<?> task) {
        for (int i = 0; held != null && i < held.size(); i++) {
            var request = held.get(i);
            if (!isShielded(task, request.origin)) {
                held.remove(i);
                reason = request.reason;
                origin = request.origin;
                return true;
            }
        }
        return false;
    }

    /** One request less. */
    void takeBack() {
        requests--;
        if (held != null && held.size() > requests) {
            held.removeLast();
        }
    }

    /** How many requests have not been taken back, without those that are held. */
    int admitted() {
        return requests - (held == null ? 0 : held.size());
    }

    /** The scope whose cancellation the task has to see, or null. */
    @Nullable
    CancelScope cancellingScope() {
        return scope == null || deafToScopes ? null : scope.cancelledBy();
    }
}
