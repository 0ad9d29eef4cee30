package ringside.cli;

import static com.tngtech.archunit.base.DescribedPredicate.describe;
import static com.tngtech.archunit.core.domain.JavaClass.Predicates.resideInAPackage;
import static com.tngtech.archunit.lang.syntax.ArchRuleDefinition.noClasses;
import static com.tngtech.archunit.library.Architectures.layeredArchitecture;
import static com.tngtech.archunit.library.dependencies.SlicesRuleDefinition.slices;
import static org.junit.jupiter.api.Assertions.assertTrue;

import com.tngtech.archunit.core.domain.JavaAccess;
import com.tngtech.archunit.core.domain.JavaClasses;
import com.tngtech.archunit.core.importer.ClassFileImporter;
import com.tngtech.archunit.core.importer.ImportOption;
import java.lang.foreign.AddressLayout;
import java.lang.foreign.Linker;
import java.lang.foreign.MemorySegment;
import java.lang.foreign.SymbolLookup;
import java.util.List;
import java.util.Map;
import java.util.Set;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.Test;

/// Holds the modules to the direction of the data, and restricted FFM calls to `linux`.
class ArchitectureTest {

    /// In the direction of dependencies: a module may use those before it.
    private static final List<String> MODULES =
            List.of("linux", "content", "engines", "server", "loadtest", "bench", "cli");

    private static final Map<String, Set<String>> RESTRICTED = Map.of(
            SymbolLookup.class.getName(), Set.of("libraryLookup"),
            Linker.class.getName(), Set.of("downcallHandle", "upcallStub"),
            MemorySegment.class.getName(), Set.of("reinterpret"),
            AddressLayout.class.getName(), Set.of("withTargetLayout"),
            System.class.getName(), Set.of("load", "loadLibrary"),
            Runtime.class.getName(), Set.of("load", "loadLibrary"),
            ModuleLayer.Controller.class.getName(), Set.of("enableNativeAccess"));

    private static JavaClasses classes = new ClassFileImporter().importClasses();

    @BeforeAll
    static void readClasses() {
        classes = new ClassFileImporter()
                .withImportOption(ImportOption.Predefined.DO_NOT_INCLUDE_TESTS)
                .importPackages("ringside");
        for (String module : MODULES) {
            assertTrue(
                    classes.stream().anyMatch(c -> c.getPackageName().startsWith("ringside." + module)),
                    "no classes of " + module + " were found: the rules below would hold of nothing");
        }
    }

    @Test
    void modulesDependInOneDirection() {
        var layers = layeredArchitecture().consideringOnlyDependenciesInAnyPackage("ringside..");
        for (String module : MODULES) {
            layers = layers.layer(module).definedBy("ringside." + module + "..");
        }
        for (int i = 0; i < MODULES.size(); i++) {
            String[] users = MODULES.subList(i + 1, MODULES.size()).toArray(String[]::new);
            layers = users.length == 0
                    ? layers.whereLayer(MODULES.get(i)).mayNotBeAccessedByAnyLayer()
                    : layers.whereLayer(MODULES.get(i)).mayOnlyBeAccessedByLayers(users);
        }
        layers.check(classes);
    }

    @Test
    void packagesHaveNoCycles() {
        slices().matching("ringside.(**)").should().beFreeOfCycles().check(classes);
    }

    /// The generator has to drive any server, and to judge ours it must not share its code.
    @Test
    void generatorUsesNothingOfTheServer() {
        noClasses()
                .that()
                .resideInAPackage("ringside.loadtest..")
                .should()
                .dependOnClassesThat(resideInAPackage("ringside.server.."))
                .check(classes);
    }

    @Test
    void onlyLinuxCallsRestrictedMethods() {
        noClasses()
                .that()
                .resideOutsideOfPackage("ringside.linux..")
                .should()
                .accessTargetWhere(describe("a restricted method of java.lang.foreign", ArchitectureTest::isRestricted))
                .check(classes);
    }

    /// JNA makes native calls without a word to the JVM's checks.
    @Test
    void onlyLinuxUsesJna() {
        noClasses()
                .that()
                .resideOutsideOfPackage("ringside.linux..")
                .should()
                .dependOnClassesThat(resideInAPackage("com.sun.jna.."))
                .check(classes);
    }

    private static boolean isRestricted(JavaAccess<?> access) {
        return RESTRICTED
                .getOrDefault(access.getTargetOwner().getName(), Set.of())
                .contains(access.getName());
    }
}
