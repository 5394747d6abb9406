package dev.claimant.contract;

import java.lang.annotation.ElementType;
import java.lang.annotation.Retention;
import java.lang.annotation.RetentionPolicy;
import java.lang.annotation.Target;
import org.junit.jupiter.api.Test;

/**
 * One rule of the contract. Its method's name carries force, topic, number and subject: {@code must_LOCK_3_aLateCompleteIsLost}.
 * {@code must} binds every source; {@code may} binds those whose capabilities say so.
 */
@Test
@Retention(RetentionPolicy.RUNTIME)
@Target(ElementType.METHOD)
@interface Rule {

    /** What is demanded and why, in one sentence. */
    String value();

    /** Which capabilities the rule is for. */
    When when() default When.ALWAYS;

    /** Where to look if this fails. */
    String lookAt() default "";
}
