/** The command line over the library. */
module io.nodetelemetry.cli {
    requires info.picocli;
    requires io.nodetelemetry;
    requires org.slf4j;
}
