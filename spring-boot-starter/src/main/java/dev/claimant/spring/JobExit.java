package dev.claimant.spring;

import org.springframework.boot.ExitCodeGenerator;
import org.springframework.boot.SpringApplication;
import org.springframework.boot.context.event.ApplicationReadyEvent;
import org.springframework.context.ApplicationListener;
import org.springframework.core.Ordered;

/** Closes the context once the Job has run, and ends the process with the Job's exit code: a web server must not keep a Job's pod alive. */
final class JobExit implements ApplicationListener<ApplicationReadyEvent>, Ordered {

    @Override
    public void onApplicationEvent(ApplicationReadyEvent ready) {
        System.exit(SpringApplication.exit(ready.getApplicationContext(), new ExitCodeGenerator[0]));
    }

    @Override
    public int getOrder() {
        return LOWEST_PRECEDENCE;
    }
}
