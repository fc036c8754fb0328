#!/usr/bin/env bash
# The images of all services, with the version's tag: images.sh build [docker build's arguments] | load
# load hands them to the local cluster of kubectl's context; LOAD_COMMAND="command" does it for any other cluster.
set -euo pipefail
cd "$(dirname "$0")/.."

SERVICES=(meter pvsim exporter dataset)
version=$(<VERSION)

build() {
    local service source
    # Where the code is, without a login that the address may hold.
    source=$(git config --get remote.origin.url 2>/dev/null | sed -E 's#://[^/@]*@#://#' || true)
    for service in "${SERVICES[@]}"; do
        docker build --target "$service" --tag "pvsimulator/$service:$version" \
            --build-arg "VERSION=$version" --build-arg "SOURCE=${source:-unknown}" "$@" .
    done
    docker image ls --filter "reference=pvsimulator/*:$version"
}

load() {
    local context service
    context=$(kubectl config current-context)
    for service in "${SERVICES[@]}"; do
        load_into "$context" "pvsimulator/$service:$version"
    done
}

# load_into CONTEXT IMAGE
load_into() {
    if [ -n "${LOAD_COMMAND:-}" ]; then
        $LOAD_COMMAND "$2" # not quoted: a command and its arguments
        return
    fi
    case "$1" in
        kind-*) kind load docker-image --name "${1#kind-}" "$2" ;;
        k3d-*) k3d image import --cluster "${1#k3d-}" "$2" ;;
        minikube*) minikube --profile "$1" image load "$2" ;;
        docker-desktop | rancher-desktop | orbstack) echo "$1 shares Docker's images: $2 is there." ;;
        *)
            echo "No way to load an image into $1 is known. Push it to a registry and set global.imageRegistry," \
                "or name a command: LOAD_COMMAND='…' make images-load" >&2
            exit 1
            ;;
    esac
}

case "${1:-}" in
    build | load) "$@" ;;
    *)
        sed -n '2,3s/^# //p' "$0" >&2
        exit 2
        ;;
esac
