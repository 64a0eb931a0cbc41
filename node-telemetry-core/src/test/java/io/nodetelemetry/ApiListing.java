package io.nodetelemetry;

import static java.util.stream.Collectors.joining;

import java.io.IOException;
import java.io.UncheckedIOException;
import java.lang.module.ModuleDescriptor;
import java.lang.reflect.AnnotatedElement;
import java.lang.reflect.AnnotatedType;
import java.lang.reflect.Constructor;
import java.lang.reflect.Executable;
import java.lang.reflect.Field;
import java.lang.reflect.Member;
import java.lang.reflect.Method;
import java.lang.reflect.Modifier;
import java.lang.reflect.Type;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;
import java.util.Set;
import java.util.stream.Stream;

/** What a module promises to others, as text: every public or protected signature of its exported packages, sorted. */
final class ApiListing {
    private static final Set<String> OF_EVERY_RECORD = Set.of("equals", "hashCode", "toString");

    private final Module module;
    private final Path classes;

    ApiListing(Module module, Path classes) {
        this.module = module;
        this.classes = classes;
    }

    String text() {
        return module.getDescriptor().exports().stream()
                .filter(export -> !export.isQualified())
                .map(ModuleDescriptor.Exports::source)
                .sorted()
                .map(this::ofPackage)
                .collect(joining("\n"))
                .replaceAll("\\bjava\\.lang\\.(?=[A-Z])", "");
    }

    private String ofPackage(String name) {
        try (Stream<Path> files = Files.list(classes.resolve(name.replace('.', '/')))) {
            String types = files.map(file -> file.getFileName().toString())
                    .filter(file -> file.endsWith(".class") && !file.equals("package-info.class"))
                    .map(file -> load(name + "." + file.substring(0, file.length() - ".class".length())))
                    .filter(ApiListing::isVisible)
                    .sorted((a, b) -> a.getName().compareTo(b.getName()))
                    .map(ApiListing::ofType)
                    .collect(joining());
            return "package " + name + "\n" + types;
        } catch (IOException e) {
            throw new UncheckedIOException(e);
        }
    }

    private static Class<?> load(String name) {
        try {
            return Class.forName(name, false, ApiListing.class.getClassLoader());
        } catch (ClassNotFoundException e) {
            throw new IllegalStateException(e);
        }
    }

    private static boolean isVisible(Class<?> type) {
        for (Class<?> t = type; t != null; t = t.getEnclosingClass()) {
            if (!isOffered(t.getModifiers()) || t.isAnonymousClass() || t.isLocalClass()) {
                return false;
            }
        }
        return true;
    }

    private static boolean isOffered(int modifiers) {
        return Modifier.isPublic(modifiers) || Modifier.isProtected(modifiers);
    }

    private static String ofType(Class<?> type) {
        List<String> members = new ArrayList<>();
        offered(type.getDeclaredFields()).map(ApiListing::ofField).forEach(members::add);
        offered(type.getDeclaredConstructors()).map(ApiListing::ofConstructor).forEach(members::add);
        offered(type.getDeclaredMethods())
                .filter(method -> !(type.isRecord() && OF_EVERY_RECORD.contains(method.getName())))
                .map(ApiListing::ofMethod)
                .forEach(members::add);
        return "\n" + header(type) + "\n"
                + members.stream().sorted().map(m -> "    " + m + "\n").collect(joining());
    }

    private static <M extends Member> Stream<M> offered(M[] members) {
        return Arrays.stream(members).filter(m -> isOffered(m.getModifiers()) && !m.isSynthetic());
    }

    private static String header(Class<?> type) {
        StringBuilder text = new StringBuilder(deprecation(type)).append(type.toGenericString());
        if (type.isRecord()) {
            text.append(Arrays.stream(type.getRecordComponents())
                    .map(component -> component.getAnnotatedType() + " " + component.getName())
                    .collect(joining(", ", "(", ")")));
        }
        Type parent = type.getGenericSuperclass();
        if (parent != null && parent != Object.class && !type.isRecord() && !type.isEnum()) {
            text.append(" extends ").append(parent.getTypeName());
        }
        if (type.getGenericInterfaces().length > 0) {
            text.append(type.isInterface() ? " extends " : " implements ")
                    .append(Arrays.stream(type.getGenericInterfaces())
                            .map(Type::getTypeName)
                            .collect(joining(", ")));
        }
        if (type.isSealed()) {
            text.append(" permits ")
                    .append(Arrays.stream(type.getPermittedSubclasses())
                            .map(Class::getName)
                            .sorted()
                            .collect(joining(", ")));
        }
        return text.toString();
    }

    private static String ofField(Field field) {
        return deprecation(field)
                + modifiers(field.getModifiers(), Modifier.fieldModifiers())
                + field.getAnnotatedType()
                + " "
                + field.getName();
    }

    private static String ofConstructor(Constructor<?> constructor) {
        return deprecation(constructor)
                + modifiers(constructor.getModifiers(), Modifier.constructorModifiers())
                + constructor.getDeclaringClass().getSimpleName()
                + parameters(constructor);
    }

    private static String ofMethod(Method method) {
        return deprecation(method)
                + (method.isDefault() ? "default " : "")
                + modifiers(method.getModifiers(), Modifier.methodModifiers())
                + typeParameters(method)
                + method.getAnnotatedReturnType()
                + " "
                + method.getName()
                + parameters(method);
    }

    private static String deprecation(AnnotatedElement element) {
        return element.isAnnotationPresent(Deprecated.class) ? "@Deprecated " : "";
    }

    private static String modifiers(int modifiers, int known) {
        // How a method is synchronized or bound is its own business.
        String text = Modifier.toString(modifiers & known & ~Modifier.SYNCHRONIZED & ~Modifier.NATIVE);
        return text.isEmpty() ? "" : text + " ";
    }

    private static String typeParameters(Method method) {
        if (method.getTypeParameters().length == 0) {
            return "";
        }
        return Arrays.stream(method.getTypeParameters())
                .map(parameter -> parameter.getName() + " extends "
                        + Arrays.stream(parameter.getBounds())
                                .map(Type::getTypeName)
                                .collect(joining(" & ")))
                .collect(joining(", ", "<", "> "));
    }

    private static String parameters(Executable executable) {
        String thrown = Arrays.stream(executable.getGenericExceptionTypes())
                .map(Type::getTypeName)
                .sorted()
                .collect(joining(", "));
        return Arrays.stream(executable.getAnnotatedParameterTypes())
                        .map(AnnotatedType::toString)
                        .collect(joining(", ", "(", ")"))
                + (thrown.isEmpty() ? "" : " throws " + thrown);
    }
}
