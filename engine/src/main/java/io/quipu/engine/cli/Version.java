package io.quipu.engine.cli;

import io.quipu.engine.EngineVersion;
import picocli.CommandLine.IVersionProvider;

/**
 * What {@code --version} prints.
 */
final class Version implements IVersionProvider
{
    @Override
    public String[] getVersion()
    {
        return new String[]{
            "quipu " + EngineVersion.version(),
            "Java " + Runtime.version() + ", " + System.getProperty("os.name") + " " + System.getProperty("os.arch")};
    }
}
