package dev.simul.cli;

import dev.simul.KeyboardInterrupt;
import dev.simul.cli.chess.Chess;
import dev.simul.cli.compare.CompareCommand;
import dev.simul.cli.jobs.CronCommand;
import dev.simul.cli.jobs.Empty;
import dev.simul.cli.jobs.Enqueue;
import dev.simul.cli.jobs.Info;
import dev.simul.cli.jobs.Requeue;
import dev.simul.cli.jobs.Resume;
import dev.simul.cli.jobs.SchedulerCommand;
import dev.simul.cli.jobs.Stop;
import dev.simul.cli.jobs.Suspend;
import dev.simul.cli.jobs.WorkerCommand;
import dev.simul.cli.jobs.WorkerPoolCommand;
import dev.simul.cli.ps.Ps;
import dev.simul.cli.ps.Pstree;
import dev.simul.jobs.InvalidSettingException;
import java.time.Duration;
import java.util.stream.Collectors;
import picocli.CommandLine;
import picocli.CommandLine.Command;
import picocli.CommandLine.Model.CommandSpec;
import picocli.CommandLine.Option;
import picocli.CommandLine.ParameterException;
import picocli.CommandLine.ScopeType;
import picocli.CommandLine.Spec;

/** The {@code simul} command: finds the subcommand, and turns whatever it throws into one line and an exit code. */
@Command(
        name = "simul",
        description = "Runs work by turns, on an event loop, in threads, in processes or on a Redis queue.",
        versionProvider = Version.class,
        mixinStandardHelpOptions = true,
        scope = ScopeType.INHERIT,
        synopsisSubcommandLabel = "COMMAND",
        usageHelpAutoWidth = true,
        exitCodeListHeading = "%nExit codes:%n",
        exitCodeList = {
            "0:everything asked for was done",
            "1:it ran, and some or all of the work failed",
            "2:nothing ran: a bad option, or something it points to is not there",
            "124:simul enqueue --max-wait: the time has passed, the job goes on",
            "130:ended by Ctrl-C"
        },
        subcommands = {
            CompareCommand.class,
            Chess.class,
            WorkerCommand.class,
            WorkerPoolCommand.class,
            Enqueue.class,
            SchedulerCommand.class,
            CronCommand.class,
            Info.class,
            Empty.class,
            Requeue.class,
            Suspend.class,
            Resume.class,
            Stop.class,
            Ps.class,
            Pstree.class,
            Rehearsal.class
        })
public final class Main implements Runnable {
    @Spec
    @SuppressWarnings("NullAway.Init") // set by picocli before run()
    private CommandSpec spec;

    @Option(
            names = "--verbose",
            scope = ScopeType.INHERIT,
            description = "Show the trace of an error, and more of what happens, on stderr.")
    private boolean verbose;

    public static void main(String[] args) {
        System.exit(isLegible(args) ? commandLine().execute(args) : ExitCode.USAGE);
    }

    /** In a locale without UTF-8, Java has put a mark in place of each letter that it could not read. */
    private static boolean isLegible(String... args) {
        for (var argument : args) {
            if (argument.indexOf('\uFFFD') >= 0) {
                System.err.println("simul: the argument '" + argument + "' has letters that the locale (of "
                        + System.getProperty("sun.jnu.encoding") + ") does not know; set LC_ALL=C.UTF-8");
                return false;
            }
        }
        return true;
    }

    /** The whole command, as {@link #main} runs it. */
    static CommandLine commandLine() {
        var main = new Main();
        return new CommandLine(main)
                .registerConverter(Duration.class, new DurationOption())
                .setCaseInsensitiveEnumValuesAllowed(true)
                .setExpandAtFiles(false) // "simul enqueue f @file" means what it means to rq
                .setParameterExceptionHandler((failure, _) -> main.refuse(failure))
                .setExecutionExceptionHandler((failure, failed, _) -> main.report(failure, failed))
                .setExecutionStrategy(result -> {
                    Log.configure(main.verbose);
                    return new CommandLine.RunLast().execute(result);
                });
    }

    @Override
    public void run() {
        throw new ParameterException(
                spec.commandLine(),
                "say which command: "
                        + spec.subcommands().keySet().stream()
                                .filter(name -> !name.equals("rehearse"))
                                .collect(Collectors.joining(", ")));
    }

    private int refuse(ParameterException failure) {
        var command = failure.getCommandLine();
        var name = command.getCommandSpec().qualifiedName();
        command.getErr().println(name + ": " + UsageMessage.of(failure) + "; see " + name + " --help");
        if (verbose) {
            failure.printStackTrace(command.getErr());
        }
        return ExitCode.USAGE;
    }

    private int report(Exception failure, CommandLine command) {
        if (failure instanceof KeyboardInterrupt) {
            return ExitCode.INTERRUPTED;
        }
        if (failure instanceof IllegalArgumentException) { // what was asked for cannot be
            var text = failure instanceof InvalidSettingException refused
                    ? UsageMessage.of(refused, command.getParseResult())
                    : failure.getMessage();
            return refuse(new ParameterException(command, text == null ? failure.toString() : text, failure));
        }
        var message = failure.getMessage();
        command.getErr()
                .println(command.getCommandSpec().qualifiedName() + ": "
                        + (message == null || message.isBlank() ? failure.toString() : message));
        if (verbose) {
            failure.printStackTrace(command.getErr());
        }
        return ExitCode.USAGE;
    }
}
