package io.nodetelemetry;

import static org.assertj.core.api.Assertions.assertThat;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import org.junit.jupiter.api.Test;

/** Holds the public surface to the committed listing, so that every change of it is seen in review. */
class PublicApiTest {
    private static final Path LISTING = Path.of("..", "docs", "api", "io.nodetelemetry.txt");

    @Test
    void theSurfaceIsTheCommittedOne() throws IOException {
        String actual = new ApiListing(NodeTelemetry.class.getModule(), Path.of("target", "classes")).text();

        if (Boolean.getBoolean("api.update")) {
            Files.createDirectories(LISTING.getParent());
            Files.writeString(LISTING, actual);
        }

        assertThat(actual)
                .as("public API; if the change is meant, run scripts/update-api.sh and commit docs/api")
                .isEqualTo(Files.readString(LISTING));
    }

    @Test
    void internalsAreNotPartOfIt() {
        assertThat(NodeTelemetry.class.getModule().getDescriptor().exports())
                .allSatisfy(export -> assertThat(export.source()).doesNotContain(".internal"));
    }
}
