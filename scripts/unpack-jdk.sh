#!/bin/bash
# Unpacks OpenJDK 25 of a newer Debian beside the system: unpack-jdk.sh HOME [SUITE]
#
# Debian 12 has no JDK 25, and Debian 13's is linked against a newer glibc than Debian 12's. So the glibc it was built
# with is laid into HOME/glibc, and the JDK's programs (not its libraries) are told to start with that one. Programs the
# JVM starts and the rest of the system see nothing of it; the system's libbpf and libzstd load into this JVM, as a
# newer glibc serves older libraries. Nothing is installed: private lists, `apt-get download`, `dpkg -x`. The packages come
# from the mirror that the machine's own apt sources name, signatures checked against Debian's keyring.
set -euo pipefail
home=$1
suite=${2:-trixie}
keyring=/usr/share/keyrings/debian-archive-keyring.gpg
here=$(cd "$(dirname "$0")" && pwd)

fail() {
    echo "unpack-jdk: $*" >&2
    exit 1
}

[ -r $keyring ] || fail "no $keyring: not a Debian system; install a JDK 25 or newer and set JAVA_HOME"
command -v patchelf > /dev/null || fail "needs patchelf: apt-get install patchelf"

# deb822 files first, then one-line ones; a mirror is a place with Debian's own main archive.
mirror=$(sed -n 's/^URIs: *\([^ ]*\).*/\1/p' /etc/apt/sources.list.d/*.sources 2> /dev/null | grep -m1 '/debian/*$' || true)
[ -n "$mirror" ] || mirror=$(sed -nE 's/^deb (\[[^]]*\] )?([^ ]+) .*/\2/p' /etc/apt/sources.list \
    /etc/apt/sources.list.d/*.list 2> /dev/null | grep -m1 '/debian/*$' || true)
[ -n "$mirror" ] || fail "apt's sources name no Debian mirror; install a JDK 25 or newer and set JAVA_HOME"

work=$(mktemp -d)
trap 'rm -rf "$work" "$home.new"' EXIT
mkdir -p "$work"/lists/partial "$work"/cache/archives/partial "$work"/none "$work"/root
cat > "$work/sources.list" << LIST
deb [signed-by=$keyring] $mirror $suite main
LIST
cat > "$work/apt.conf" << CONF
Dir::State::lists "$work/lists";
Dir::Cache "$work/cache";
Dir::Etc::sourcelist "$work/sources.list";
Dir::Etc::sourceparts "$work/none";
Dir::Etc::preferencesparts "$work/none";
Dir::Etc::preferences "/dev/null";
APT::Sandbox::User "root";
CONF

cd "$work"
export APT_CONFIG=$work/apt.conf
apt-get -qq update || fail "$mirror does not answer for $suite"
apt-get -qq download openjdk-25-jre-headless openjdk-25-jdk-headless libc6 libgcc-s1 libstdc++6 zlib1g \
    || fail "$suite has no openjdk-25 for this architecture"
for deb in ./*.deb; do
    dpkg -x "$deb" root
done
unset APT_CONFIG

rm -rf "$home.new"
mkdir -p "$(dirname "$home")"
cp -a root/usr/lib/jvm/java-25-openjdk-* "$home.new"
jdk=$home.new

# Debian keeps configuration under /etc; links there would dangle.
find "$jdk" -type l -lname '/etc/java-25-openjdk/*' | while read -r link; do
    target=$(readlink "$link")
    rm "$link"
    cp -a "root$target" "$link"
done
rm -f "$jdk/docs" "$jdk/src.zip" "$jdk/lib/src.zip"

multiarch=$(basename "$(dirname "$(find root -name libc.so.6 | head -1)")")
mkdir "$jdk/glibc"
find root/usr/lib/"$multiarch" root/lib/"$multiarch" -maxdepth 1 -name '*.so*' -exec cp -a {} "$jdk/glibc/" \; 2> /dev/null || true
loader=$(basename "$(patchelf --print-interpreter "$jdk/bin/java")")
[ -e "$jdk/glibc/$loader" ] || fail "$suite's glibc has no $loader"

# RPATH rather than RUNPATH: it holds for what the JVM loads later, too.
for program in "$jdk"/bin/* "$jdk"/lib/jspawnhelper "$jdk"/lib/jexec; do
    if [ -f "$program" ] && [ ! -L "$program" ] && patchelf --print-interpreter "$program" > /dev/null 2>&1; then
        case $program in
            */bin/*) rpath="\$ORIGIN/../glibc:\$ORIGIN/../lib" ;;
            *) rpath="\$ORIGIN/../glibc:\$ORIGIN" ;;
        esac
        patchelf --set-interpreter "$home/glibc/$loader" --force-rpath --set-rpath "$rpath" "$program"
    fi
done

# Debian's trust store is made by a package that needs a JRE; make ours from the same certificates.
[ -L "$home" ] && fail "$home is a link; remove it"
rm -rf "$home"
mv "$jdk" "$home"
if [ ! -s /etc/ssl/certs/java/cacerts ]; then
    rm -f "$home/lib/security/cacerts"
    "$home/bin/java" "$here/TrustStore.java" /etc/ssl/certs/ca-certificates.crt "$home/lib/security/cacerts" \
        || { rm -rf "$home"; fail "no certificates: apt-get install ca-certificates"; }
fi
"$home/bin/javac" -version > /dev/null || { rm -rf "$home"; fail "the unpacked JDK does not start"; }
