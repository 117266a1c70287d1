package io.trainer4j;

import static com.tngtech.archunit.lang.syntax.ArchRuleDefinition.noClasses;
import static com.tngtech.archunit.library.Architectures.layeredArchitecture;
import static com.tngtech.archunit.library.dependencies.SlicesRuleDefinition.slices;

import com.tngtech.archunit.core.domain.JavaClasses;
import com.tngtech.archunit.core.importer.ClassFileImporter;
import com.tngtech.archunit.core.importer.ImportOption;
import org.junit.jupiter.api.Test;

/** Which room may know which: data -> text -> model -> train -> generate, as docs/architecture.md draws it. */
class ArchitectureTest {
    private static final JavaClasses LIBRARY = new ClassFileImporter()
            .withImportOption(ImportOption.Predefined.DO_NOT_INCLUDE_TESTS)
            .importPackages("io.trainer4j");

    @Test
    void dataFlowsOneWay() {
        layeredArchitecture()
                .consideringOnlyDependenciesInLayers()
                .layer("option")
                .definedBy("io.trainer4j.option")
                .layer("hub")
                .definedBy("io.trainer4j.hub")
                .layer("data")
                .definedBy("io.trainer4j.data")
                .layer("text")
                .definedBy("io.trainer4j.text..")
                .layer("tensor")
                .definedBy("io.trainer4j.tensor")
                .layer("model")
                .definedBy("io.trainer4j.model")
                .layer("train")
                .definedBy("io.trainer4j.train")
                .layer("generate")
                .definedBy("io.trainer4j.generate")
                .layer("metric")
                .definedBy("io.trainer4j.metric")
                .layer("report")
                .definedBy("io.trainer4j.report")
                .layer("search")
                .definedBy("io.trainer4j.search")
                .whereLayer("search")
                .mayOnlyBeAccessedByLayers("train")
                .whereLayer("option")
                .mayOnlyBeAccessedByLayers("data", "train", "hub", "model")
                .whereLayer("hub")
                .mayOnlyBeAccessedByLayers("text", "model")
                .whereLayer("data")
                .mayOnlyBeAccessedByLayers("text", "train")
                .whereLayer("text")
                .mayOnlyBeAccessedByLayers("train", "generate")
                .whereLayer("tensor")
                .mayOnlyBeAccessedByLayers("model", "train")
                .whereLayer("model")
                .mayOnlyBeAccessedByLayers("train", "generate")
                .whereLayer("metric")
                .mayOnlyBeAccessedByLayers("train", "report")
                .whereLayer("train")
                .mayOnlyBeAccessedByLayers("report")
                .whereLayer("report")
                .mayNotBeAccessedByAnyLayer()
                .whereLayer("generate")
                .mayNotBeAccessedByAnyLayer()
                .check(LIBRARY);
    }

    @Test
    void roomsHaveNoCycles() {
        slices().matching("io.trainer4j.(*)..").should().beFreeOfCycles().check(LIBRARY);
    }

    @Test
    void nativeTensorsStayWhereTheMathsIs() {
        noClasses()
                .that()
                .resideInAnyPackage(
                        "io.trainer4j",
                        "io.trainer4j.option",
                        "io.trainer4j.hub",
                        "io.trainer4j.data",
                        "io.trainer4j.text..",
                        "io.trainer4j.generate",
                        "io.trainer4j.metric",
                        "io.trainer4j.report",
                        "io.trainer4j.search")
                .should()
                .dependOnClassesThat()
                .resideInAnyPackage("org.bytedeco..")
                .check(LIBRARY);
    }

    @Test
    void onlyTheTextRoomKnowsTheTokenizerLibrary() {
        noClasses()
                .that()
                .resideOutsideOfPackage("io.trainer4j.text")
                .should()
                .dependOnClassesThat()
                .resideInAnyPackage("ai.djl..")
                .check(LIBRARY);
    }

    @Test
    void theInterpreterKnowsNothingOfTokenizers() {
        noClasses()
                .that()
                .resideInAPackage("io.trainer4j.text.jinja")
                .should()
                .dependOnClassesThat()
                .resideInAnyPackage("io.trainer4j.text", "io.trainer4j.data..", "ai.djl..", "tools.jackson..")
                .check(LIBRARY);
    }

    @Test
    void nothingPrints() {
        noClasses()
                .should()
                .accessField(System.class, "out")
                .orShould()
                .accessField(System.class, "err")
                .check(LIBRARY);
    }
}
