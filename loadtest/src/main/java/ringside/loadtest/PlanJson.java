package ringside.loadtest;

import com.fasterxml.jackson.core.JsonGenerator;
import com.fasterxml.jackson.core.JsonParser;
import com.fasterxml.jackson.databind.DeserializationContext;
import com.fasterxml.jackson.databind.DeserializationFeature;
import com.fasterxml.jackson.databind.JsonDeserializer;
import com.fasterxml.jackson.databind.JsonSerializer;
import com.fasterxml.jackson.databind.ObjectMapper;
import com.fasterxml.jackson.databind.SerializationFeature;
import com.fasterxml.jackson.databind.SerializerProvider;
import com.fasterxml.jackson.databind.json.JsonMapper;
import com.fasterxml.jackson.databind.module.SimpleModule;
import java.io.IOException;
import java.nio.file.Path;
import java.time.Duration;
import java.util.Optional;
import java.util.OptionalDouble;
import ringside.engines.Transport;

/// How plans and reports look as JSON: durations as ISO-8601 (`PT10S`), transports by their id, what is absent as
/// `null`.
final class PlanJson {

    private PlanJson() {}

    static ObjectMapper mapper() {
        SimpleModule module = new SimpleModule("ringside.loadtest");
        module.addSerializer(Duration.class, new DurationWriter());
        module.addDeserializer(Duration.class, new DurationReader());
        module.addSerializer(Transport.class, new TransportWriter());
        module.addDeserializer(Transport.class, new TransportReader());
        module.addSerializer(OptionalDouble.class, new OptionalDoubleWriter());
        module.addDeserializer(OptionalDouble.class, new OptionalDoubleReader());
        return JsonMapper.builder()
                .addModule(module)
                .enable(SerializationFeature.INDENT_OUTPUT)
                .enable(DeserializationFeature.FAIL_ON_MISSING_CREATOR_PROPERTIES)
                .build();
    }

    static final class DurationWriter extends JsonSerializer<Duration> {
        @Override
        public void serialize(Duration value, JsonGenerator out, SerializerProvider provider) throws IOException {
            out.writeString(value.toString());
        }
    }

    static final class DurationReader extends JsonDeserializer<Duration> {
        @Override
        public Duration deserialize(JsonParser in, DeserializationContext context) throws IOException {
            return Duration.parse(in.getValueAsString());
        }
    }

    static final class TransportWriter extends JsonSerializer<Transport> {
        @Override
        public void serialize(Transport value, JsonGenerator out, SerializerProvider provider) throws IOException {
            out.writeString(value.id());
        }
    }

    static final class TransportReader extends JsonDeserializer<Transport> {
        @Override
        public Transport deserialize(JsonParser in, DeserializationContext context) throws IOException {
            return Transport.byId(in.getValueAsString());
        }
    }

    static final class PathWriter extends JsonSerializer<Optional<Path>> {
        @Override
        public void serialize(Optional<Path> value, JsonGenerator out, SerializerProvider provider) throws IOException {
            if (value.isPresent()) {
                out.writeString(value.get().toString());
            } else {
                out.writeNull();
            }
        }
    }

    static final class PathReader extends JsonDeserializer<Optional<Path>> {
        @Override
        public Optional<Path> deserialize(JsonParser in, DeserializationContext context) throws IOException {
            return Optional.of(Path.of(in.getValueAsString()));
        }

        @Override
        public Optional<Path> getNullValue(DeserializationContext context) {
            return Optional.empty();
        }
    }

    static final class OptionalDoubleWriter extends JsonSerializer<OptionalDouble> {
        @Override
        public void serialize(OptionalDouble value, JsonGenerator out, SerializerProvider provider) throws IOException {
            if (value.isPresent()) {
                out.writeNumber(value.getAsDouble());
            } else {
                out.writeNull();
            }
        }
    }

    static final class OptionalDoubleReader extends JsonDeserializer<OptionalDouble> {
        @Override
        public OptionalDouble deserialize(JsonParser in, DeserializationContext context) throws IOException {
            return OptionalDouble.of(in.getDoubleValue());
        }

        @Override
        public OptionalDouble getNullValue(DeserializationContext context) {
            return OptionalDouble.empty();
        }
    }

    static final class LatencyWriter extends JsonSerializer<Optional<LatencySummary>> {
        @Override
        public void serialize(Optional<LatencySummary> value, JsonGenerator out, SerializerProvider provider)
                throws IOException {
            if (value.isPresent()) {
                provider.defaultSerializeValue(value.get(), out);
            } else {
                out.writeNull();
            }
        }
    }

    static final class LatencyReader extends JsonDeserializer<Optional<LatencySummary>> {
        @Override
        public Optional<LatencySummary> deserialize(JsonParser in, DeserializationContext context) throws IOException {
            return Optional.of(context.readValue(in, LatencySummary.class));
        }

        @Override
        public Optional<LatencySummary> getNullValue(DeserializationContext context) {
            return Optional.empty();
        }
    }
}
