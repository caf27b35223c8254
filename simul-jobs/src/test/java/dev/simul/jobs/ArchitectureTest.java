package dev.simul.jobs;

import static com.tngtech.archunit.lang.syntax.ArchRuleDefinition.classes;
import static com.tngtech.archunit.lang.syntax.ArchRuleDefinition.noClasses;

import com.tngtech.archunit.core.importer.ImportOption;
import com.tngtech.archunit.junit.AnalyzeClasses;
import com.tngtech.archunit.junit.ArchTest;
import com.tngtech.archunit.lang.ArchRule;
import java.io.ObjectInputStream;
import java.lang.invoke.SerializedLambda;

@AnalyzeClasses(packages = "dev.simul.jobs", importOptions = ImportOption.DoNotIncludeTests.class)
class ArchitectureTest {
    @ArchTest
    static final ArchRule dependenciesPointOneWay = classes()
            .should()
            .onlyDependOnClassesThat()
            .resideInAnyPackage(
                    "java..",
                    "jdk.jfr..",
                    "javax.crypto..",
                    "javax.net.ssl..",
                    "org.jspecify..",
                    "dev.simul",
                    "dev.simul.process",
                    "dev.simul.jobs..",
                    "io.lettuce..",
                    "io.micrometer..",
                    "io.opentelemetry..",
                    "io.netty.bootstrap..",
                    "io.netty.buffer..",
                    "io.netty.channel..",
                    "io.netty.util.concurrent..",
                    "reactor.core..",
                    "tools.jackson..",
                    "net.razorvine..");

    @ArchTest
    static final ArchRule layoutKnowsNothingOfWorkers = noClasses()
            .that()
            .resideInAPackage("..internal.redis..")
            .should()
            .dependOnClassesThat()
            .resideInAPackage("..internal.worker..");

    @ArchTest
    static final ArchRule jsonIsSpokenInOnePlace = noClasses()
            .that()
            .resideInAPackage("dev.simul.jobs")
            .should()
            .dependOnClassesThat()
            .resideInAPackage("tools.jackson..");

    @ArchTest
    static final ArchRule lambdasAreOpenedInOneFileAndSentFromOne = noClasses()
            .that()
            .haveNameNotMatching(".*(FunctionReference|JobProcesses).*")
            .should()
            .dependOnClassesThat()
            .areAssignableTo(SerializedLambda.class);

    @ArchTest
    static final ArchRule nothingFromRedisIsDeserialisedByJava =
            noClasses().should().callMethod(ObjectInputStream.class, "readObject");
}
