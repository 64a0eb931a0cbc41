package io.nodetelemetry.testing;

import io.nodetelemetry.testing.LocalHttpServer.Answer;
import io.nodetelemetry.testing.LocalHttpServer.Request;
import java.util.HashMap;
import java.util.Map;
import org.jspecify.annotations.Nullable;

/**
 * EC2's instance metadata service as its documentation has it (EC2 User Guide, "Instance metadata and user data"): a token
 * is needed, its lifetime must be stated and lie between 1 s and 6 h, and requests that came through a proxy are refused.
 */
public final class Ec2MetadataService implements LocalHttpServer.Behaviour {
    private static final String TOKEN = "AQAEAExampleToken-_==";
    private static final String DATA = "/latest/meta-data/";

    private final Map<String, String> values;
    private final boolean version1;

    private Ec2MetadataService(Map<String, String> values, boolean version1) {
        this.values = values;
        this.version1 = version1;
    }

    /** An on-demand instance with a public address. */
    public static Ec2MetadataService of() {
        return new Ec2MetadataService(
                Map.of(
                        "instance-id", "i-0abcdef1234567890",
                        "instance-life-cycle", "on-demand",
                        "instance-type", "m7g.large",
                        "placement/region", "eu-central-1",
                        "placement/availability-zone", "eu-central-1b",
                        "placement/availability-zone-id", "euc1-az3",
                        "local-ipv4", "172.31.20.5",
                        "public-ipv4", "3.120.4.5",
                        "identity-credentials/ec2/info",
                                "{\n  \"Code\" : \"Success\",\n  \"LastUpdated\" : \"2026-11-23T06:00:00Z\",\n"
                                        + "  \"AccountId\" : \"123456789012\"\n}"),
                false);
    }

    /** The same with another value; null for none. */
    public Ec2MetadataService with(String path, @Nullable String value) {
        Map<String, String> changed = new HashMap<>(values);
        if (value == null) {
            changed.remove(path);
        } else {
            changed.put(path, value);
        }
        return new Ec2MetadataService(changed, version1);
    }

    /** An old one, which knows no tokens. */
    public Ec2MetadataService ofVersion1() {
        return new Ec2MetadataService(values, true);
    }

    @Override
    public Answer answer(Request request) {
        if (request.headers().containsKey("x-forwarded-for")) {
            return Answer.of(403, "");
        }
        if (request.method().equals("PUT")) {
            return version1 ? Answer.of(405, "") : token(request);
        }
        if (!version1 && !request.has("x-aws-ec2-metadata-token", TOKEN)) {
            return Answer.of(401, "");
        }
        String value =
                request.path().startsWith(DATA) ? values.get(request.path().substring(DATA.length())) : null;
        return value == null ? Answer.notFound() : Answer.ok(value);
    }

    private static Answer token(Request request) {
        String seconds = request.headers().getOrDefault("x-aws-ec2-metadata-token-ttl-seconds", "");
        boolean valid =
                seconds.matches("[0-9]{1,5}") && Integer.parseInt(seconds) >= 1 && Integer.parseInt(seconds) <= 21_600;
        return request.path().equals("/latest/api/token") && valid ? Answer.ok(TOKEN) : Answer.of(400, "");
    }
}
