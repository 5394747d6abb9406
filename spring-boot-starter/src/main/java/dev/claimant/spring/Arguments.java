package dev.claimant.spring;

import dev.claimant.Claim;
import dev.claimant.Message;
import dev.claimant.PermanentFailure;
import java.lang.reflect.Method;
import java.lang.reflect.Parameter;
import java.util.ArrayList;
import java.util.List;
import org.jspecify.annotations.Nullable;
import org.springframework.core.MethodParameter;
import org.springframework.core.convert.ConversionService;
import org.springframework.core.convert.TypeDescriptor;

/** The arguments of a listener's method, made of a claim. */
final class Arguments {

    private interface Argument {
        @Nullable Object of(Claim claim);
    }

    private final @Nullable PayloadReader json;
    private final ConversionService conversions;
    private final List<Argument> arguments = new ArrayList<>();
    private int payloads;

    private Arguments(@Nullable PayloadReader json, ConversionService conversions) {
        this.json = json;
        this.conversions = conversions;
    }

    /** Adds a problem for each parameter that no claim can fill. */
    static Arguments of(
            Method method, @Nullable PayloadReader json, ConversionService conversions, StartupProblems problems) {
        Arguments made = new Arguments(json, conversions);
        for (Parameter parameter : method.getParameters()) {
            made.arguments.add(made.argument(parameter, problems, Listeners.describe(method)));
        }
        problems.when(
                made.payloads > 1,
                Listeners.describe(method) + ": has " + made.payloads
                        + " parameters that could be the payload; one at most, others need @Header");
        return made;
    }

    @Nullable Object[] make(Claim claim) {
        @Nullable Object[] made = new Object[arguments.size()];
        for (int i = 0; i < made.length; i++) {
            made[i] = arguments.get(i).of(claim);
        }
        return made;
    }

    private Argument argument(Parameter parameter, StartupProblems problems, String listener) {
        Class<?> type = parameter.getType();
        Header header = parameter.getAnnotation(Header.class);
        if (header != null) {
            return header(header, parameter, problems, listener);
        }
        if (Claim.class.isAssignableFrom(type)) {
            return claim -> claimOf(type, claim);
        }
        if (type == Message.class) {
            return Claim::message;
        }
        payloads++;
        return Payload.of(parameter.getParameterizedType(), json, problems, listener)::of;
    }

    private Argument header(Header header, Parameter parameter, StartupProblems problems, String listener) {
        TypeDescriptor text = TypeDescriptor.valueOf(String.class);
        TypeDescriptor wanted = new TypeDescriptor(MethodParameter.forParameter(parameter));
        problems.when(
                !conversions.canConvert(text, wanted),
                listener + ": the header " + header.value() + " cannot be converted to " + wanted);
        problems.when(
                !header.required() && parameter.getType().isPrimitive(),
                listener + ": the header " + header.value() + " may be missing, and " + parameter.getType()
                        + " cannot be null");
        return claim -> {
            String value = claim.message().headers().get(header.value());
            if (value == null) {
                if (header.required()) {
                    throw new PermanentFailure("the message has no header " + header.value());
                }
                return null;
            }
            try {
                return conversions.convert(value, text, wanted);
            } catch (RuntimeException e) {
                throw new PermanentFailure("cannot convert the header " + header.value() + ": " + e, e);
            }
        };
    }

    static Claim claimOf(Class<?> type, Claim claim) {
        if (!type.isInstance(claim)) {
            throw new IllegalStateException("the listener wants a " + type.getName() + ", and the source gives a "
                    + claim.getClass().getName());
        }
        return claim;
    }
}
