package io.nodetelemetry;

import static com.tngtech.archunit.core.domain.JavaCall.Predicates.target;
import static com.tngtech.archunit.core.domain.JavaClass.Predicates.INTERFACES;
import static com.tngtech.archunit.core.domain.JavaClass.Predicates.assignableTo;
import static com.tngtech.archunit.core.domain.JavaClass.Predicates.resideInAPackage;
import static com.tngtech.archunit.core.domain.JavaClass.Predicates.resideInAnyPackage;
import static com.tngtech.archunit.core.domain.JavaClass.Predicates.resideOutsideOfPackage;
import static com.tngtech.archunit.core.domain.properties.HasName.Predicates.name;
import static com.tngtech.archunit.core.domain.properties.HasOwner.Predicates.With.owner;
import static com.tngtech.archunit.lang.syntax.ArchRuleDefinition.classes;
import static com.tngtech.archunit.lang.syntax.ArchRuleDefinition.fields;
import static com.tngtech.archunit.lang.syntax.ArchRuleDefinition.noClasses;
import static com.tngtech.archunit.library.dependencies.SlicesRuleDefinition.slices;
import static org.assertj.core.api.Assertions.assertThat;

import com.tngtech.archunit.core.domain.JavaClass;
import com.tngtech.archunit.core.domain.JavaClasses;
import com.tngtech.archunit.core.importer.ClassFileImporter;
import com.tngtech.archunit.lang.ArchRule;
import com.tngtech.archunit.library.dependencies.SliceAssignment;
import com.tngtech.archunit.library.dependencies.SliceIdentifier;
import java.nio.file.Path;
import java.util.Collection;
import java.util.List;
import java.util.Map;
import java.util.concurrent.ExecutorService;
import java.util.stream.Stream;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.MethodSource;

/** Who may know whom. A new package gets a line in {@link #USES}; docs/architecture.md says what each is for. */
class ArchitectureTest {
    private static final String BASE = "io.nodetelemetry";

    /** Each package and the ones of ours that it may use. The root package wires all of them and is left out. */
    private static final Map<String, List<String>> USES = Map.ofEntries(
            Map.entry("internal.export", List.of("internal.metrics", "collector", "model")),
            Map.entry(
                    "internal.collectors",
                    List.of(
                            "internal.metrics",
                            "internal.state",
                            "internal.log",
                            "internal.cloud",
                            "internal.runtime",
                            "internal.source",
                            "collector",
                            "model")),
            Map.entry("internal.doctor", List.of("model")),
            Map.entry("internal.metrics", List.of("collector", "model")),
            Map.entry("collector", List.of("model")),
            Map.entry("internal.state", List.of("model")),
            Map.entry("internal.log", List.of("model")),
            Map.entry("internal.cloud", List.of("internal.http", "model")),
            Map.entry("internal.http", List.of()),
            Map.entry("internal.runtime", List.of("internal.http", "model")),
            Map.entry("internal.source", List.of("internal.ffm", "model")),
            Map.entry("internal.ffm", List.of()),
            Map.entry("model", List.of()));

    private static final JavaClasses CLASSES = new ClassFileImporter().importPath(Path.of("target", "classes"));

    static Stream<String> packages() {
        return USES.keySet().stream().sorted();
    }

    @Test
    void theClassesAreFound() {
        assertThat(CLASSES.contain(NodeTelemetry.class)).isTrue();
    }

    @ParameterizedTest
    @MethodSource("packages")
    void aPackageUsesOnlyWhatItsLineNames(String name) {
        String[] allowed = Stream.concat(Stream.of(name), USES.getOrDefault(name, List.of()).stream())
                .map(ArchitectureTest::tree)
                .toArray(String[]::new);
        check(classes()
                .that()
                .resideInAPackage(tree(name))
                .should()
                .onlyDependOnClassesThat(resideOutsideOfPackage(BASE + "..").or(resideInAnyPackage(allowed)))
                .because("dependencies point downwards"));
    }

    @Test
    void everyPackageHasItsLine() {
        String[] known = Stream.concat(Stream.of(BASE), packages().map(ArchitectureTest::tree))
                .toArray(String[]::new);
        check(classes().should().resideInAnyPackage(known));
    }

    @Test
    void packagesAreFreeOfCycles() {
        check(slices().assignedFrom(new PackageItself()).should().beFreeOfCycles());
    }

    @Test
    void sourcesAreApartFromEachOther() {
        check(slices().matching(BASE + ".internal.source.(*)..").should().notDependOnEachOther());
    }

    @Test
    void collectorsAreApartFromEachOther() {
        check(slices().matching(BASE + ".internal.collectors.(*)..").should().notDependOnEachOther());
    }

    @Test
    void nativeMemoryStaysBehindOneDoor() {
        check(noClasses()
                .that()
                .resideOutsideOfPackage(tree("internal.ffm"))
                .should()
                .dependOnClassesThat()
                .resideInAPackage("java.lang.foreign.."));
    }

    @Test
    void onlyTheExportKnowsTheOpenTelemetrySdk() {
        // The root package takes a host's MetricReader and hands it over.
        check(noClasses()
                .that()
                .resideOutsideOfPackages(BASE, tree("internal.export"))
                .should()
                .dependOnClassesThat()
                .resideInAnyPackage("io.opentelemetry.sdk..", "io.opentelemetry.exporter.."));
    }

    @Test
    void theModelNeedsTheJdkAlone() {
        check(classes()
                .that()
                .resideInAPackage(tree("model"))
                .should()
                .onlyDependOnClassesThat(
                        resideInAnyPackage("java..", "org.jspecify..").or(resideInAPackage(tree("model")))));
    }

    @Test
    void nothingMutableIsStatic() {
        check(fields().that().areStatic().should().beFinal());
        check(fields().that().areStatic().should().notHaveRawType(resideInAPackage("java.util.concurrent.atomic..")));
        // libbpf has one print callback per process, so what it prints can be told apart by thread alone.
        check(fields().that()
                .areStatic()
                .and()
                .doNotHaveFullName(BASE + ".internal.ffm.LibbpfLog.ACTIVE")
                .should()
                .notHaveRawType(assignableTo(ThreadLocal.class)));
        for (Class<?> mutable : List.of(StringBuilder.class, ExecutorService.class, Thread.class)) {
            check(fields().that().areStatic().should().notHaveRawType(assignableTo(mutable)));
        }
        // List.of and its kin are declared by their interface; a named implementation is there to be changed.
        check(fields().that()
                .areStatic()
                .should()
                .notHaveRawType(assignableTo(Collection.class)
                        .or(assignableTo(Map.class))
                        .and(INTERFACES.negate())));
    }

    @Test
    void theHostsProcessIsLeftAlone() {
        check(noClasses().should().accessField(System.class, "out"));
        check(noClasses().should().accessField(System.class, "err"));
        check(noClasses().should().accessField(System.class, "in"));
        for (String method : List.of("exit", "getenv", "getProperty", "setProperty", "setOut", "setErr")) {
            check(calling(System.class, method));
        }
        for (String method : List.of("exit", "halt", "addShutdownHook")) {
            check(calling(Runtime.class, method));
        }
        check(calling(Throwable.class, "printStackTrace"));
        check(calling(Boolean.class, "getBoolean"));
        check(calling(Integer.class, "getInteger"));
        check(calling(Long.class, "getLong"));
    }

    private static ArchRule calling(Class<?> type, String method) {
        return noClasses()
                .should()
                .callMethodWhere(target(owner(assignableTo(type))).and(target(name(method))));
    }

    private static String tree(String name) {
        return BASE + "." + name + "..";
    }

    /** Packages arrive one by one; a rule about one that is still empty holds. */
    private static void check(ArchRule rule) {
        rule.allowEmptyShould(true).check(CLASSES);
    }

    /** One slice per package, the root package included, which a pattern cannot say. */
    private static final class PackageItself implements SliceAssignment {
        @Override
        public SliceIdentifier getIdentifierOf(JavaClass type) {
            return type.getPackageName().startsWith(BASE)
                    ? SliceIdentifier.of(type.getPackageName())
                    : SliceIdentifier.ignore();
        }

        @Override
        public String getDescription() {
            return "packages";
        }
    }
}
