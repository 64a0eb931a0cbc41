package io.nodetelemetry.internal.collectors.applications;

import io.nodetelemetry.internal.source.elf.Compiler;
import io.nodetelemetry.internal.source.procfs.CommandLine;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;
import java.util.function.Predicate;
import java.util.regex.Pattern;

/**
 * What a process is, by its command line, its executable's name, and last by what compiled it. The first rule that holds
 * decides; an application goes before the language it is written in.
 */
final class ApplicationType {
    private static final List<Rule> APPLICATIONS = new Rules()
            .program("memcached")
            .program("envoy")
            .text("elasticsearch", "org.elasticsearch.bootstrap")
            .text("opensearch", "org.opensearch.bootstrap")
            .text("kafka", "kafka.Kafka")
            .text("kafka", "io.confluent.support.metrics.SupportedKafka")
            .program("mongodb", "mongod")
            .program("mongos")
            .program("mysql", "mysqld")
            .program("mysql", "mariadbd")
            .program("mssql", "sqlservr")
            .text("zookeeper", "org.apache.zookeeper.server.quorum.QuorumPeerMain")
            .program("redis", "redis-server")
            .program("redis-sentinel")
            .program("keydb", "keydb-server")
            .program("keydb")
            .program("valkey", "valkey-server")
            .program("valkey")
            .program("dragonfly")
            .programWith("rabbitmq", "beam.smp", "rabbit")
            .programWith("couchbase", "beam.smp", "couch")
            .text("cassandra", "org.apache.cassandra.service.CassandraDaemon")
            .text("tomcat", "org.apache.catalina.startup.Bootstrap")
            .program("pgbouncer")
            .program("postgres")
            .program("haproxy")
            .program("nginx")
            .program("kubelet")
            .program("kube-apiserver")
            .program("kube-controller-manager")
            .program("kube-scheduler")
            .program("k3s")
            .program("etcd")
            .program("dockerd")
            .program("consul")
            .program("clickhouse", "clickhouse-server")
            .program("traefik")
            .program("aerospike", "asd")
            .program("httpd")
            .program("httpd", "apache")
            .program("httpd", "apache2")
            .program("influxdb", "influxd")
            .program("vault")
            .program("proxysql")
            .program("cockroach")
            .program("prometheus")
            .program("ceph", "ceph-mon")
            .program("ceph", "ceph-mgr")
            .program("ceph", "ceph-osd")
            .program("ceph", "cephcsi")
            .program("rook")
            .program("nats", "nats-server")
            .program("ollama")
            .program("foundationdb", "fdbserver")
            .program("victoria-metrics")
            .program("vmstorage")
            .program("vminsert")
            .program("vmselect")
            .program("victoria-logs")
            .program("coroot")
            .program("coroot-ee")
            .program("coroot-node-agent")
            .program("coroot-cluster-agent")
            .program("coroot-operator")
            .program("dotnet", "w3wp")
            .rules();

    /** Told by the name of the program, a version at its end included, or else by that of the executable. */
    private static final List<Language> LANGUAGES = List.of(
            new Language("java", "java"),
            new Language("php", "php(?:-fpm|-cgi)?[0-9.]*"),
            new Language("python", "(?:python|pypy)[0-9.]*"),
            new Language("nodejs", "node|nodejs"),
            new Language("ruby", "ruby[0-9.]*"),
            new Language("dotnet", "dotnet"));

    private record Rule(String type, Predicate<CommandLine> holds) {}

    private record Language(String type, Pattern program) {
        Language(String type, String program) {
            this(type, Pattern.compile(program));
        }
    }

    private ApplicationType() {}

    /** By what the process calls itself. */
    static Optional<String> of(CommandLine line) {
        for (Rule rule : APPLICATIONS) {
            if (rule.holds().test(line)) {
                return Optional.of(rule.type());
            }
        }
        return ofExecutable(line.program());
    }

    /** By the path of the file that it runs. */
    static Optional<String> ofExecutable(String path) {
        String name = path.substring(path.lastIndexOf('/') + 1);
        return LANGUAGES.stream()
                .filter(language -> language.program().matcher(name).matches())
                .map(Language::type)
                .findFirst();
    }

    /** By what compiled that file. */
    static String of(Compiler compiler) {
        return switch (compiler) {
            case GO -> "golang";
            case RUST -> "rust";
        };
    }

    /** The table in the making. */
    private static final class Rules {
        private final List<Rule> rules = new ArrayList<>();

        /** The program's name ends with that word, as {@code /usr/bin/x} and {@code my-x} do. */
        Rules program(String type, String word) {
            rules.add(new Rule(type, line -> endsWithWord(line.program(), word)));
            return this;
        }

        Rules program(String type) {
            return program(type, type);
        }

        Rules programWith(String type, String word, String text) {
            rules.add(new Rule(type, line -> endsWithWord(line.program(), word) && line.contains(text)));
            return this;
        }

        Rules text(String type, String text) {
            rules.add(new Rule(type, line -> line.contains(text)));
            return this;
        }

        List<Rule> rules() {
            return List.copyOf(rules);
        }

        /** {@code lighttpd} is not {@code httpd}. */
        private static boolean endsWithWord(String program, String word) {
            int before = program.length() - word.length() - 1;
            return program.endsWith(word) && (before < 0 || !Character.isLetterOrDigit(program.charAt(before)));
        }
    }
}
