# Install system packages where that can be done without asking anybody. Sourced, not run.
# shellcheck shell=bash

# can_install: whether this user may install packages right now, without a password.
can_install() {
    if command -v apt-get >/dev/null; then
        [ "$(id -u)" -eq 0 ] || sudo -n true 2>/dev/null
    else
        command -v brew >/dev/null
    fi
}

# install_command PACKAGE...: what a person would type.
install_command() {
    if command -v apt-get >/dev/null; then
        echo "sudo apt-get install $*"
    elif command -v brew >/dev/null; then
        echo "brew install $*"
    else
        echo "your package manager, for: $*"
    fi
}

# install_packages PACKAGE...: by apt or brew; apt starts no service that it installs.
install_packages() {
    echo "Installing $* ..." >&2
    if ! command -v apt-get >/dev/null; then
        brew install --quiet "$@" >&2
        return
    fi
    local as_root=()
    [ "$(id -u)" -eq 0 ] || as_root=(sudo -n)
    mask_services "$@"
    local outcome=0
    # Lists that are older than the archive name files that are gone: update first.
    "${as_root[@]}" apt-get -o Acquire::Retries=3 -qq update >&2 || outcome=$?
    "${as_root[@]}" env DEBIAN_FRONTEND=noninteractive RUNLEVEL=1 \
        apt-get -o Acquire::Retries=3 -qq install -y --no-install-recommends "$@" >/dev/null || outcome=$?
    unmask_services "$@"
    return "$outcome"
}

# RUNLEVEL=1 keeps init scripts from starting a service, but not systemd: a unit that is masked meanwhile is left alone.
mask_services() {
    [ -d /run/systemd/system ] || return 0
    "${as_root[@]}" systemctl mask --runtime --quiet "${@/%/.service}"
}

unmask_services() {
    [ -d /run/systemd/system ] || return 0
    "${as_root[@]}" systemctl unmask --runtime --quiet "${@/%/.service}"
}
