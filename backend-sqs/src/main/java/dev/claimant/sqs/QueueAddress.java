package dev.claimant.sqs;

import java.net.URI;
import java.net.URISyntaxException;
import java.util.List;
import java.util.regex.Matcher;
import java.util.regex.Pattern;
import org.jspecify.annotations.Nullable;

/**
 * Where a queue is.
 *
 * @param url as SQS gives it
 * @param base all before the account, with its slash
 * @param account whose queue it is
 * @param name ends in {@code .fifo} for a FIFO queue
 */
record QueueAddress(String url, String base, String account, String name) {

    private static final Pattern AMAZON =
            Pattern.compile("(?:sqs|queue|sqs-fips)\\.([a-z0-9-]+)\\.(?:amazonaws|api)\\..*");

    /** Nothing, and a problem more, where the text is no queue's URL. */
    static @Nullable QueueAddress parse(List<String> problems, String setting, @Nullable String url) {
        try {
            URI uri = url == null ? null : new URI(url);
            if (url != null && uri != null && uri.getHost() != null && isHttp(uri) && uri.getPath() != null) {
                String[] path = uri.getPath().split("/", -1);
                int length = path.length;
                if (length >= 3 && !path[length - 1].isEmpty() && !path[length - 2].isEmpty()) {
                    String end = path[length - 2] + "/" + path[length - 1];
                    return new QueueAddress(
                            url, url.substring(0, url.length() - end.length()), path[length - 2], path[length - 1]);
                }
            }
        } catch (URISyntaxException e) {
            // said below
        }
        problems.add(setting + ": '" + url + "' is no queue's URL; it looks like"
                + " https://sqs.<region>.amazonaws.com/<account>/<queue>");
        return null;
    }

    static boolean isHttp(URI uri) {
        return "http".equals(uri.getScheme()) || "https".equals(uri.getScheme());
    }

    boolean isFifo() {
        return name.endsWith(".fifo");
    }

    /** The region in the URL of an AWS queue; nothing in other URLs. */
    @Nullable String region() {
        Matcher matcher = AMAZON.matcher(URI.create(url).getHost());
        return matcher.matches() ? matcher.group(1) : null;
    }

    /** The queue that an ARN names, {@code arn:aws:sqs:region:account:name}, beside this one. */
    QueueAddress sibling(String arn) {
        String[] parts = arn.split(":", -1);
        String siblingAccount = parts[parts.length - 2];
        String siblingName = parts[parts.length - 1];
        return new QueueAddress(base + siblingAccount + "/" + siblingName, base, siblingAccount, siblingName);
    }

    /** The URL, for errors and logs. */
    @Override
    public String toString() {
        return url;
    }
}
