package io.nodetelemetry.testing;

import java.nio.file.Path;
import java.util.List;

/**
 * {@code tcpserver} and {@code tcpclient}, static programs compiled from {@code src/test/c} once per JVM. Containers of
 * {@link DockerEngine} find them under {@code /load}.
 */
public final class LoadDriver {
    private LoadDriver() {}

    private static final class Holder {
        static final Path FOLDER = compile();
    }

    /** The folder that holds both programs. */
    public static Path folder() {
        return Holder.FOLDER;
    }

    private static Path compile() {
        Path core = Repository.root().resolve("node-telemetry-core");
        Path folder = core.resolve("target/load");
        Command.run(List.of("make", "-s", "-C", core.resolve("src/test/c").toString(), "OUT=" + folder))
                .succeeded();
        return folder;
    }
}
