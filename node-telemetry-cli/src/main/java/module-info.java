import org.jspecify.annotations.NullMarked;

/** The command line over the library. */
@NullMarked
module io.nodetelemetry.cli {
    requires info.picocli;
    requires io.nodetelemetry;
    requires java.logging;

    // The JDK makes the log manager by name.
    exports io.nodetelemetry.cli.logging to
            java.logging;
}
