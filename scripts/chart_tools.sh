#!/usr/bin/env bash
# Make what the tests of the chart use: chart_tools.sh helm kubeconform schemas (or helm4). Only what is missing.
# Programs are built by Go from their modules and schemas are taken from packages, each pinned and checked by its hash.
# All of it is kept in the user's cache, outside the repository. What cannot be made is named, and is no failure here:
# the tests say what they skip.
set -euo pipefail
cd "$(dirname "$0")/.."

cache=${XDG_CACHE_HOME:-$HOME/.cache}/pvsimulator

helm_module=helm.sh/helm/v3 helm_version=v3.22.0 helm_sum=h1:n1if5iQgHYsujPAcO5oonH/KiSNUmqmUF0iGVjSF3AU=
helm4_module=helm.sh/helm/v4 helm4_version=v4.3.1 helm4_sum=h1:UndCoLe9UPmNoL7IvWzaUXveL7T5t/ijoorEmgJdI9g=
kubeconform_module=github.com/yannh/kubeconform kubeconform_version=v0.8.0
kubeconform_sum=h1:loDYd3a3spjIFrauqW67CDKF55Oo9R6uvC8AvpVd4ug=
# Hold the custom resources' definitions; Apache-2.0 and MPL-2.0, so they are read where they are and not copied here.
prometheus_operator=github.com/prometheus-operator/prometheus-operator@v0.85.0
prometheus_operator_sum=h1:M5xLCLEoaW2IJfnuCwFzzpL+jSVQu3KGT84Pye+fW8s=
cluster_operator=github.com/rabbitmq/cluster-operator/v2@v2.16.0
cluster_operator_sum=h1:oYJm+1tXIatGHtiUWyN9hGdO+0eWsXA/j1b81wh0IqI=
# Holds the schemas of many Kubernetes versions.
kubernetes_validate='kubernetes-validate==1.37.0 --hash=sha256:85136d018a27b50ec7fc049d902bfa5193f5976807e6c0f408e3ab6fe078cad9'

# module_directory MODULE@VERSION SUM: download it, check it, print where it lies.
module_directory() {
    local described
    described=$(cd / && go mod download -json "$1") || { sed -n 's/.*"Error": "\(.*\)".*/\1/p' <<<"$described" >&2; return 1; }
    grep -qF "\"Sum\": \"$2\"" <<<"$described" || { echo "$1 has another hash than $2" >&2; return 1; }
    sed -n 's/^\t"Dir": "\(.*\)",$/\1/p' <<<"$described"
}

# build PROGRAM MODULE VERSION SUM ["-X VARIABLE=VALUE ..."]: as `go install` would, also where a module excludes versions.
build() {
    local program=$1-$3 directory
    if [ ! -x "$cache/bin/$program" ]; then
        echo "Building $1 $3, once ..." >&2
        directory=$(module_directory "$2@$3" "$4") || return 1
        CGO_ENABLED=0 nice go build -C "$directory" -trimpath -buildvcs=false -ldflags "-s -w ${*:5}" \
            -o "$cache/bin/$program.$$" "./cmd/${1%4}" 2>"$cache/build.log" || { cat "$cache/build.log" >&2; return 1; }
        mv "$cache/bin/$program.$$" "$cache/bin/$program"
    fi
    ln -sfn "$program" "$cache/bin/$1"
}

# What a released helm 3 is told of the Kubernetes it was built with; `helm template` asks it of the chart's kubeVersion.
make_helm() {
    local kubernetes=37 told=("-X $helm_module/internal/version.version=$helm_version") package
    for package in pkg/chartutil pkg/lint/rules; do
        told+=("-X $helm_module/$package.k8sVersionMajor=1 -X $helm_module/$package.k8sVersionMinor=$kubernetes")
    done
    build helm "$helm_module" "$helm_version" "$helm_sum" "${told[@]}"
}
make_helm4() {
    build helm4 "$helm4_module" "$helm4_version" "$helm4_sum" "-X $helm4_module/internal/version.version=$helm4_version"
}
make_kubeconform() { build kubeconform "$kubeconform_module" "$kubeconform_version" "$kubeconform_sum"; }

# The lowest Kubernetes the chart supports, the newest there are schemas of, and the custom resources.
make_schemas() {
    local made wheel operator
    made=$cache/schemas/$(printf '%s ' "$kubernetes_validate" "$prometheus_operator" "$cluster_operator" |
        cat - scripts/schemas.py | sha256sum | cut -c1-12)
    if [ ! -d "$made" ]; then
        echo "Fetching the schemas of Kubernetes ..." >&2
        wheel=$cache/schemas/download
        rm -rf "$wheel" "$made.part"
        .venv/bin/python -m pip download --quiet --disable-pip-version-check --no-deps --require-hashes \
            -r <(echo "$kubernetes_validate") -d "$wheel" || return 1
        operator=$(module_directory "$prometheus_operator" "$prometheus_operator_sum") || return 1
        .venv/bin/python scripts/schemas.py "$wheel"/*.whl "$made.part" \
            "$operator"/example/prometheus-operator-crd/monitoring.coreos.com_{servicemonitors,prometheusrules}.yaml \
            "$(module_directory "$cluster_operator" "$cluster_operator_sum")"/config/crd/bases/rabbitmq.com_rabbitmqclusters.yaml ||
            return 1
        rm -rf "$wheel"
        mv "$made.part" "$made"
    fi
    ln -sfn "$(basename "$made")" "$cache/schemas/current"
}

if ! command -v go >/dev/null; then
    echo "Go is not installed, so there is no $*: what needs it is skipped. To install: https://go.dev/doc/install" >&2
    exit 0
fi
mkdir -p "$cache/bin" "$cache/schemas"
for tool in "$@"; do
    "make_$tool" || echo "Could not make $tool: what needs it is skipped." >&2
done
