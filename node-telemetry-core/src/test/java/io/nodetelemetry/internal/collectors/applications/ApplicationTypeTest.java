package io.nodetelemetry.internal.collectors.applications;

import static org.assertj.core.api.Assertions.assertThat;

import io.nodetelemetry.internal.source.procfs.CommandLine;
import java.nio.charset.StandardCharsets;
import java.util.Random;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.junit.jupiter.params.provider.ValueSource;

final class ApplicationTypeTest {
    /** Words are separated by blanks here; {@code ~} stands for a blank inside of a word. */
    private static String type(String line) {
        byte[] bytes = line.replace(' ', '\0').replace('~', ' ').getBytes(StandardCharsets.UTF_8);
        return ApplicationType.of(CommandLine.parse(bytes)).orElse("");
    }

    @ParameterizedTest
    @CsvSource({
        "/usr/bin/memcached -m 64, memcached",
        "envoy -c /etc/envoy.yaml, envoy",
        "/opt/java/bin/java -Xms1g org.elasticsearch.bootstrap.Elasticsearch, elasticsearch",
        "java org.opensearch.bootstrap.OpenSearch, opensearch",
        "java -cp /a.jar kafka.Kafka /etc/server.properties, kafka",
        "java io.confluent.support.metrics.SupportedKafka, kafka",
        "mongod --bind_ip_all, mongodb",
        "/usr/bin/mongos, mongos",
        "/usr/sbin/mysqld, mysql",
        "/usr/sbin/mariadbd, mysql",
        "/opt/mssql/bin/sqlservr, mssql",
        "java org.apache.zookeeper.server.quorum.QuorumPeerMain zoo.cfg, zookeeper",
        "redis-server~*:6379, redis",
        "/usr/bin/redis-server *:26379, redis",
        "redis-sentinel~*:26379, redis-sentinel",
        "keydb-server~*:6379, keydb",
        "valkey-server~*:6379, valkey",
        "dragonfly --logtostderr, dragonfly",
        "/usr/lib/erlang/erts-13/bin/beam.smp -W w -pa /opt/rabbitmq/ebin, rabbitmq",
        "beam.smp -- -root /opt/couchbase/lib, couchbase",
        "java -ea org.apache.cassandra.service.CassandraDaemon, cassandra",
        "java -D org.apache.catalina.startup.Bootstrap start, tomcat",
        "pgbouncer /etc/pgbouncer.ini, pgbouncer",
        "/usr/lib/postgresql/15/bin/postgres -D /var/lib, postgres",
        "postgres:~15/main:~checkpointer, postgres",
        "haproxy -W -f /etc/haproxy.cfg, haproxy",
        "nginx:~master~process~nginx~-g~daemon~off;, nginx",
        "nginx:~worker~process, nginx",
        "/usr/bin/kubelet, kubelet",
        "kube-apiserver, kube-apiserver",
        "kube-controller-manager, kube-controller-manager",
        "kube-scheduler, kube-scheduler",
        "/usr/local/bin/k3s server, k3s",
        "etcd --name a, etcd",
        "/usr/bin/dockerd -H fd://, dockerd",
        "consul agent, consul",
        "/usr/bin/clickhouse-server --config, clickhouse",
        "traefik, traefik",
        "/usr/bin/asd --foreground, aerospike",
        "httpd -DFOREGROUND, httpd",
        "/usr/sbin/apache2 -k start, httpd",
        "influxd, influxdb",
        "vault server, vault",
        "proxysql -f, proxysql",
        "/cockroach/cockroach start, cockroach",
        "/bin/prometheus --config.file=x, prometheus",
        "ceph-mon --cluster ceph, ceph",
        "ceph-mgr, ceph",
        "ceph-osd, ceph",
        "/usr/local/bin/cephcsi, ceph",
        "rook ceph operator, rook",
        "/nats-server -c x, nats",
        "ollama serve, ollama",
        "fdbserver, foundationdb",
        "/victoria-metrics, victoria-metrics",
        "/vmstorage, vmstorage",
        "vminsert, vminsert",
        "vmselect, vmselect",
        "victoria-logs, victoria-logs",
        "/usr/bin/coroot, coroot",
        "coroot-node-agent, coroot-node-agent",
        "w3wp, dotnet",
        "/usr/lib/jvm/java-17/bin/java -jar app.jar, java",
        "php-fpm:~pool~www, php",
        "php-fpm8.2 -F, php",
        "/usr/bin/php-cgi, php",
        "php artisan, php",
        "python3.11 app.py, python",
        "/usr/bin/python -m http.server, python",
        "node server.js, nodejs",
        "/usr/bin/nodejs server.js, nodejs",
        "ruby3.1 app.rb, ruby",
        "dotnet App.dll, dotnet"
    })
    void programsAreRecognised(String line, String type) {
        assertThat(type(line)).isEqualTo(type);
    }

    @ParameterizedTest
    @ValueSource(
            strings = {
                "/bin/sh /docker-entrypoint.sh redis-server",
                "sleep 1000",
                "/usr/sbin/lighttpd -D",
                "gitlab-rails-runner",
                "tail -f nginx",
                "/usr/bin/nodeagent",
                "pythonista",
                "phpinfo",
                "java.sh",
                "redis-server.sh",
                "coroot-operator-x",
                ":",
                "beam.smp -root /opt/elixir"
            })
    void othersAreNot(String line) {
        assertThat(type(line)).isEmpty();
    }

    @Test
    void emptyLineIsNothing() {
        assertThat(type("")).isEmpty();
    }

    @Test
    void executableTellsALanguageAlone() {
        assertThat(ApplicationType.ofExecutable("/usr/bin/python3.11")).contains("python");
        assertThat(ApplicationType.ofExecutable("/usr/local/bin/node")).contains("nodejs");
        assertThat(ApplicationType.ofExecutable("/usr/lib/jvm/java-21/bin/java"))
                .contains("java");
        assertThat(ApplicationType.ofExecutable("/usr/sbin/nginx")).isEmpty();
        assertThat(ApplicationType.ofExecutable("")).isEmpty();
    }

    @Test
    void anyLineIsJudged() {
        Random random = new Random(42);
        for (int i = 0; i < 5_000; i++) {
            byte[] bytes = new byte[random.nextInt(64)];
            random.nextBytes(bytes);
            assertThat(ApplicationType.of(CommandLine.parse(bytes)).orElse("x")).isNotBlank();
        }
    }
}
