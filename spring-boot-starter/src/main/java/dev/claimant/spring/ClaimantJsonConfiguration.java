package dev.claimant.spring;

import org.springframework.boot.autoconfigure.AutoConfiguration;
import org.springframework.boot.autoconfigure.condition.ConditionalOnClass;
import org.springframework.boot.autoconfigure.condition.ConditionalOnSingleCandidate;
import org.springframework.context.annotation.Bean;
import tools.jackson.databind.json.JsonMapper;

/** Payloads through the application's own JSON mapper. */
@AutoConfiguration(
        before = ClaimantAutoConfiguration.class,
        afterName = "org.springframework.boot.jackson.autoconfigure.JacksonAutoConfiguration")
@ConditionalOnClass(JsonMapper.class)
class ClaimantJsonConfiguration {

    @Bean
    @ConditionalOnSingleCandidate(JsonMapper.class)
    PayloadReader claimantPayloadReader(JsonMapper mapper) {
        return (body, type) -> mapper.readValue(body, mapper.constructType(type));
    }
}
