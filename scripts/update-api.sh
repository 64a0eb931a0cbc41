#!/bin/sh
# Rewrites docs/api from the code. Commit the result with the change that made it necessary.
set -eu
cd "$(dirname "$0")/.."
JAVA_HOME=$(scripts/find-jdk.sh javac) && export JAVA_HOME
exec ./mvnw -q test -pl node-telemetry-core -am -Dtest=PublicApiTest -Dsurefire.failIfNoSpecifiedTests=false -Dapi.update=true
