#!/bin/sh
# Verify an exported bundle with tools that come from elsewhere, and with nothing of ours.
#
#   sh verify.sh BUNDLE VKEY [OLDER]
#
# BUNDLE is the unpacked folder (with bagit.txt in it), VKEY the public key as the log's owner published it
# (name+id+base64), OLDER a checkpoint of the same log that you kept. Every key is made from VKEY here: those in the
# bundle are only what whoever made it put there. Exits 0 if everything holds, 1 if not, 2 if a tool is missing.
#
# On Debian: apt-get install coreutils openssh-client openssl golang-go golang-golang-x-mod-dev
set -eu

if [ $# -lt 2 ] || [ $# -gt 3 ]; then
    echo "usage: sh verify.sh BUNDLE VKEY [OLDER]" >&2
    exit 2
fi
bundle=$1
vkey=$2
older=${3:-}
here=$(cd "$(dirname "$0")" && pwd)
work=$(mktemp -d)
trap 'rm -rf "$work"' EXIT

for tool in sha256sum ssh-keygen openssl go base64 cmp; do
    command -v "$tool" >/dev/null || { echo "not installed: $tool" >&2; exit 2; }
done
fail() {
    echo "NOT VERIFIED: $1" >&2
    exit 1
}

# A vkey is name+id+base64 of a byte 01 and the 32 bytes of an Ed25519 public key.
name=${vkey%%+*}
printf '%s' "${vkey#*+*+}" | base64 -d >"$work/key" 2>/dev/null || fail "the key is not name+id+base64"
[ "$(wc -c <"$work/key")" -eq 33 ] || fail "the key is not an Ed25519 key"
tail -c 32 "$work/key" >"$work/public"
# RFC 8410: the same bytes as openssl reads them, and RFC 8709: as OpenSSH does.
{ printf '\060\052\060\005\006\003\053\145\160\003\041\000'; cat "$work/public"; } >"$work/public.der"
openssl pkey -pubin -inform DER -in "$work/public.der" -out "$work/public.pem" 2>/dev/null || fail "the key cannot be read"
ssh_key=$({ printf '\000\000\000\013ssh-ed25519\000\000\000\040'; cat "$work/public"; } | base64 | tr -d '\n')
printf '%s namespaces="deals-checkpoint" ssh-ed25519 %s\n' "$name" "$ssh_key" >"$work/allowed_signers"

echo "1. sha256sum: nothing was damaged on the way"
(
    cd "$bundle"
    sha256sum --check --quiet --strict tagmanifest-sha256.txt
    sha256sum --check --quiet --strict manifest-sha256.txt
) || fail "a file does not have the SHA-256 that the manifest lists"
find "$bundle/data" -type f | wc -l >"$work/there"
wc -l <"$bundle/manifest-sha256.txt" >"$work/listed"
[ "$(cat "$work/there")" -eq "$(cat "$work/listed")" ] || fail "there are files that no manifest lists"

echo "2. ssh-keygen: the checkpoint was signed by the key"
ssh-keygen -Y verify -f "$work/allowed_signers" -I "$name" -n deals-checkpoint \
    -s "$bundle/data/checkpoint.sshsig" <"$bundle/data/checkpoint" || fail "the SSH signature does not hold"

echo "3. openssl: the same statement, as a bare Ed25519 signature"
openssl pkeyutl -verify -pubin -inkey "$work/public.pem" -rawin \
    -in "$bundle/data/checkpoint.text" -sigfile "$bundle/data/checkpoint.sig" || fail "the bare signature does not hold"
head -c "$(wc -c <"$bundle/data/checkpoint.text")" "$bundle/data/checkpoint" |
    cmp -s - "$bundle/data/checkpoint.text" || fail "checkpoint.text is not the text of the checkpoint"

echo "4. Go's sumdb/note and sumdb/tlog: the events are those that the checkpoint vouches for"
GO111MODULE=off GOPATH="${VERIFY_GOPATH:-/usr/share/gocode}" \
    go run "$here/verify.go" -vkey "$vkey" -bundle "$bundle" ${older:+-older "$older"} || fail "the events do not hold"

echo "VERIFIED"
[ -n "$older" ] || echo "not checked: whether the log was rolled back; only a checkpoint that you kept can tell (OLDER)"
