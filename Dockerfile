# The images of meter, pvsim, exporter and dataset: docker build --target meter --tag pvsimulator/meter:0.1.0 .
# `make images` builds them all; the targets that end in -dev are for `skaffold dev`. The scripts are in deploy/images/.
ARG PYTHON_TAG=3.13-slim

# What runs: Python and the libraries it needs, in one layer that all images share.
FROM python:${PYTHON_TAG} AS slim
COPY deploy/images/slim-base /tmp/
RUN /tmp/slim-base && rm /tmp/slim-base

FROM scratch AS runtime
COPY --from=slim / /
COPY LICENSE /licenses/LICENSE
ENV PATH=/opt/service/bin:/usr/local/sbin:/usr/local/bin:/usr/sbin:/usr/bin:/sbin:/bin \
    LANG=C.UTF-8 \
    PYTHONPATH=/opt/service:/opt/dependencies \
    PYTHONDONTWRITEBYTECODE=1 \
    PYTHONUNBUFFERED=1
LABEL org.opencontainers.image.licenses="Apache-2.0"
STOPSIGNAL SIGTERM
USER 10001:10001

# For a service that reads or writes the journal, or a data set: a new volume at /data takes over the owner.
FROM runtime AS runtime-with-data
USER 0:0
RUN install -d -o 10001 -g 10001 /data
USER 10001:10001

# What builds: pip and hatchling, the scripts, and the library that all services share.
FROM python:${PYTHON_TAG} AS builder
WORKDIR /build
COPY deploy/images/install-dependencies deploy/images/install-service /usr/local/bin/
COPY requirements/build.txt requirements/
RUN pip install --quiet --no-cache-dir --only-binary :all: --require-hashes --requirement requirements/build.txt

FROM builder AS library
COPY VERSION ./
COPY libs/common libs/common

# Each service in turn: dependencies first, since they change less often than code.
FROM builder AS meter-dependencies
COPY requirements/meter.txt requirements/
RUN install-dependencies requirements/meter.txt

FROM library AS meter-service
COPY services/meter services/meter
RUN install-service ./libs/common ./services/meter

FROM runtime AS meter
COPY --from=meter-dependencies /opt/dependencies /opt/dependencies
COPY --from=meter-service /opt/service /opt/service
RUN meter --help >/dev/null
ENV METER_HTTP_HOST=0.0.0.0
EXPOSE 8081
HEALTHCHECK --interval=10s --timeout=5s --start-period=20s \
    CMD python3 -c "import urllib.request as r; r.urlopen('http://127.0.0.1:${METER_HTTP_PORT:-8081}/healthz', timeout=4)"
ENTRYPOINT ["meter"]
ARG VERSION=unknown
ARG SOURCE=unknown
LABEL org.opencontainers.image.title="pvsimulator meter" \
    org.opencontainers.image.version="${VERSION}" \
    org.opencontainers.image.source="${SOURCE}"

FROM meter AS meter-dev
COPY deploy/images/reload.py /usr/local/bin/
ENV PYTHONPATH=/tmp/service:/opt/dependencies
ENTRYPOINT ["reload.py", "/opt/service", "/tmp/service", "meter"]

FROM builder AS pvsim-dependencies
COPY requirements/pvsim.txt requirements/
RUN install-dependencies requirements/pvsim.txt

FROM library AS pvsim-service
COPY services/pvsim services/pvsim
RUN install-service ./libs/common ./services/pvsim

FROM runtime-with-data AS pvsim
COPY --from=pvsim-dependencies /opt/dependencies /opt/dependencies
COPY --from=pvsim-service /opt/service /opt/service
RUN pvsim --help >/dev/null
ENV PVSIM_HTTP_HOST=0.0.0.0 \
    PVSIM_JOURNAL_DIRECTORY=/data
EXPOSE 8082
HEALTHCHECK --interval=10s --timeout=5s --start-period=20s \
    CMD python3 -c "import urllib.request as r; r.urlopen('http://127.0.0.1:${PVSIM_HTTP_PORT:-8082}/healthz', timeout=4)"
ENTRYPOINT ["pvsim"]
ARG VERSION=unknown
ARG SOURCE=unknown
LABEL org.opencontainers.image.title="pvsimulator pvsim" \
    org.opencontainers.image.version="${VERSION}" \
    org.opencontainers.image.source="${SOURCE}"

FROM pvsim AS pvsim-dev
COPY deploy/images/reload.py /usr/local/bin/
ENV PYTHONPATH=/tmp/service:/opt/dependencies
ENTRYPOINT ["reload.py", "/opt/service", "/tmp/service", "pvsim"]

FROM builder AS exporter-dependencies
COPY requirements/exporter.txt requirements/
RUN install-dependencies requirements/exporter.txt

FROM library AS exporter-service
COPY services/exporter services/exporter
RUN install-service ./libs/common ./services/exporter

FROM runtime-with-data AS exporter
COPY --from=exporter-dependencies /opt/dependencies /opt/dependencies
COPY --from=exporter-service /opt/service /opt/service
RUN exporter --help >/dev/null
ENV EXPORTER_HTTP_HOST=0.0.0.0 \
    EXPORTER_JOURNAL_DIRECTORY=/data
EXPOSE 8080
HEALTHCHECK --interval=10s --timeout=5s --start-period=20s \
    CMD python3 -c "import urllib.request as r; r.urlopen('http://127.0.0.1:${EXPORTER_HTTP_PORT:-8080}/healthz', timeout=4)"
ENTRYPOINT ["exporter"]
ARG VERSION=unknown
ARG SOURCE=unknown
LABEL org.opencontainers.image.title="pvsimulator exporter" \
    org.opencontainers.image.version="${VERSION}" \
    org.opencontainers.image.source="${SOURCE}"

FROM exporter AS exporter-dev
COPY deploy/images/reload.py /usr/local/bin/
ENV PYTHONPATH=/tmp/service:/opt/dependencies
ENTRYPOINT ["reload.py", "/opt/service", "/tmp/service", "exporter"]

FROM builder AS dataset-dependencies
COPY requirements/dataset.txt requirements/
RUN install-dependencies requirements/dataset.txt

# It simulates what meter and pvsim do, so it has these as well.
FROM library AS dataset-service
COPY services/meter services/meter
COPY services/pvsim services/pvsim
COPY services/dataset services/dataset
RUN install-service ./libs/common ./services/meter ./services/pvsim ./services/dataset

FROM runtime-with-data AS dataset
COPY --from=dataset-dependencies /opt/dependencies /opt/dependencies
COPY --from=dataset-service /opt/service /opt/service
RUN dataset --help >/dev/null
ENV DATASET_OUTPUT=/data/
ENTRYPOINT ["dataset"]
ARG VERSION=unknown
ARG SOURCE=unknown
LABEL org.opencontainers.image.title="pvsimulator dataset" \
    org.opencontainers.image.version="${VERSION}" \
    org.opencontainers.image.source="${SOURCE}"
