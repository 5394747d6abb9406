package dev.claimant.spring;

import java.lang.annotation.Documented;
import java.lang.annotation.ElementType;
import java.lang.annotation.Retention;
import java.lang.annotation.RetentionPolicy;
import java.lang.annotation.Target;

/** The parameter of a {@link ClaimantListener} is one of the message's headers, converted to the parameter's type. */
@Documented
@Target(ElementType.PARAMETER)
@Retention(RetentionPolicy.RUNTIME)
public @interface Header {

    /** The header's name. */
    String value();

    /** Whether a message without it is dead-lettered; if not, the argument is null. */
    boolean required() default true;
}
