package io.quipu.transport.client;

import com.tngtech.archunit.core.domain.JavaClasses;
import com.tngtech.archunit.core.importer.ClassFileImporter;
import com.tngtech.archunit.core.importer.ImportOption;
import io.quipu.transport.Channels;
import io.quipu.transport.DriverDirectory;
import io.quipu.transport.SocketBuffers;
import io.quipu.transport.TransportException;
import org.junit.jupiter.api.Test;

import static com.tngtech.archunit.core.domain.JavaClass.Predicates.belongToAnyOf;
import static com.tngtech.archunit.core.domain.JavaClass.Predicates.resideInAnyPackage;
import static com.tngtech.archunit.lang.syntax.ArchRuleDefinition.classes;

class ClientDependenciesTest
{
    /** What the client has in common with the engine. */
    private static final Class<?>[] SHARED =
    {
        Channels.class, DriverDirectory.class, SocketBuffers.class, TransportException.class
    };

    @Test
    void shouldUseCodecsAeronAgronaAndTheJdkOnly()
    {
        check(new ClassFileImporter()
            .withImportOption(ImportOption.Predefined.DO_NOT_INCLUDE_TESTS)
            .importPackages("io.quipu.transport.client"));
    }

    @Test
    void shouldShareNothingThatUsesMore()
    {
        check(new ClassFileImporter().importClasses(SHARED));
    }

    private static void check(final JavaClasses checked)
    {
        classes().should().onlyDependOnClassesThat(
            resideInAnyPackage("io.quipu.transport.client", "io.quipu.codecs..", "io.aeron..", "org.agrona..", "java..")
                .or(belongToAnyOf(SHARED)))
            .check(checked);
    }
}
