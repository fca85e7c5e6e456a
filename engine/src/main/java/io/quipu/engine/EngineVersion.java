package io.quipu.engine;

import java.io.IOException;
import java.io.InputStream;
import java.io.UncheckedIOException;
import java.util.Properties;

/**
 * The version of this build, which Maven writes into a resource.
 */
public final class EngineVersion
{
    private static final String RESOURCE = "version.properties";

    private EngineVersion()
    {
    }

    /** As the POM says it. */
    public static String version()
    {
        final Properties properties = new Properties();
        try (InputStream in = EngineVersion.class.getResourceAsStream(RESOURCE))
        {
            if (in == null)
            {
                throw new IllegalStateException("resource " + RESOURCE + " is not on the class path");
            }
            properties.load(in);
        }
        catch (final IOException ex)
        {
            throw new UncheckedIOException(ex);
        }
        return properties.getProperty("version");
    }
}
