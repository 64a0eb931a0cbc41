package io.nodetelemetry.testing;

import java.nio.file.Files;
import java.nio.file.Path;

/** Places in this project's source tree, found from the folder that the test runs in. */
final class Repository {
    private Repository() {}

    /** The folder of the root {@code pom.xml}. */
    static Path root() {
        Path start = Path.of("").toAbsolutePath();
        for (Path folder = start; folder != null; folder = folder.getParent()) {
            if (Files.isDirectory(folder.resolve("scripts/test"))) {
                return folder;
            }
        }
        throw new IllegalStateException("no scripts/test in or above " + start);
    }

    /** The launcher of the distribution that the CLI module's package phase leaves. */
    static Path launcher() {
        Path launcher = root().resolve("node-telemetry-cli/target/node-telemetry/bin/node-telemetry");
        if (!Files.isExecutable(launcher)) {
            throw new IllegalStateException("no " + launcher + "; build it with 'make build'");
        }
        return launcher;
    }
}
