package dev.simul.cli.ps;

import com.sun.tools.attach.AttachNotSupportedException;
import com.sun.tools.attach.VirtualMachine;
import com.sun.tools.attach.VirtualMachineDescriptor;
import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.UUID;
import java.util.stream.Collectors;
import javax.management.JMException;
import javax.management.MBeanServerConnection;
import javax.management.ObjectName;
import javax.management.ReflectionException;
import javax.management.remote.JMXConnectorFactory;
import javax.management.remote.JMXServiceURL;

// The JDK's attach interface lets a user ask his own JVMs to start their local management agent, which is in the JDK;
// over it we have an object of Simul made in there, ask it once, and take it away again. The agent stays; it listens
// for connections of the same machine only.
//
// To attach is to send a signal, which ends a process that is no JVM. So we look first whether it is one.

/** Another JVM of this user. */
final class RunningJvm {

    private static final String BEAN = "dev.simul.internal.tasks.LiveTasks";

    private static final int MOST_NAMED = 8;

    private final long pid;

    RunningJvm(long pid) {
        this.pid = pid;
    }

    /** Asks it for its live tasks. */
    @SuppressWarnings("BanJNDI") // the address is the one that the JVM itself has given us, and leads to this machine
    Look look() throws UnreachableJvmException {
        requireJvm();
        try (var connector = JMXConnectorFactory.connect(new JMXServiceURL(agent()))) {
            return ask(connector.getMBeanServerConnection());
        } catch (IOException e) {
            throw new UnreachableJvmException("process " + pid + " ended, or does not answer: " + e.getMessage(), e);
        }
    }

    private Look ask(MBeanServerConnection jvm) throws UnreachableJvmException, IOException {
        try {
            var name = new ObjectName("dev.simul:type=LiveTasks,id=" + UUID.randomUUID());
            jvm.createMBean(BEAN, name);
            try {
                var said = (String[]) jvm.invoke(name, "look", new Object[0], new String[0]);
                return new Look(said[0], said[1], said[2], Integer.parseInt(said[3]));
            } finally {
                jvm.unregisterMBean(name);
            }
        } catch (ReflectionException e) {
            throw new UnreachableJvmException(
                    "process " + pid + " has no Simul, an older one, or one that its system class loader does not see;"
                            + " it must be on its class path or module path",
                    e);
        } catch (JMException e) {
            throw new UnreachableJvmException("process " + pid + " cannot show its tasks: " + e.getMessage(), e);
        }
    }

    private String agent() throws UnreachableJvmException {
        try {
            var machine = VirtualMachine.attach(Long.toString(pid));
            try {
                return machine.startLocalManagementAgent();
            } finally {
                machine.detach();
            }
        } catch (AttachNotSupportedException e) {
            throw new UnreachableJvmException(
                    "process " + pid
                            + " lets nobody attach: it was started with -XX:+DisableAttachMechanism, or is just"
                            + " starting or ending (" + e.getMessage() + ")",
                    e);
        } catch (IOException e) {
            throw new UnreachableJvmException(
                    "cannot attach to process " + pid + ": " + e.getMessage()
                            + "; run simul as the user that runs it, on the same machine and in the same container",
                    e);
        }
    }

    private void requireJvm() throws UnreachableJvmException {
        var process = ProcessHandle.of(pid)
                .orElseThrow(() -> new UnreachableJvmException("there is no process " + pid + jvms()));
        var user = process.info().user();
        var own = ProcessHandle.current().info().user();
        if (user.isPresent()
                && own.isPresent()
                && !user.equals(own)
                && !own.get().equals("root")) {
            throw new UnreachableJvmException("process " + pid + " belongs to user " + user.get() + ", not to "
                    + own.get() + ": run simul as " + user.get());
        }
        if (!isListed() && !hasLibjvm()) {
            throw new UnreachableJvmException("process " + pid + " is no JVM" + jvms());
        }
    }

    private boolean isListed() {
        return VirtualMachine.list().stream().anyMatch(jvm -> jvm.id().equals(Long.toString(pid)));
    }

    /** For one that was started without the files by which JVMs find each other. */
    private boolean hasLibjvm() {
        try (var maps = Files.lines(Path.of("/proc/" + pid + "/maps"), StandardCharsets.ISO_8859_1)) {
            return maps.anyMatch(line -> line.endsWith("/libjvm.so"));
        } catch (IOException | RuntimeException e) {
            return false;
        }
    }

    private static String jvms() {
        var own = Long.toString(ProcessHandle.current().pid());
        var others = VirtualMachine.list().stream()
                .filter(jvm -> !jvm.id().equals(own))
                .limit(MOST_NAMED)
                .map(RunningJvm::describe)
                .collect(Collectors.joining(", "));
        return others.isEmpty() ? "; no other JVM of yours runs here" : "; JVMs of yours are " + others;
    }

    private static String describe(VirtualMachineDescriptor jvm) {
        var program = jvm.displayName().split(" ", 2)[0];
        return program.isEmpty() ? jvm.id() : jvm.id() + " (" + program + ")";
    }
}
