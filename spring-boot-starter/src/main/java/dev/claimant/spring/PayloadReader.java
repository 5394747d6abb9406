package dev.claimant.spring;

import java.lang.reflect.Type;
import org.jspecify.annotations.Nullable;

/** Reads a body as a value of a type; the application's JSON mapper does. */
@FunctionalInterface
interface PayloadReader {

    @Nullable Object read(byte[] body, Type type) throws Exception;
}
