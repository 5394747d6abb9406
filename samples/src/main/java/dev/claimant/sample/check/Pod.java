package dev.claimant.sample.check;

import java.util.LinkedHashMap;
import java.util.Map;

/**
 * The pods of a scaled workload.
 *
 * @param labels of their template
 * @param spec the pod's
 * @param container the worker: the first one, or the one that {@code envSourceContainerName} names
 */
record Pod(Element labels, Element spec, Element container) {

    static Pod of(Element template, String containerName) {
        Element spec = template.at("spec");
        Element containers = spec.at("containers");
        Element first =
                containers.items().isEmpty() ? containers : containers.items().get(0);
        return new Pod(
                template.at("metadata").at("labels"),
                spec,
                containerName.isEmpty() ? first : containers.named(containerName));
    }

    /** The entry of {@code env}, which may be absent. */
    Element variable(String name) {
        return container.at("env").named(name);
    }

    /** The number that the manifest gives a setting; what comes from elsewhere is not known here. */
    double number(String variable, double otherwise) {
        return variable(variable).at("value").numberOr(otherwise);
    }

    /** Whether the value comes from a Secret, a ConfigMap or a field. */
    boolean isFromElsewhere(String variable) {
        return variable(variable).at("valueFrom").isSet();
    }

    /** Whether it runs the sample's worker, whose variables are known; somebody's own worker reads what it likes. */
    boolean isSample() {
        return variable("SOURCE").isSet();
    }

    /** Whether Azure's webhook adds the variables of a workload identity. */
    boolean hasAzureIdentity() {
        return labels.at("azure.workload.identity/use").text().equals("true");
    }

    /** What the manifest says itself; what comes from elsewhere is not among it. */
    Map<String, String> literals() {
        Map<String, String> literals = new LinkedHashMap<>();
        for (Element variable : container.at("env").items()) {
            if (!variable.at("valueFrom").isSet()) {
                literals.put(variable.at("name").text(), variable.at("value").text());
            }
        }
        return literals;
    }
}
