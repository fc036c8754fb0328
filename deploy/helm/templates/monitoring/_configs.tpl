{{/* What the bundled Prometheus scrapes. It finds its targets by DNS on headless Services, so it needs no rights. */}}
{{- define "pvsimulator.prometheusConfig" -}}
{{- $prefix := include "pvsimulator.prefix" . -}}
{{- $jobs := list (list "meter" "_http._tcp" "meter") (list "pvsim" "_http._tcp" "pvsim") (list "exporter" "_exporter._tcp" "pvsim") -}}
{{- if .Values.rabbitmq.enabled }}{{ $jobs = append $jobs (list "rabbitmq" "_prometheus._tcp" "rabbitmq-nodes") }}{{ end -}}
global:
  scrape_interval: {{ .Values.monitoring.scrapeInterval }}
  evaluation_interval: {{ .Values.monitoring.scrapeInterval }}
rule_files:
  - pvsim.rules.yaml
scrape_configs:
{{- range $jobs }}
  - job_name: {{ index . 0 }}
    dns_sd_configs:
      - names: [{{ index . 1 }}.{{ $prefix }}-{{ index . 2 }}]
        type: SRV
        refresh_interval: 10s
    relabel_configs:
      - target_label: namespace
        replacement: {{ $.Release.Namespace }}
      - source_labels: [__address__] # <pod>.<service>.<namespace>…
        regex: ([^.]+)\..*
        target_label: pod
      - source_labels: [pod]
        regex: (.+)
        target_label: instance
{{- end }}
{{- if .Values.rabbitmqCluster.enabled }}
  - job_name: rabbitmq # the operator's Service has no port for the metrics
    dns_sd_configs:
      - names: [{{ $prefix }}-rabbitmq-nodes]
        type: A
        port: 15692
        refresh_interval: 10s
    relabel_configs:
      - target_label: namespace
        replacement: {{ .Release.Namespace }}
{{- end }}
{{- end }}

{{/* Where the bundled Grafana finds the bundled Prometheus. */}}
{{- define "pvsimulator.grafanaDatasources" -}}
apiVersion: 1
datasources:
  - name: Prometheus
    uid: prometheus
    type: prometheus
    access: proxy
    url: http://{{ include "pvsimulator.prefix" . }}-prometheus:9090
    isDefault: true
    jsonData:
      httpMethod: POST
      timeInterval: {{ .Values.monitoring.scrapeInterval }}
{{- end }}

{{/* Where the bundled Grafana finds its dashboards. */}}
{{- define "pvsimulator.grafanaProvider" -}}
apiVersion: 1
providers:
  - name: pvsimulator
    folder: pvsimulator
    type: file
    options:
      path: /etc/pvsimulator/dashboards
{{- end }}
