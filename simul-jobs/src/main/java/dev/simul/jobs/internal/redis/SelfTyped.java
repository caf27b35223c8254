package dev.simul.jobs.internal.redis;

import java.io.Serial;
import org.jspecify.annotations.Nullable;
import tools.jackson.core.JsonGenerator;
import tools.jackson.databind.BeanDescription;
import tools.jackson.databind.JavaType;
import tools.jackson.databind.SerializationConfig;
import tools.jackson.databind.SerializationContext;
import tools.jackson.databind.ValueSerializer;
import tools.jackson.databind.jsontype.TypeSerializer;
import tools.jackson.databind.ser.ValueSerializerModifier;

/**
 * Lets a value whose class has Jackson's {@code @JsonTypeInfo} say its class wherever it stands.
 *
 * <p>Jackson itself asks the declared type only, and an argument among others has none.
 */
final class SelfTyped extends ValueSerializerModifier {
    @Serial
    private static final long serialVersionUID = 1;

    @Override
    public ValueSerializer<?> modifySerializer(
            SerializationConfig config, BeanDescription.Supplier bean, ValueSerializer<?> serializer) {
        return config.getAnnotationIntrospector().findPolymorphicTypeInfo(config, bean.getClassInfo()) == null
                ? serializer
                : new Typed(bean.getType(), serializer, null);
    }

    private static final class Typed extends ValueSerializer<Object> {
        private final JavaType type;
        private final ValueSerializer<Object> plain;
        private final @Nullable TypeSerializer name;

        @SuppressWarnings("unchecked")
        Typed(JavaType type, ValueSerializer<?> plain, @Nullable TypeSerializer name) {
            this.type = type;
            this.plain = (ValueSerializer<Object>) plain;
            this.name = name;
        }

        @Override
        public void resolve(SerializationContext context) {
            plain.resolve(context);
        }

        @Override
        public ValueSerializer<?> createContextual(
                SerializationContext context, tools.jackson.databind.@Nullable BeanProperty property) {
            return new Typed(type, plain.createContextual(context, property), context.findTypeSerializer(type));
        }

        @Override
        public void serialize(Object value, JsonGenerator generator, SerializationContext context) {
            if (name == null) {
                plain.serialize(value, generator, context);
            } else {
                plain.serializeWithType(value, generator, context, name);
            }
        }

        @Override
        public void serializeWithType(
                Object value, JsonGenerator generator, SerializationContext context, TypeSerializer declared) {
            plain.serializeWithType(value, generator, context, declared);
        }
    }
}
