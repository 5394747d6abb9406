package dev.claimant;

import static com.tngtech.archunit.core.domain.JavaClass.Predicates.resideInAPackage;
import static com.tngtech.archunit.core.domain.JavaClass.Predicates.resideInAnyPackage;
import static com.tngtech.archunit.lang.syntax.ArchRuleDefinition.classes;
import static com.tngtech.archunit.lang.syntax.ArchRuleDefinition.noClasses;
import static org.assertj.core.api.Assertions.assertThat;

import com.tngtech.archunit.ArchConfiguration;
import com.tngtech.archunit.core.domain.JavaClass;
import com.tngtech.archunit.core.domain.JavaClasses;
import com.tngtech.archunit.core.domain.JavaModifier;
import com.tngtech.archunit.core.importer.ClassFileImporter;
import com.tngtech.archunit.lang.syntax.elements.ClassesShould;
import dev.claimant.spi.ForwardingSource;
import dev.claimant.spi.Source;
import java.lang.reflect.Method;
import java.util.Arrays;
import java.util.List;
import java.util.concurrent.TimeUnit;
import org.junit.jupiter.api.Test;

/** What must stay true of core as a whole. */
class RulesTest {

    private static final JavaClasses MAIN = allBeside(Worker.class);
    private static final JavaClasses TESTS = allBeside(RulesTest.class);
    private static final int MOST_PUBLIC_TYPES = 33;

    private static final String CORE = "dev.claimant..";
    private static final String MICROMETER_ADAPTER = "dev.claimant.micrometer..";
    private static final String[] JDK_AND_TWO_LIBRARIES = {
        CORE, "java..", "com.sun.net.httpserver..", "org.slf4j..", "org.jspecify.."
    };

    @Test
    void coreNeedsNothingButTheJdkSlf4jAndJspecify() {
        classes()
                .that()
                .resideOutsideOfPackage(MICROMETER_ADAPTER)
                .should()
                .onlyDependOnClassesThat()
                .resideInAnyPackage(JDK_AND_TWO_LIBRARIES)
                .check(MAIN);
    }

    @Test
    void theMetricsNeedMicrometerBesidesAndNobodyNeedsThem() {
        classes()
                .that()
                .resideInAPackage(MICROMETER_ADAPTER)
                .should()
                .onlyDependOnClassesThat(
                        resideInAPackage("io.micrometer.core..").or(resideInAnyPackage(JDK_AND_TWO_LIBRARIES)))
                .check(MAIN);
        noClasses()
                .that()
                .resideOutsideOfPackage(MICROMETER_ADAPTER)
                .should()
                .dependOnClassesThat()
                .resideInAPackage(MICROMETER_ADAPTER)
                .check(MAIN);
    }

    @Test
    void theSeamKnowsNothingOfTheWorkerThatStandsOnIt() {
        noClasses()
                .that()
                .resideInAPackage("dev.claimant.spi..")
                .should()
                .dependOnClassesThat()
                .belongToAnyOf(Worker.class, WorkerBuilder.class, WorkerListener.class, Engine.class)
                .check(MAIN);
    }

    @Test
    void whatHandlersAndListenersSeeIsNoPartOfTheSeam() {
        noClasses()
                .that()
                .belongToAnyOf(
                        WorkerListener.class,
                        Handler.class,
                        Claim.class,
                        Settlement.class,
                        Verdict.class,
                        Backlog.class,
                        WorkerStats.class)
                .should()
                .dependOnClassesThat()
                .resideInAPackage("dev.claimant.spi..")
                .check(MAIN);
    }

    @Test
    void aForwardingSourceForwardsEveryCall() {
        assertThat(names(ForwardingSource.class.getDeclaredMethods()))
                .containsExactlyInAnyOrderElementsOf(names(Source.class.getDeclaredMethods()));
    }

    private static List<String> names(Method[] methods) {
        return Arrays.stream(methods)
                .filter(method -> !method.isSynthetic())
                .map(Method::getName)
                .toList();
    }

    /** A source that is broken on purpose may wait: some are broken by just that. */
    @Test
    void noTestSleeps() {
        tests().callMethod(Thread.class, "sleep", long.class).check(TESTS);
        tests().callMethod(Thread.class, "sleep", long.class, int.class).check(TESTS);
        tests().callMethod(TimeUnit.class, "sleep", long.class).check(TESTS);
    }

    private static ClassesShould tests() {
        return noClasses().that().haveSimpleNameNotStartingWith("Broken").should();
    }

    @Test
    void thePublicApiStaysSmall() {
        List<String> types = MAIN.stream()
                .filter(type -> type.getModifiers().contains(JavaModifier.PUBLIC) && type.isTopLevelClass())
                .map(JavaClass::getName)
                .sorted()
                .toList();

        assertThat(types)
                .as("%s public types, nested ones not counted; at most %s are wanted", types.size(), MOST_PUBLIC_TYPES)
                .hasSizeLessThanOrEqualTo(MOST_PUBLIC_TYPES);
    }

    /** Without what they depend on: its names are enough, and reading half of the JDK takes many seconds. */
    private static JavaClasses allBeside(Class<?> type) {
        ArchConfiguration.get().setResolveMissingDependenciesFromClassPath(false);
        return new ClassFileImporter()
                .importUrl(type.getProtectionDomain().getCodeSource().getLocation());
    }
}
