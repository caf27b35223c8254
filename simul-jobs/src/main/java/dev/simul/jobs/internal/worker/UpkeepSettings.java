package dev.simul.jobs.internal.worker;

import dev.simul.jobs.InvalidSettingException;
import dev.simul.jobs.RescuePolicy;
import java.time.Duration;

/**
 * What a worker was told about its duties beside running jobs.
 *
 * @param scheduler whether it holds the scheduler's locks of its queues
 * @param maintenanceInterval how often it cleans up behind others
 * @param rescue what becomes of jobs whose worker has died
 * @param maxRescues how often a job is put back on its queue because its worker has died
 * @param rescueAfter how long a worker may be silent before others take its jobs
 */
public record UpkeepSettings(
        boolean scheduler, Duration maintenanceInterval, RescuePolicy rescue, int maxRescues, Duration rescueAfter) {

    /** RQ's intervals, and jobs of dead workers put back after five seconds. */
    public static final UpkeepSettings DEFAULTS =
            new UpkeepSettings(false, Duration.ofMinutes(10), RescuePolicy.REQUEUE, 3, Duration.ofSeconds(5));

    /** Checks every bound. */
    public UpkeepSettings {
        requireBetween("maintenanceInterval", Duration.ofSeconds(1), maintenanceInterval, Duration.ofDays(1));
        requireBetween("rescueAfter", Duration.ofSeconds(1), rescueAfter, Duration.ofMinutes(1));
        if (maxRescues < 0) {
            throw new InvalidSettingException(
                    "maxRescues",
                    "must not be negative",
                    maxRescues,
                    "0 lets a job fail when its worker dies for the first time");
        }
    }

    private static void requireBetween(String name, Duration least, Duration value, Duration most) {
        if (value.compareTo(least) < 0 || value.compareTo(most) > 0) {
            throw new InvalidSettingException(
                    name, "must be between " + least.toSeconds() + " s and " + most.toSeconds() + " s", value);
        }
    }

    public UpkeepSettings scheduler(boolean value) {
        return new UpkeepSettings(value, maintenanceInterval, rescue, maxRescues, rescueAfter);
    }

    public UpkeepSettings maintenanceInterval(Duration value) {
        return new UpkeepSettings(scheduler, value, rescue, maxRescues, rescueAfter);
    }

    public UpkeepSettings rescue(RescuePolicy value) {
        return new UpkeepSettings(scheduler, maintenanceInterval, value, maxRescues, rescueAfter);
    }

    public UpkeepSettings maxRescues(int value) {
        return new UpkeepSettings(scheduler, maintenanceInterval, rescue, value, rescueAfter);
    }

    public UpkeepSettings rescueAfter(Duration value) {
        return new UpkeepSettings(scheduler, maintenanceInterval, rescue, maxRescues, value);
    }
}
