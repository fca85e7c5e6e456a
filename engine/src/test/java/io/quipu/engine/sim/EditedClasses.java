package io.quipu.engine.sim;

import java.io.ByteArrayOutputStream;
import java.io.IOException;
import java.io.InputStream;
import java.io.OutputStream;
import java.net.URI;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import javax.tools.DiagnosticCollector;
import javax.tools.FileObject;
import javax.tools.ForwardingJavaFileManager;
import javax.tools.JavaCompiler;
import javax.tools.JavaFileManager;
import javax.tools.JavaFileObject;
import javax.tools.SimpleJavaFileObject;
import javax.tools.ToolProvider;

/**
 * All of Quipu once more, with one class compiled from a changed copy of its source: classes of ours are loaded anew,
 * so that the changed one is seen by all others; those of libraries and of the JDK are shared.
 */
public final class EditedClasses extends ClassLoader
{
    private static final String OURS = "io.quipu.";

    private final Map<String, byte[]> edited;

    private EditedClasses(final ClassLoader parent, final Map<String, byte[]> edited)
    {
        super(parent);
        this.edited = edited;
    }

    /**
     * @param root of the repository.
     * @param bug  to plant.
     * @return a loader with the bug in it.
     */
    public static EditedClasses with(final Path root, final PlantedBug bug) throws IOException
    {
        final String path = bug.type().replace('.', '/') + ".java";
        final String source = Files.readString(root.resolve(bug.module()).resolve("src/main/java").resolve(path));
        final int at = source.indexOf(bug.shipped());
        Check.that(
            at >= 0 && source.indexOf(bug.shipped(), at + 1) < 0,
            "%s: what it changes does not stand in %s exactly once: plant it anew", bug, path);
        return new EditedClasses(
            EditedClasses.class.getClassLoader(), compile(path, source.replace(bug.shipped(), bug.planted())));
    }

    private static Map<String, byte[]> compile(final String path, final String source) throws IOException
    {
        final JavaCompiler compiler = ToolProvider.getSystemJavaCompiler();
        final DiagnosticCollector<JavaFileObject> problems = new DiagnosticCollector<>();
        final JavaFileObject file = new SimpleJavaFileObject(
            URI.create("string:///" + path), JavaFileObject.Kind.SOURCE)
        {
            @Override
            public CharSequence getCharContent(final boolean ignoreEncodingErrors)
            {
                return source;
            }
        };

        try (ClassesInMemory classes = new ClassesInMemory(compiler.getStandardFileManager(problems, null, null)))
        {
            final boolean isGood = compiler.getTask(
                null,
                classes,
                problems,
                List.of("-nowarn", "-proc:none", "-classpath", System.getProperty("java.class.path")),
                null,
                List.of(file)).call();
            Check.that(isGood, "%s: %s", path, problems.getDiagnostics());
            return classes.bytes();
        }
    }

    @Override
    protected Class<?> loadClass(final String name, final boolean resolve) throws ClassNotFoundException
    {
        if (!name.startsWith(OURS))
        {
            return super.loadClass(name, resolve);
        }

        synchronized (getClassLoadingLock(name))
        {
            final Class<?> known = findLoadedClass(name);
            return null == known ? define(name) : known;
        }
    }

    private Class<?> define(final String name) throws ClassNotFoundException
    {
        final byte[] changed = edited.get(name);
        if (null != changed)
        {
            return defineClass(name, changed, 0, changed.length);
        }

        try (InputStream in = getParent().getResourceAsStream(name.replace('.', '/') + ".class"))
        {
            if (null == in)
            {
                throw new ClassNotFoundException(name);
            }
            final byte[] bytes = in.readAllBytes();
            return defineClass(name, bytes, 0, bytes.length);
        }
        catch (final IOException ex)
        {
            throw new ClassNotFoundException(name, ex);
        }
    }

    /** Keeps what the compiler writes. */
    private static final class ClassesInMemory extends ForwardingJavaFileManager<JavaFileManager>
    {
        private final Map<String, ByteArrayOutputStream> written = new HashMap<>();

        ClassesInMemory(final JavaFileManager fileManager)
        {
            super(fileManager);
        }

        @Override
        public JavaFileObject getJavaFileForOutput(
            final Location location, final String name, final JavaFileObject.Kind kind, final FileObject sibling)
        {
            return new SimpleJavaFileObject(URI.create("bytes:///" + name.replace('.', '/') + ".class"), kind)
            {
                @Override
                public OutputStream openOutputStream()
                {
                    final ByteArrayOutputStream out = new ByteArrayOutputStream();
                    written.put(name, out);
                    return out;
                }
            };
        }

        Map<String, byte[]> bytes()
        {
            final Map<String, byte[]> bytes = new HashMap<>();
            written.forEach((name, out) -> bytes.put(name, out.toByteArray()));
            return bytes;
        }
    }
}
