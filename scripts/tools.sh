#!/usr/bin/env bash
# Install what the run and the tests use besides Python: tools.sh rabbitmq prometheus chromium. Only what is missing.
# What cannot be installed is named, and is no failure here: make run has other ways, and the tests say what they skip.
set -euo pipefail
cd "$(dirname "$0")/.."
# shellcheck source=scripts/packages.sh
source scripts/packages.sh

# has_rabbitmq: also where /usr/sbin is not on a user's PATH.
has_rabbitmq() {
    command -v rabbitmq-server >/dev/null || [ -x /usr/lib/rabbitmq/bin/rabbitmq-server ]
}

has_prometheus() {
    command -v prometheus >/dev/null && command -v promtool >/dev/null
}

has_chromium() {
    command -v chromium >/dev/null || command -v chromium-browser >/dev/null || command -v google-chrome >/dev/null
}

# has_fonts-inter: so that pictures look alike on every machine; the pages do without.
has_fonts-inter() {
    fc-list 2>/dev/null | grep -q Inter
}

package_of() {
    case "$1" in
        rabbitmq) if command -v apt-get >/dev/null; then echo rabbitmq-server; else echo rabbitmq; fi ;;
        *) echo "$1" ;;
    esac
}

missing=()
for tool in "$@"; do
    "has_$tool" || missing+=("$(package_of "$tool")")
done

if [ ${#missing[@]} -gt 0 ]; then
    if ! can_install || ! install_packages "${missing[@]}"; then
        echo "Not installed: ${missing[*]}. To install: $(install_command "${missing[@]}")" >&2
    fi
fi
