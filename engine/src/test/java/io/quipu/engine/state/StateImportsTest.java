package io.quipu.engine.state;

import static com.tngtech.archunit.base.DescribedPredicate.describe;
import static com.tngtech.archunit.core.domain.JavaCall.Predicates.target;
import static com.tngtech.archunit.core.domain.JavaClass.Predicates.equivalentTo;
import static com.tngtech.archunit.core.domain.JavaClass.Predicates.resideInAPackage;
import static com.tngtech.archunit.core.domain.JavaClass.Predicates.resideInAnyPackage;
import static com.tngtech.archunit.core.domain.properties.HasOwner.Predicates.With.owner;
import static com.tngtech.archunit.lang.syntax.ArchRuleDefinition.classes;
import static com.tngtech.archunit.lang.syntax.ArchRuleDefinition.noClasses;
import static com.tngtech.archunit.lang.syntax.ArchRuleDefinition.noFields;
import static com.tngtech.archunit.lang.syntax.ArchRuleDefinition.noMethods;

import java.util.Set;

import com.tngtech.archunit.base.DescribedPredicate;
import com.tngtech.archunit.core.domain.JavaClass;
import com.tngtech.archunit.core.domain.JavaClasses;
import com.tngtech.archunit.core.importer.ClassFileImporter;
import com.tngtech.archunit.core.importer.ImportOption;
import org.junit.jupiter.api.Test;

/**
 * What {@code engine.state} may know: Agrona, codecs and plain values of the JDK. Everything else could make a replay
 * differ.
 */
class StateImportsTest
{
    private static final String STATE = "io.quipu.engine.state";

    /** Plain values, and what the compiler puts behind lambdas, strings and assertions; nothing that is not used. */
    private static final Set<String> PLAIN_JDK = Set.of(
        "java.lang.Object", "java.lang.System", "java.lang.String", "java.lang.CharSequence",
        "java.lang.Math", "java.lang.Short", "java.lang.Integer", "java.lang.Long",
        "java.lang.AutoCloseable", "java.lang.Override", "java.lang.FunctionalInterface",
        "java.lang.IllegalStateException", "java.lang.IllegalArgumentException",
        "java.lang.Class", "java.lang.AssertionError",
        "java.lang.invoke.LambdaMetafactory",
        "java.lang.invoke.MethodHandles", "java.lang.invoke.MethodHandles$Lookup",
        "java.lang.invoke.StringConcatFactory", "java.lang.invoke.CallSite", "java.lang.invoke.MethodType",
        "java.lang.invoke.MethodHandle",
        "java.nio.ByteOrder", "java.util.Arrays");

    private static final Set<String> FLOATING = Set.of("float", "double", "java.lang.Float", "java.lang.Double");

    private final JavaClasses state = new ClassFileImporter()
        .withImportOption(ImportOption.Predefined.DO_NOT_INCLUDE_TESTS)
        .importPackages(STATE);

    @Test
    void shouldKnowPlainValuesOnly()
    {
        final DescribedPredicate<JavaClass> plain = describe("plain JDK types", type ->
            type.isPrimitive() || type.isArray() || PLAIN_JDK.contains(type.getName()));

        classes().should().onlyDependOnClassesThat(
            resideInAnyPackage(STATE, "io.quipu.codecs..", "org.agrona..").or(plain)).check(state);
    }

    @Test
    void shouldUseNothingOfAgronaThatReadsClocksOrMakesThreads()
    {
        noClasses().should().dependOnClassesThat(resideInAPackage("org.agrona.concurrent..")
            .and(describe("other than UnsafeBuffer", type -> !type.getSimpleName().equals("UnsafeBuffer"))))
            .check(state);
        noClasses().should().dependOnClassesThat(resideInAPackage("org.agrona.collections..")).check(state);
    }

    @Test
    void shouldAskTheSystemForNothingButCopies()
    {
        noClasses().should().callMethodWhere(target(owner(equivalentTo(System.class)))
            .and(describe("other than arraycopy", call -> !"arraycopy".equals(call.getTarget().getName()))))
            .check(state);
    }

    @Test
    void shouldStoreNoFloatingPoint()
    {
        noFields().should().haveRawType(
            describe("floating point", type -> FLOATING.contains(type.getBaseComponentType().getName()))).check(state);
        noMethods().should().haveRawReturnType(
            describe("floating point", type -> FLOATING.contains(type.getBaseComponentType().getName()))).check(state);
    }
}
