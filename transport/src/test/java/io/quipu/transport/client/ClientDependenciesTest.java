package io.quipu.transport.client;

import com.tngtech.archunit.core.domain.JavaClasses;
import com.tngtech.archunit.core.importer.ClassFileImporter;
import com.tngtech.archunit.core.importer.ImportOption;
import io.quipu.transport.Channels;
import io.quipu.transport.DriverDirectory;
import io.quipu.transport.TransportException;
import org.junit.jupiter.api.Test;

import static com.tngtech.archunit.core.domain.JavaClass.Predicates.belongToAnyOf;
import static com.tngtech.archunit.core.domain.JavaClass.Predicates.resideInAnyPackage;
import static com.tngtech.archunit.lang.syntax.ArchRuleDefinition.classes;

class ClientDependenciesTest
{
    @Test
    void shouldUseCodecsAeronAgronaAndTheJdkOnly()
    {
        final JavaClasses client = new ClassFileImporter()
            .withImportOption(ImportOption.Predefined.DO_NOT_INCLUDE_TESTS)
            .importPackages("io.quipu.transport.client");
        classes().should().onlyDependOnClassesThat(
            resideInAnyPackage("io.quipu.transport.client", "io.quipu.codecs..", "io.aeron..", "org.agrona..", "java..")
                .or(belongToAnyOf(Channels.class, DriverDirectory.class, TransportException.class)))
            .check(client);
    }
}
