package io.quipu.codecs;

import java.io.IOException;
import java.io.InputStream;
import java.nio.BufferUnderflowException;
import java.nio.ByteBuffer;
import java.nio.ByteOrder;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.TreeMap;
import javax.xml.parsers.DocumentBuilderFactory;
import javax.xml.parsers.ParserConfigurationException;
import org.w3c.dom.Document;
import org.w3c.dom.Element;
import org.w3c.dom.Node;
import org.w3c.dom.NodeList;
import org.xml.sax.SAXException;

/**
 * The validator's naive twin: reads a schema's XML as text, knows nothing of generated code, copies the frame into a
 * buffer of its own and lets that buffer's bounds checks refuse. Slow, plain, and wrong in other ways than the shipped
 * one.
 */
final class NaiveFrames
{
    private static final Set<String> ON_BOARD = Set.of(
        "DropBoard", "ResetBoard", "Score", "ScoreColumns", "Remove",
        "GetRanks", "GetPage", "GetAround", "GetRange", "DescribeBoard");

    /** A field; of the first version of its schema, or added since. */
    record Field(String name, String type, int offset, int size, boolean isAdded)
    {
    }

    record Group(int blockLength, List<Field> fields, int names)
    {
    }

    record Message(
        int id, String name, String description, int blockLength, List<Field> fields, List<Group> groups, int names)
    {
        boolean usesBoard()
        {
            return ON_BOARD.contains(name);
        }
    }

    private static final class Refused extends RuntimeException
    {
        Refused(final String why)
        {
            super(why);
        }
    }

    final Map<Integer, Message> messages = new TreeMap<>();
    final int schemaId;

    private final Map<String, Integer> sizes = new HashMap<>();
    private final Map<String, int[]> enums = new HashMap<>();
    private ByteBuffer in;
    private int blockStart;

    private NaiveFrames(final Document document)
    {
        final Element root = document.getDocumentElement();
        schemaId = Integer.parseInt(root.getAttribute("id"));
        readTypes(root);
        for (final Element element : elements(root, "sbe:message"))
        {
            final List<Field> fields = fields(element);
            final List<Group> groups = new ArrayList<>();
            for (final Element group : elements(element, "group"))
            {
                groups.add(new Group(length(fields(group)), fields(group), elements(group, "data").size()));
            }
            final int id = Integer.parseInt(element.getAttribute("id"));
            messages.put(id, new Message(
                id,
                element.getAttribute("name"),
                element.getAttribute("description"),
                length(fields),
                fields,
                groups,
                elements(element, "data").size()));
        }
    }

    static NaiveFrames of(final String schema)
    {
        try (InputStream xml = NaiveFrames.class.getResourceAsStream("/sbe/" + schema + ".xml"))
        {
            return new NaiveFrames(DocumentBuilderFactory.newInstance().newDocumentBuilder().parse(xml));
        }
        catch (final IOException | SAXException | ParserConfigurationException e)
        {
            throw new IllegalStateException(e);
        }
    }

    /** Whether the frame is a valid one of the ingress schema, as drawn in its comment. */
    boolean acceptsIngress(final byte[] frame)
    {
        return frame.length <= 64 * 1024 && accepts(frame, this::readIngress);
    }

    /** Whether the frame is a valid one of the egress schema. */
    boolean acceptsEgress(final byte[] frame)
    {
        return accepts(frame, this::readEgress);
    }

    /** Whether the frame is one message of this schema. */
    boolean acceptsMessage(final byte[] frame)
    {
        return accepts(frame, () -> readRest(readHeader(), 1));
    }

    private boolean accepts(final byte[] frame, final Runnable reader)
    {
        in = ByteBuffer.wrap(frame.clone()).order(ByteOrder.LITTLE_ENDIAN);
        try
        {
            reader.run();
            return !in.hasRemaining();
        }
        catch (final BufferUnderflowException | IllegalArgumentException | IndexOutOfBoundsException | Refused e)
        {
            return false;
        }
    }

    private void readIngress()
    {
        final Message envelope = readHeader();
        require(envelope.id <= 9, "envelope");
        if ("Submit".equals(envelope.name))
        {
            final int requests = in.getShort(8 + offset(envelope, "requestCount")) & 0xFFFF;
            require(requests > 0, "requests");
            readPadding();
            for (int i = 0; i < requests; i++)
            {
                readRequest();
                readPadding();
            }
        }
        else if ("Query".equals(envelope.name))
        {
            readQuery();
        }
    }

    private void readRequest()
    {
        final int start = in.position();
        final Message request = readHeader();
        require("Request".equals(request.name), "request");
        final int block = start + 8;
        final long sequence = in.getLong(block + offset(request, "requestSequence"));
        final long upTo = in.getLong(block + offset(request, "repliesReceivedUpTo"));
        require(sequence >= 1 && upTo >= 0 && upTo < sequence, "sequences");
        final long length = in.getInt(block + offset(request, "length")) & 0xFFFF_FFFFL;
        final int commandCount = in.getShort(block + offset(request, "commandCount")) & 0xFFFF;
        require(length <= in.remaining(), "length");

        final int frameLimit = in.limit();
        in.limit(in.position() + (int)length);
        boolean onBoard = false;
        int commands = 0;
        while (in.hasRemaining())
        {
            final Message message = readHeader();
            if ("OnBoard".equals(message.name))
            {
                readBoard(message);
                onBoard = true;
            }
            else
            {
                require(message.id >= 20 && message.id <= 49, "command");
                require(onBoard || !message.usesBoard(), "board");
                final int run = message.groups.isEmpty() ? 1 : in.getShort(in.position() + 2) & 0xFFFF;
                require(run > 0, "run");
                commands += run;
                readRest(message, 1);
            }
        }
        require(commands == commandCount && commands > 0, "count");
        in.limit(frameLimit);
    }

    private void readQuery()
    {
        Message message = readHeader();
        boolean onBoard = false;
        if ("OnBoard".equals(message.name))
        {
            readBoard(message);
            onBoard = true;
            message = readHeader();
        }
        require(message.id >= 50 && message.id <= 79, "query");
        final boolean boardWanted = "Resolve".equals(message.name) ?
            3 == in.get(blockStart) : message.usesBoard();
        require(onBoard == boardWanted, "board");
        if (!message.groups.isEmpty())
        {
            require((in.getShort(in.position() + 2) & 0xFFFF) <= 1000, "rows");
        }
        readRest(message, message.name.startsWith("List") ? 0 : 1);
    }

    private void readBoard(final Message onBoard)
    {
        final long handle = in.getLong(blockStart);
        final int nameLength = in.get(in.position()) & 0xFF;
        require((0 == handle) == (nameLength > 0), "handle or name");
        readRest(onBoard, 0);
    }

    private void readEgress()
    {
        final Message envelope = readHeader();
        require(envelope.id <= 9, "envelope");
        if ("Reply".equals(envelope.name))
        {
            final Message result = readHeader();
            require(result.id >= 10 && result.id <= 19, "result");
            readRest(result, 0);
        }
        else if ("QueryReply".equals(envelope.name) && 0 == in.get(8 + offset(envelope, "code")))
        {
            final Message body = readHeader();
            require(body.id >= 30 && body.id <= 49, "body");
            readRest(body, 0);
        }
    }

    private Message readHeader()
    {
        final int blockLength = in.getShort() & 0xFFFF;
        final int id = in.getShort() & 0xFFFF;
        require((in.getShort() & 0xFFFF) == schemaId, "schema");
        require((in.getShort() & 0xFF00) == 0, "version");
        final Message message = messages.get(id);
        require(null != message && !message.description.startsWith("Reserved"), "template");
        require(blockLength >= message.blockLength, "block");
        blockStart = in.position();
        in.position(blockStart + blockLength);
        if (!"CreateBoard".equals(message.name) && !"SetLimit".equals(message.name) && 7401 == schemaId)
        {
            checkFields(message.name, message.fields, blockStart);
        }
        return message;
    }

    private void readRest(final Message message, final int leastName)
    {
        for (final Group group : message.groups)
        {
            final int blockLength = in.getShort() & 0xFFFF;
            final int count = in.getShort() & 0xFFFF;
            require(blockLength >= group.blockLength, "entry block");
            for (int i = 0; i < count; i++)
            {
                final int block = in.position();
                in.position(block + blockLength);
                if (7401 == schemaId)
                {
                    checkFields(message.name, group.fields, block);
                }
                for (int n = 0; n < group.names; n++)
                {
                    readName(leastName);
                }
            }
        }
        for (int n = 0; n < message.names; n++)
        {
            readName("CreateBoard".equals(message.name) && 1 == n ? 0 : leastName);
        }
    }

    private void checkFields(final String message, final List<Field> fields, final int block)
    {
        for (final Field field : fields)
        {
            final int at = block + field.offset;
            final int[] range = enums.get(field.type);
            if (null != range)
            {
                final int value = in.get(at) & 0xFF;
                require(value >= range[0] && value <= range[1], field.name);
            }
            if ("maxRows".equals(field.name))
            {
                final int rows = in.getShort(at) & 0xFFFF;
                require(rows <= 1000 && (rows > 0 || "GetRange".equals(message)), field.name);
            }
            if ("fromColumns".equals(field.name) || "toColumns".equals(field.name))
            {
                require((in.get(at) & 0xFF) <= 4, field.name);
            }
        }
    }

    private void readName(final int least)
    {
        final int length = in.get() & 0xFF;
        require(length >= least && length <= 128, "name");
        in.position(in.position() + length);
    }

    private void readPadding()
    {
        while (0 != in.position() % 8)
        {
            require(0 == in.get(), "padding");
        }
    }

    private static void require(final boolean holds, final String what)
    {
        if (!holds)
        {
            throw new Refused(what);
        }
    }

    private static int offset(final Message message, final String field)
    {
        return message.fields.stream().filter((f) -> f.name.equals(field)).findFirst().orElseThrow().offset;
    }

    private void readTypes(final Element root)
    {
        sizes.putAll(Map.of("int64", 8, "int32", 4, "uint32", 4, "uint16", 2, "uint8", 1));
        for (final Element types : elements(root, "types"))
        {
            for (final Element type : elements(types, "type"))
            {
                sizes.put(type.getAttribute("name"), size(type));
            }
            for (final Element composite : elements(types, "composite"))
            {
                sizes.put(
                    composite.getAttribute("name"),
                    elements(composite, "type").stream().mapToInt(this::size).sum());
            }
            for (final Element element : elements(types, "enum"))
            {
                final int[] values = elements(element, "validValue").stream()
                    .mapToInt((value) -> Integer.parseInt(value.getTextContent())).sorted().toArray();
                sizes.put(element.getAttribute("name"), 1);
                enums.put(element.getAttribute("name"), new int[]{ values[0], values[values.length - 1] });
            }
        }
    }

    private int size(final Element type)
    {
        final String length = type.getAttribute("length");
        return sizes.get(type.getAttribute("primitiveType")) * (length.isEmpty() ? 1 : Integer.parseInt(length));
    }

    private List<Field> fields(final Element parent)
    {
        final List<Field> fields = new ArrayList<>();
        int offset = 0;
        for (final Element field : elements(parent, "field"))
        {
            final String type = field.getAttribute("type");
            final int size = sizes.get(type);
            fields.add(new Field(
                field.getAttribute("name"), type, offset, size, field.hasAttribute("sinceVersion")));
            offset += size;
        }
        return fields;
    }

    /** Of the least block: a frame of the schema's first version is a valid one still. */
    private static int length(final List<Field> fields)
    {
        return fields.stream().filter((field) -> !field.isAdded()).mapToInt(Field::size).sum();
    }

    private static List<Element> elements(final Element parent, final String tag)
    {
        final List<Element> found = new ArrayList<>();
        final NodeList children = parent.getChildNodes();
        for (int i = 0; i < children.getLength(); i++)
        {
            final Node child = children.item(i);
            if (child instanceof Element element && tag.equals(element.getTagName()))
            {
                found.add(element);
            }
        }
        return found;
    }
}
