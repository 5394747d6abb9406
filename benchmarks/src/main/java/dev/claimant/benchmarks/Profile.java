package dev.claimant.benchmarks;

import java.io.IOException;
import java.nio.file.Path;
import java.util.HashMap;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import jdk.jfr.consumer.RecordedEvent;
import jdk.jfr.consumer.RecordedFrame;
import jdk.jfr.consumer.RecordedStackTrace;
import jdk.jfr.consumer.RecordingFile;

/**
 * {@code bin/bench profile FILE}: where a Flight Recorder file says that time and memory went, by part. A part is the class of ours that
 * is nearest to the top of the stack, so that what it calls in the JDK or a driver counts as its own.
 */
final class Profile {

    private static final String OURS = "dev.claimant.";
    private static final int SHOWN = 15;

    private final Map<String, Long> samples = new HashMap<>();
    private final Map<String, Long> bytes = new HashMap<>();
    private final Map<String, Long> objects = new HashMap<>();

    private Profile() {}

    public static void main(String[] args) throws IOException {
        Profile profile = new Profile();
        for (String file : args) {
            profile.read(Path.of(file));
        }
        print("processor time, by owner", byOwner(profile.samples));
        print("processor time, by part", profile.samples);
        print("allocation, by owner", byOwner(profile.bytes));
        print("allocation, by part", profile.bytes);
        print("allocation, by class of object", profile.objects);
    }

    private void read(Path file) throws IOException {
        try (RecordingFile recording = new RecordingFile(file)) {
            while (recording.hasMoreEvents()) {
                RecordedEvent event = recording.readEvent();
                if (isSetUp(event)) {
                    continue;
                }
                switch (event.getEventType().getName()) {
                    case "jdk.ExecutionSample" -> samples.merge(part(event), 1L, Long::sum);
                    case "jdk.ObjectAllocationSample" -> {
                        bytes.merge(part(event), event.getLong("weight"), Long::sum);
                        objects.merge(
                                event.getClass("objectClass").getName().replaceAll("\\$\\$Lambda.*", " (lambda)"),
                                event.getLong("weight"),
                                Long::sum);
                    }
                    default -> {}
                }
            }
        }
    }

    private static String part(RecordedEvent event) {
        List<RecordedFrame> frames = frames(event);
        for (RecordedFrame frame : frames) {
            String type = type(frame);
            if (type.startsWith(OURS)) {
                return type.replaceAll("\\$.*", "").substring(OURS.length()) + "."
                        + frame.getMethod().getName().replaceAll("lambda\\$(\\w+)\\$.*", "$1");
            }
        }
        return "elsewhere: " + (frames.isEmpty() ? "no stack" : type(frames.get(0)));
    }

    /** What a benchmark sets up is not what it measures. */
    private static boolean isSetUp(RecordedEvent event) {
        return frames(event).stream()
                .anyMatch(frame -> frame.getMethod().getName().equals("fill")
                        && type(frame).startsWith(OURS + "benchmarks."));
    }

    private static List<RecordedFrame> frames(RecordedEvent event) {
        RecordedStackTrace stack = event.getStackTrace();
        return stack == null ? List.of() : stack.getFrames();
    }

    private static String type(RecordedFrame frame) {
        return frame.getMethod().getType().getName();
    }

    /** {@code core}, {@code memory}, {@code postgres}: the module or source that a part belongs to. */
    private static String owner(String part) {
        return part.matches("[a-z]+[.:].*") ? part.replaceAll("[.:].*", "") : "core";
    }

    private static Map<String, Long> byOwner(Map<String, Long> parts) {
        Map<String, Long> owners = new HashMap<>();
        parts.forEach((part, weight) -> owners.merge(owner(part), weight, Long::sum));
        return owners;
    }

    private static void print(String title, Map<String, Long> parts) {
        long all = parts.values().stream().mapToLong(Long::longValue).sum();
        System.out.println(title);
        parts.entrySet().stream()
                .sorted(Map.Entry.<String, Long>comparingByValue().reversed())
                .limit(SHOWN)
                .forEach(part -> System.out.println(
                        String.format(Locale.ROOT, "  %5.1f %%  %s", 100.0 * part.getValue() / all, part.getKey())));
    }
}
