package dev.simul.cli;

import static com.tngtech.archunit.lang.syntax.ArchRuleDefinition.noClasses;
import static com.tngtech.archunit.library.Architectures.layeredArchitecture;

import com.tngtech.archunit.core.importer.ImportOption.DoNotIncludeTests;
import com.tngtech.archunit.junit.AnalyzeClasses;
import com.tngtech.archunit.junit.ArchTest;
import com.tngtech.archunit.lang.ArchRule;

/** The arrows of ARCHITECTURE.md: they go one way, down to the core. */
@AnalyzeClasses(packages = "dev.simul", importOptions = DoNotIncludeTests.class)
class ArchitectureTest {
    @ArchTest
    static final ArchRule modulesDependOneWay = layeredArchitecture()
            .consideringOnlyDependenciesInLayers()
            .layer("core")
            .definedBy("dev.simul", "dev.simul.sync..")
            .layer("http")
            .definedBy("dev.simul.http..")
            .layer("process")
            .definedBy("dev.simul.process..")
            .layer("jobs")
            .definedBy("dev.simul.jobs..")
            .layer("cli")
            .definedBy("dev.simul.cli..")
            .whereLayer("core")
            .mayNotAccessAnyLayer()
            .whereLayer("http")
            .mayOnlyAccessLayers("core")
            .whereLayer("process")
            .mayOnlyAccessLayers("core")
            .whereLayer("jobs")
            .mayOnlyAccessLayers("core", "process")
            .whereLayer("cli")
            .mayNotBeAccessedByAnyLayer();

    @ArchTest
    static final ArchRule whatIsInternalStaysInItsModule = noClasses()
            .that()
            .resideInAPackage("dev.simul.cli..")
            .should()
            .dependOnClassesThat()
            .resideInAPackage("..internal..");

    @ArchTest
    static final ArchRule nothingIsNamedForWhatItIsNot = noClasses()
            .should()
            .haveSimpleNameEndingWith("Manager")
            .orShould()
            .haveSimpleNameEndingWith("Helper")
            .orShould()
            .haveSimpleNameEndingWith("Utils")
            .orShould()
            .haveSimpleNameEndingWith("Impl");
}
