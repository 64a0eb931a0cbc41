#!/bin/bash
# SPDX-License-Identifier: Apache-2.0
#
#   trixie-package.sh PACKAGE      prints the folder into which the package of Debian 13 is unpacked
#
# For programs that Debian 12 lacks. Nothing is installed and the machine's package lists stay as they are: apt works on
# lists of its own, for the mirror that the machine's sources name. Fits programs that need little but libc.
. "$(dirname "$0")/lib.sh"

PACKAGE=${1:-}
[ -n "$PACKAGE" ] || { echo "usage: $SELF PACKAGE" >&2 && exit 2; }
SUITE=trixie
HOME_DIR=$TOOLS/$SUITE/$PACKAGE
KEYS=/usr/share/keyrings/debian-archive-keyring.gpg

mirror() {
  {
    sed -n 's/^URIs: *\([^ ]*\).*/\1/p' /etc/apt/sources.list.d/*.sources
    sed -nE 's/^deb +(\[[^]]*\] +)?([^ ]+) .*/\2/p' /etc/apt/sources.list /etc/apt/sources.list.d/*.list
  } 2>/dev/null | grep -v security | head -n 1
}

apt_private() {
  apt-get -qq -c "$APT/apt.conf" "$@"
}

if [ ! -e "$HOME_DIR/complete" ]; then
  require apt-get apt
  [ -e "$KEYS" ] || fail "no $KEYS: apt-get install debian-archive-keyring"
  APT=$TOOLS/$SUITE/apt
  mkdir -p "$APT"/{lists,cache/archives}/partial "$APT/none" "$HOME_DIR"
  source=$(mirror || true)
  [ -n "$source" ] || fail "the apt sources of this machine name no mirror"
  echo "deb [signed-by=$KEYS] $source $SUITE main" >"$APT/sources.list"
  cat >"$APT/apt.conf" <<CONF
Dir::State::lists "$APT/lists";
Dir::Cache "$APT/cache";
Dir::Etc::sourcelist "$APT/sources.list";
Dir::Etc::sourceparts "$APT/none";
Dir::Etc::preferencesparts "$APT/none";
Dir::Etc::preferences "/dev/null";
APT::Sandbox::User "root";
CONF
  [ -e "$APT/updated" ] || apt_private update >&2 || fail "no package lists of $SUITE from $source"
  touch "$APT/updated"
  rm -f "$APT/cache/archives/${PACKAGE}"_*.deb
  (cd "$APT/cache/archives" && apt_private download "$PACKAGE" >&2) || fail "no package $PACKAGE in $SUITE"
  dpkg -x "$APT/cache/archives/${PACKAGE}"_*.deb "$HOME_DIR"
  rm -f "$APT/cache/archives/${PACKAGE}"_*.deb
  touch "$HOME_DIR/complete"
fi
echo "$HOME_DIR"
