#!/bin/sh
# Prints the home of a JDK of release 25 or newer; ends with 1 and prints nothing if there is none.
#   find-jdk.sh [javac]     with "javac", only a JDK that can compile counts (the default); "java" takes a runtime too
# Looked at in this order: JAVA_HOME, everything under $JVM_DIR (default /usr/lib/jvm; any vendor, the newest
# release first), the java on the PATH.
set -u
need=${1:-javac}
minimum=25

# The feature release of a home, read from its `release` file: starting a JVM for each candidate would cost a second.
release_of() {
    sed -n 's/^JAVA_VERSION="\([0-9]*\).*/\1/p' "$1/release" 2>/dev/null
}

fits() {
    release=$(release_of "$1")
    [ -n "$release" ] && [ "$release" -ge $minimum ] && [ -x "$1/bin/$need" ]
}

if [ -n "${JAVA_HOME:-}" ] && fits "$JAVA_HOME"; then
    echo "$JAVA_HOME"
    exit 0
fi

best='' best_release=0
for home in "${JVM_DIR:-/usr/lib/jvm}"/*; do
    # Debian has a second name for each of its JDKs.
    [ -L "$home" ] && continue
    if fits "$home" && [ "$release" -gt "$best_release" ]; then
        best=$home best_release=$release
    fi
done
if [ -n "$best" ]; then
    echo "$best"
    exit 0
fi

# With JVM_DIR set, somebody asked for that directory alone.
if [ -z "${JVM_DIR:-}" ] && on_path=$(command -v "$need"); then
    home=$(dirname "$(dirname "$(readlink -f "$on_path")")")
    if fits "$home"; then
        echo "$home"
        exit 0
    fi
fi
exit 1
