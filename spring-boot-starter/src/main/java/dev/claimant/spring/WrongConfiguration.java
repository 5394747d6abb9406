package dev.claimant.spring;

import dev.claimant.ConfigurationException;
import dev.claimant.JobResult;
import java.util.List;
import org.springframework.boot.ExitCodeGenerator;

/** The application cannot start as it is configured; its process ends with the exit code that says so. */
final class WrongConfiguration extends ConfigurationException implements ExitCodeGenerator {

    private static final long serialVersionUID = 1;

    WrongConfiguration(List<String> problems) {
        super(problems);
    }

    @Override
    public int getExitCode() {
        return JobResult.MISCONFIGURED;
    }
}
