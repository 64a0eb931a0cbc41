# Front door: each target prepares the machine itself (scripts/setup.sh) and is quick when nothing is to be done.
# Maven does the building; see CONTRIBUTING.md.

DIST    := node-telemetry-cli/target/node-telemetry
STAMP   := node-telemetry-cli/target/dist.stamp
# Whatever can change the distribution; a new or deleted file changes its directory.
SOURCES := $(shell find pom.xml .mvn LICENSE README.md bpf-objects node-telemetry-core node-telemetry-cli \
             -name target -prune -o -path '*/src/test' -prune -o -print 2>/dev/null)

.DEFAULT_GOAL := help

help:
	@echo 'make run [ARGS="--listen=127.0.0.1:9400"]   build, then run the agent in the foreground (as root)'
	@echo 'make build                                  build the distribution: $(DIST)'
	@echo 'make test                                   run every test, kernel and docker ones included (as root)'
	@echo 'make test-kernels                           count in virtual machines with older and newer kernels (as root, 2 GB)'
	@echo 'make bench                                  run the benchmarks and print a table (as root)'
	@echo 'make bench-net [SECTIONS=soak]              what counting TCP costs, as a table (as root)'
	@echo 'make bench-logs                             what reading logs costs, as a table (as root)'
	@echo 'make accuracy SETS=DIR                      measure log patterns on logs whose groups are known'
	@echo 'make format                                 lay out the sources as the build demands'
	@echo 'make clean                                  remove what the build made'

run: $(STAMP)
	@scripts/setup.sh run
	@JAVA_HOME="$$(scripts/find-jdk.sh java)" exec $(DIST)/bin/node-telemetry $(ARGS)

build: $(STAMP)
	@echo 'built: $(DIST)/bin/node-telemetry'

$(STAMP): $(SOURCES)
	@scripts/setup.sh build
	@scripts/maven.sh package -DskipTests -pl node-telemetry-cli -am
	@JAVA_HOME="$$(scripts/find-jdk.sh java)" $(DIST)/bin/create-startup-cache || echo 'build: without the start-up cache the agent starts slower'
	@touch $@

test:
	@scripts/setup.sh test
	@scripts/test.sh

test-kernels: $(STAMP)
	@scripts/setup.sh kernels
	@scripts/test-kernels.sh

bench: $(STAMP)
	@scripts/setup.sh test
	@benchmarks/run.sh

bench-net: $(STAMP)
	@scripts/setup.sh test
	@benchmarks/net.sh $(SECTIONS)

bench-logs: $(STAMP)
	@scripts/setup.sh test
	@benchmarks/logs.sh $(SECTIONS)

accuracy: $(STAMP)
	@test -n '$(SETS)' || { echo 'accuracy: say where the sets are: make accuracy SETS=DIR'; exit 2; }
	@JAVA_HOME="$$(scripts/find-jdk.sh java)" scripts/accuracy.py $(DIST)/bin/node-telemetry '$(SETS)'

format:
	@scripts/setup.sh test
	@JAVA_HOME="$$(scripts/find-jdk.sh javac)" ./mvnw -q spotless:apply
	@scripts/c-format.sh --apply

clean:
	@rm -rf target */target

.PHONY: help run build test test-kernels bench bench-net bench-logs accuracy format clean
