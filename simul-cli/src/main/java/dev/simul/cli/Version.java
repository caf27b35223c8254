package dev.simul.cli;

import picocli.CommandLine.IVersionProvider;

/** The version in the jar's manifest, and the Java that runs it. */
final class Version implements IVersionProvider {
    @Override
    public String[] getVersion() {
        var version = Main.class.getPackage().getImplementationVersion();
        return new String[] {
            "simul " + (version == null ? "(unpacked classes)" : version) + ", Java " + Runtime.version()
        };
    }
}
