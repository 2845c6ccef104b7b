#!/usr/bin/env bash
# Judges recipes/hardened-server.yaml from outside: OpenSCAP's score of the exported image with ComplianceAsCode's rules for CIS level 1,
# and Lynis' index inside of it. Takes some ten minutes, installs packages and needs a Debian mirror and root; not part of `make test`.
#
#   Tests/Judges/judge.sh [TREE]     TREE: a folder or archive with a Debian 12 to harden; made from the mirror where it is left out
set -euo pipefail
cd "$(dirname "$0")/../.."
ingot=${INGOT:-$PWD/.build/release/ingot}
work=${INGOT_JUDGE_FOLDER:-$(mktemp -d /tmp/ingot-judge.XXXXXX)}
datastream=0.1.82-1
mkdir -p "$work/site/pipelines"
echo "Working in $work"

command -v oscap > /dev/null || DEBIAN_FRONTEND=noninteractive apt-get install -y -qq --no-install-recommends openscap-scanner > /dev/null
# Debian 12 ships rules for Debian 10 and 11; those for 12 are in a later suite of the same mirror. Only unpacked, never installed.
if [ ! -e "$work/rules/usr" ]; then
  curl -sSf -o "$work/rules.deb" "http://deb.debian.org/debian/pool/main/s/scap-security-guide/ssg-debian_${datastream}_all.deb"
  dpkg-deb -x "$work/rules.deb" "$work/rules"
fi
rules=$work/rules/usr/share/xml/scap/ssg/content/ssg-debian12-ds.xml

export INGOT_HOME=$work/home
cp -r recipes "$work/site/"
if [ $# -gt 0 ]; then
  "$ingot" images --output quiet 2> /dev/null | grep -q . || "$ingot" import debian-12 "$1" > /dev/null
else
  printf 'name: debian-12\nrecipe: debian-12\nregion: us-east-1\n' > "$work/site/pipelines/debian-12.yaml"
  (cd "$work/site" && "$ingot" build debian-12)
fi
printf 'name: hardened-server\nrecipe: hardened-server\nregion: us-east-1\n' > "$work/site/pipelines/hardened-server.yaml"
(cd "$work/site" && "$ingot" build hardened-server)

# The apt configuration of this machine must not count for the image.
printf 'Dir::Etc::parts "/dev/null";\n' > "$work/apt.conf"
judge() {
  rm -rf "$work/tree"
  "$ingot" --quiet export "$1" --format dir --output "$work/tree" > /dev/null
  APT_CONFIG=$work/apt.conf OSCAP_PROBE_ROOT=$work/tree OSCAP_PROBE_OS_NAME=Linux OSCAP_PROBE_OS_VERSION=6 OSCAP_PROBE_ARCHITECTURE=x86_64 \
    OSCAP_PROBE_PRIMARY_HOST_NAME=image oscap xccdf eval --profile xccdf_org.ssgproject.content_profile_cis_level1_server \
    --results "$work/$1.xml" "$rules" > /dev/null 2> "$work/$1.log" || true
  echo "$1: OpenSCAP, CIS level 1 server, ComplianceAsCode $datastream"
  python3 Tests/Judges/score.py "$work/$1.xml"
  "$ingot" component run Tests/Judges/lynis.yaml --image "$1" --network 2>&1 | grep -aoE 'hardening_index=[0-9]+' | sed 's/^/  Lynis: /'
}
judge debian-12
judge hardened-server
# What keeps an image from starting or from letting anybody in, by its own programs.
echo "hardened-server: its own programs"
"$ingot" shell hardened-server -- /bin/sh -ec '
  ssh-keygen -A > /dev/null; mkdir -p /run/sshd; /usr/sbin/sshd -t; echo "  sshd -t: accepted"
  visudo -c -q; echo "  visudo -c: accepted"
  systemd-analyze verify --man=no --recursive-errors=no multi-user.target; echo "  systemd-analyze verify: accepted"'
