package io.nodetelemetry.cli;

/** Entry point. */
final class Main {
    private Main() {}

    public static void main(String[] args) {
        System.exit(new CommandLineInterface(System.getenv(), System.out, System.err).run(args));
    }
}
