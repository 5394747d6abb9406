package dev.claimant.servicebusserver;

import java.lang.annotation.ElementType;
import java.lang.annotation.Retention;
import java.lang.annotation.RetentionPolicy;
import java.lang.annotation.Target;

/**
 * Where it is said that Service Bus behaves like this. A page without a host is one of
 * {@code learn.microsoft.com/azure/service-bus-messaging}.
 */
@Retention(RetentionPolicy.RUNTIME)
@Target(ElementType.METHOD)
@interface Behaviour {
    String value();
}
