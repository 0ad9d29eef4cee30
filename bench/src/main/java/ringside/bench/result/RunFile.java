package ringside.bench.result;

import com.fasterxml.jackson.core.JsonParser;
import com.fasterxml.jackson.core.JsonProcessingException;
import com.fasterxml.jackson.databind.DeserializationContext;
import com.fasterxml.jackson.databind.DeserializationFeature;
import com.fasterxml.jackson.databind.JsonMappingException;
import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.deser.std.StdScalarDeserializer;
import com.fasterxml.jackson.databind.json.JsonMapper;
import com.fasterxml.jackson.databind.module.SimpleModule;
import com.fasterxml.jackson.databind.node.ObjectNode;
import com.fasterxml.jackson.databind.ser.std.ToStringSerializer;
import java.io.IOException;
import java.nio.ByteBuffer;
import java.nio.channels.FileChannel;
import java.nio.charset.StandardCharsets;
import java.nio.file.AtomicMoveNotSupportedException;
import java.nio.file.Files;
import java.nio.file.NoSuchFileException;
import java.nio.file.Path;
import java.nio.file.StandardCopyOption;
import java.nio.file.StandardOpenOption;
import java.time.DateTimeException;
import java.time.Instant;

/// Reads and writes `run.json`.
///
/// A reader sees either the previous file or the new one, never a part, whenever the writer dies: temporary
/// file beside it, fsync(2), rename(2), fsync of the directory. Any thread; two writers of one directory aren't
/// meant.
public final class RunFile {
    public static final String NAME = "run.json";

    private static final JsonMapper MAPPER = JsonMapper.builder()
            .addModule(new SimpleModule()
                    .addSerializer(Instant.class, ToStringSerializer.instance)
                    .addDeserializer(Instant.class, new InstantText()))
            .enable(
                    DeserializationFeature.FAIL_ON_NULL_CREATOR_PROPERTIES,
                    DeserializationFeature.FAIL_ON_MISSING_CREATOR_PROPERTIES,
                    DeserializationFeature.FAIL_ON_NULL_FOR_PRIMITIVES,
                    DeserializationFeature.FAIL_ON_TRAILING_TOKENS)
            .build();

    private RunFile() {}

    /// Replaces `run.json` in `runDirectory`, which must exist.
    ///
    /// @throws IOException with the path and the reason; the file of before is then still whole
    public static void write(Path runDirectory, Run run) throws IOException {
        Path target = runDirectory.resolve(NAME);
        Path temporary = runDirectory.resolve(NAME + ".tmp");
        byte[] json = MAPPER.writerWithDefaultPrettyPrinter().writeValueAsBytes(run);
        try (FileChannel file = FileChannel.open(
                temporary, StandardOpenOption.CREATE, StandardOpenOption.WRITE, StandardOpenOption.TRUNCATE_EXISTING)) {
            ByteBuffer rest = ByteBuffer.wrap(json);
            while (rest.hasRemaining()) {
                file.write(rest);
            }
            file.force(true);
        }
        try {
            Files.move(temporary, target, StandardCopyOption.ATOMIC_MOVE);
        } catch (AtomicMoveNotSupportedException e) {
            throw new IOException(
                    target + ": this file system can't rename atomically; use another results directory", e);
        }
        try (FileChannel directory = FileChannel.open(runDirectory, StandardOpenOption.READ)) {
            directory.force(true);
        }
    }

    /// @throws UnreadableRunException a sentence that says what is wrong with the file and what to do
    public static Run read(Path runDirectory) throws UnreadableRunException {
        Path path = runDirectory.resolve(NAME);
        byte[] json;
        try {
            json = Files.readAllBytes(path);
        } catch (NoSuchFileException e) {
            throw new UnreadableRunException(
                    runDirectory + " holds no " + NAME + ": give the directory that `ringside bench` named at its end",
                    e);
        } catch (IOException e) {
            throw new UnreadableRunException(path + " can't be read: " + e, e);
        }
        return parse(path, json);
    }

    private static Run parse(Path path, byte[] json) throws UnreadableRunException {
        if (json.length == 0) {
            throw new UnreadableRunException(path + " is empty: the run died before its first trial; run it again");
        }
        try {
            JsonNode tree = MAPPER.readTree(json);
            if (!tree.isObject()) {
                throw new UnreadableRunException(path + " is JSON, but no run: it must be an object");
            }
            JsonNode version = tree.path("schemaVersion");
            if (!version.isInt()) {
                throw new UnreadableRunException(path + " is JSON, but no run: it has no schemaVersion");
            }
            if (version.intValue() != Run.SCHEMA_VERSION) {
                throw new UnreadableRunException(
                        "%s has schema version %d, this ringside knows %d: use the ringside that wrote it"
                                .formatted(path, version.intValue(), Run.SCHEMA_VERSION));
            }
            EarlierRun.complete((ObjectNode) tree, MAPPER.valueToTree(Ledgers.NONE));
            EarlierMeasurements.complete((ObjectNode) tree, MAPPER);
            return MAPPER.treeToValue(tree, Run.class);
        } catch (JsonMappingException e) {
            throw new UnreadableRunException(
                    "%s isn't a valid run: at %s: %s".formatted(path, where(e), firstLine(e.getOriginalMessage())), e);
        } catch (JsonProcessingException e) {
            throw notJson(path, json, e);
        } catch (UnreadableRunException e) {
            throw e;
        } catch (IOException e) {
            throw new UnreadableRunException(path + " can't be read: " + e, e);
        }
    }

    private static UnreadableRunException notJson(Path path, byte[] json, JsonProcessingException e) {
        long line = e.getLocation().getLineNr();
        // A cut inside a number or a word is no end of input to Jackson; but a whole run ends in a brace.
        String text = new String(json, StandardCharsets.UTF_8).strip();
        boolean cut = text.startsWith("{") && !text.endsWith("}");
        if (cut || e.getOriginalMessage().contains("end-of-input")) {
            return new UnreadableRunException(
                    path + " is truncated: it ends in line " + line
                            + " before its JSON does; was the disk full when it was copied?",
                    e);
        }
        return new UnreadableRunException(
                "%s isn't JSON: line %d, column %d: %s"
                        .formatted(path, line, e.getLocation().getColumnNr(), firstLine(e.getOriginalMessage())),
                e);
    }

    private static String where(JsonMappingException e) {
        StringBuilder where = new StringBuilder();
        for (JsonMappingException.Reference step : e.getPath()) {
            if (step.getIndex() >= 0) {
                where.append('[').append(step.getIndex()).append(']');
            } else {
                where.append(where.isEmpty() ? "" : ".").append(step.getFieldName());
            }
        }
        return where.isEmpty() ? "the top" : where.toString();
    }

    private static String firstLine(String message) {
        return message.lines().findFirst().orElse("");
    }

    private static final class InstantText extends StdScalarDeserializer<Instant> {
        private InstantText() {
            super(Instant.class);
        }

        @Override
        public Instant deserialize(JsonParser parser, DeserializationContext context) throws IOException {
            String text = parser.getText();
            try {
                return Instant.parse(text);
            } catch (DateTimeException e) {
                throw context.weirdStringException(
                        text, Instant.class, "expected an ISO-8601 instant: " + e.getMessage());
            }
        }
    }
}
