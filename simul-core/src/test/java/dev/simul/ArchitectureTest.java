package dev.simul;

import static com.tngtech.archunit.base.DescribedPredicate.describe;
import static com.tngtech.archunit.core.domain.JavaClass.Predicates.resideInAnyPackage;
import static com.tngtech.archunit.lang.conditions.ArchPredicates.are;
import static com.tngtech.archunit.lang.syntax.ArchRuleDefinition.classes;
import static com.tngtech.archunit.lang.syntax.ArchRuleDefinition.noClasses;

import com.tngtech.archunit.base.DescribedPredicate;
import com.tngtech.archunit.core.domain.JavaAccess;
import com.tngtech.archunit.core.importer.ImportOption.DoNotIncludeTests;
import com.tngtech.archunit.junit.AnalyzeClasses;
import com.tngtech.archunit.junit.ArchTest;
import com.tngtech.archunit.lang.ArchRule;
import java.lang.invoke.MethodHandles;
import java.util.Set;

@AnalyzeClasses(packages = "dev.simul", importOptions = DoNotIncludeTests.class)
class ArchitectureTest {
    private static final Set<String> OPENING =
            Set.of("privateLookupIn", "forName", "setAccessible", "trySetAccessible", "loadClass");

    @ArchTest
    static final ArchRule coreDependsOnTheJdkOnly = classes()
            .that()
            .resideInAPackage("dev.simul..")
            .should()
            .onlyDependOnClassesThat(are(resideInAnyPackage(
                    "dev.simul..", "java..", "javax.management..", "jdk.jfr..", "org.jspecify.annotations..")))
            .because("a library that everybody uses brings nothing along");

    @ArchTest
    static final ArchRule reflectionIntoTheJdkIsInOneFileForItsPurpose = noClasses()
            .that(describe(
                    "are neither in OwnSchedulerStrand.java nor in SignalHandler.java",
                    type -> !type.getName().startsWith(OwnSchedulerStrand.class.getName())
                            && !type.getName().startsWith(SignalHandler.class.getName())))
            .should()
            .accessTargetWhere(opensClasses())
            .because("when the JDK gets public custom schedulers, or signals, one file changes");

    @ArchTest
    static final ArchRule theKernelKnowsNothingOfWhatRestsOnIt = noClasses()
            .that()
            .resideInAPackage("dev.simul")
            .should()
            .dependOnClassesThat()
            .resideInAPackage("dev.simul.sync..")
            .because("locks and queues are built on promises, as users could build them");

    @ArchTest
    static final ArchRule nothingPrints = noClasses()
            .should()
            .accessField(System.class, "out")
            .orShould()
            .accessField(System.class, "err")
            .because("a library logs, through System.Logger");

    private static DescribedPredicate<JavaAccess<?>> opensClasses() {
        return describe(
                "a call that opens a class which did not open itself",
                access -> OPENING.contains(access.getTarget().getName())
                        && (access.getTargetOwner().isEquivalentTo(MethodHandles.class)
                                || access.getTargetOwner().isEquivalentTo(Class.class)
                                || access.getTargetOwner().isAssignableTo(ClassLoader.class)
                                || access.getTargetOwner().getPackageName().equals("java.lang.reflect")));
    }
}
