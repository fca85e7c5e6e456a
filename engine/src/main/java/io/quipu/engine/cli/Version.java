package io.quipu.engine.cli;

import picocli.CommandLine.IVersionProvider;

import java.io.IOException;
import java.io.InputStream;
import java.util.Properties;

/**
 * The version of this build, written by Maven into a resource.
 */
final class Version implements IVersionProvider
{
    private static final String RESOURCE = "version.properties";

    @Override
    public String[] getVersion() throws IOException
    {
        final Properties properties = new Properties();
        try (InputStream in = Version.class.getResourceAsStream(RESOURCE))
        {
            if (in == null)
            {
                throw new IOException("resource " + RESOURCE + " is not on the class path");
            }
            properties.load(in);
        }
        return new String[]{
            "quipu " + properties.getProperty("version"),
            "Java " + Runtime.version() + ", " + System.getProperty("os.name") + " " + System.getProperty("os.arch")};
    }
}
