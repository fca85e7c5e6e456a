package io.quipu.engine.cli;

import com.fasterxml.jackson.core.JsonFactory;
import com.fasterxml.jackson.core.JsonGenerator;
import org.jline.utils.AttributedString;

import java.io.IOException;
import java.io.PrintStream;
import java.io.StringWriter;
import java.io.UncheckedIOException;

/**
 * Where a verb writes. Results go to standard output: plain lines for people, or one JSON object a line with
 * {@code --json}; what is said on the way goes to standard error. Used by one thread.
 */
public final class Output
{
    /** Fills one JSON object; the braces are already written. */
    @FunctionalInterface
    public interface JsonFields
    {
        void write(JsonGenerator json) throws IOException;
    }

    /** Error code when nobody reads standard output any more, as behind {@code | head}: a reason to end, in silence. */
    static final String CLOSED = "OUTPUT_CLOSED";

    private static final JsonFactory JSON = new JsonFactory();

    private final PrintStream out;
    private final PrintStream err;
    private final boolean json;
    private final boolean colour;

    /**
     * @param out    for results.
     * @param err    for everything else.
     * @param json   objects instead of text.
     * @param colour whether the text may carry colours: {@code out} is a terminal that wants them.
     */
    public Output(final PrintStream out, final PrintStream err, final boolean json, final boolean colour)
    {
        this.out = out;
        this.err = err;
        this.json = json;
        this.colour = colour && !json;
    }

    /** Whether objects are wanted instead of text. */
    public boolean json()
    {
        return json;
    }

    /** Whether text may carry colours. */
    public boolean colour()
    {
        return colour;
    }

    /** A line for people; call it only when {@link #json()} is false. */
    public void line(final String text)
    {
        out.print(text + "\n");
        flush();
    }

    /** A styled line for people; the style is left away where colours are not wanted. */
    public void line(final AttributedString text)
    {
        line(colour ? text.toAnsi() : text.toString());
    }

    /** One object on a line of its own. */
    public void object(final JsonFields fields)
    {
        line(jsonOf(fields));
    }

    /** A line for people on standard error, in both forms of output. */
    public void note(final String text)
    {
        err.print(text + "\n");
        err.flush();
    }

    /** The stream of {@link #note(String)}, for progress bars. */
    public PrintStream notes()
    {
        return err;
    }

    /**
     * One object as text.
     *
     * @param fields writes its fields.
     * @return the object, without a line end.
     */
    static String jsonOf(final JsonFields fields)
    {
        final StringWriter text = new StringWriter(128);
        try (JsonGenerator json = JSON.createGenerator(text))
        {
            json.writeStartObject();
            fields.write(json);
            json.writeEndObject();
        }
        catch (final IOException ex)
        {
            throw new UncheckedIOException(ex);
        }
        return text.toString();
    }

    private void flush()
    {
        out.flush();
        if (out.checkError())
        {
            throw VerbException.refused(CLOSED, "nobody reads standard output any more");
        }
    }
}
