#!/usr/bin/env bash
# Installs what the kiosk needs to be built and run: the Debian packages named in image/packages.
# Runs on Debian 12 and 13, amd64 and arm64, as root or through sudo. When everything is there
# already it only looks, and asks for no password.
set -euo pipefail
cd "$(dirname "$0")/packages"

backports_file=/etc/apt/sources.list.d/gatehouse-backports.sources
pin_file=/etc/apt/preferences.d/gatehouse-libgpiod
# What differs from the names in the lists: version 1 of libgpiod is another interface.
declare -A at_least=([libgpiod-dev]=2)

usage() {
	cat <<-'END'
		Usage: image/setup.sh [--tests]
		Installs the Debian packages listed in image/packages/build.list.
		  --tests   also those in image/packages/test.list: compilers and tools the tests use
		  --help    this text
	END
}

say() {
	echo "setup: $*"
}

die() {
	echo "setup: $*" >&2
	exit 1
}

lists=(build.list)
for arg; do
	case $arg in
	--tests) lists+=(test.list) ;;
	--help | -h)
		usage
		exit 0
		;;
	*)
		usage >&2
		exit 2
		;;
	esac
done

# One need a line, alternatives separated by blanks.
needs() {
	sed -e 's/#.*//' -e 's/ *| */ /g' -e '/^[[:space:]]*$/d' "${lists[@]}"
}

declare -A installed
read_installed() {
	local state name arch version native
	native=$(dpkg --print-architecture)
	installed=()
	while read -r state arch name version; do
		if [[ $state = ?i && ($arch = "$native" || $arch = all) ]]; then
			installed[$name]=$version
		fi
	done < <(dpkg-query -W -f='${db:Status-Abbrev} ${Architecture} ${Package} ${Version}\n')
}

have() {
	[ -n "${installed[$1]:-}" ] || return 1
	[ -z "${at_least[$1]:-}" ] || dpkg --compare-versions "${installed[$1]}" ge "${at_least[$1]}"
}

# Prints the needs of which no alternative is installed, one a line.
missing() {
	local line name found
	while read -r line; do
		found=
		for name in $line; do
			if have "$name"; then
				found=1
				break
			fi
		done
		[ -n "$found" ] || echo "$line"
	done < <(needs)
}

as_root() {
	if [ "$(id -u)" = 0 ]; then
		"$@"
	else
		sudo "$@"
	fi
}

apt() {
	as_root env DEBIAN_FRONTEND=noninteractive LC_ALL=C.UTF-8 apt-get -q -y -o Acquire::Retries=3 \
		-o DPkg::Lock::Timeout=300 "$@"
}

# shellcheck disable=SC2016 # apt expands these
# Lines "release address" of the Debian archives apt is configured with, in either file format.
archives() {
	apt-get indextargets --format '$(RELEASE) $(REPO_URI)' 'Created-By: Packages'
}

# The mirror this machine already uses, Raspberry Pi's own archive aside; else Debian's.
mirror() {
	local found
	found=$(archives | awk '$1 == "bookworm" && $2 !~ /raspberrypi|raspbian/ { print $2; exit }')
	echo "${found:-http://deb.debian.org/debian}"
}

write_file() {
	as_root tee "$1" >/dev/null
	as_root chmod 644 "$1"
}

# Debian 12 has libgpiod 1. Its backports have 2, and a pin lifts just those three packages: all
# else of backports keeps apt's priority 100, that is, it is never chosen by itself. The pin names
# the release by its codename because the suite's name changes when a newer Debian comes out.
allow_libgpiod2() {
	if archives | grep -q '^bookworm-backports '; then
		say "Debian 12 backports are configured already; I leave that entry alone."
	else
		say "I add Debian 12 backports to apt: $backports_file."
		write_file "$backports_file" <<-END
			Types: deb
			URIs: $(mirror)
			Suites: bookworm-backports
			Components: main
			Signed-By: /usr/share/keyrings/debian-archive-keyring.gpg
		END
	fi
	if [ ! -e "$pin_file" ]; then
		say "I let apt take libgpiod 2, and nothing else, from backports: $pin_file."
		write_file "$pin_file" <<-'END'
			Package: libgpiod-dev libgpiod3 gpiod
			Pin: release n=bookworm-backports
			Pin-Priority: 500
		END
	fi
}

# "a b\nc" as "a or b, c".
sentence() {
	local text=${1// / or }
	echo "${text//$'\n'/, }"
}

# The first alternative of each missing need that apt knows.
choose() {
	local line name found
	while read -r line; do
		found=
		for name in $line; do
			if apt-cache show "$name" >/dev/null 2>&1; then
				found=$name
				break
			fi
		done
		[ -n "$found" ] || die "Debian has no package called $(sentence "$line") for this machine."
		echo "$found"
	done <<<"$1"
}

check_system() {
	local id='' version=''
	if [ -r /etc/os-release ]; then
		id=$(. /etc/os-release && echo "${ID:-}")
		version=$(. /etc/os-release && echo "${VERSION_ID:-}")
	fi
	case $id:$version in
	debian:12 | debian:13) ;;
	*) die "This is ${id:-an unknown system} ${version}; the package lists are for Debian 12 and 13." \
		"Install the libraries named in image/packages by hand, then build with cmake." ;;
	esac
	case $(dpkg --print-architecture) in
	amd64 | arm64) ;;
	*) say "This machine is neither amd64 nor arm64: nobody has tried Gatehouse on one." ;;
	esac
	release=$version
}

check_system
read_installed
wanted=$(missing)
if [ -z "$wanted" ]; then
	say "every package that is needed is installed."
	exit 0
fi
if [ "$(id -u)" != 0 ] && ! command -v sudo >/dev/null; then
	die "Packages are missing and I am neither root nor can I use sudo. As root, run image/setup.sh." \
		"Missing: $(sentence "$wanted")."
fi

say "These packages are missing: $(sentence "$wanted")."
if [ "$release" = 12 ] && grep -q '^libgpiod-dev' <<<"$wanted"; then
	allow_libgpiod2
fi
say "I fetch apt's package lists."
apt update >/dev/null || die "apt-get update failed; is this machine connected?"
chosen=$(choose "$wanted")
say "I install them with apt-get; this can take some minutes."
log=$(mktemp)
trap 'rm -f "$log"' EXIT
# shellcheck disable=SC2086 # one word a package
if ! apt install --no-install-recommends $chosen >"$log" 2>&1; then
	if grep -m 3 'Failed to fetch' "$log" >&2; then
		die "The packages cannot be downloaded; is this machine connected?"
	fi
	tail -n 30 "$log" >&2
	die "apt-get could not install them; its last lines stand above."
fi
read_installed
wanted=$(missing)
[ -z "$wanted" ] || die "Still missing after the installation: $(sentence "$wanted")."
say "done."
