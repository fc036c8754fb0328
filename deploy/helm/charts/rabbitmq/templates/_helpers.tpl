{{/* Names and configuration of the broker; the helpers that begin with pvsimulator are the parent's. */}}

{{- define "rabbitmq.name" -}}
{{ include "pvsimulator.prefix" . }}-rabbitmq
{{- end }}

{{/* The headless Service that the nodes know each other by. */}}
{{- define "rabbitmq.nodes" -}}
{{ include "rabbitmq.name" . }}-nodes
{{- end }}

{{/* What follows a pod's name in its node's name. */}}
{{- define "rabbitmq.suffix" -}}
.{{ include "rabbitmq.nodes" . }}.{{ .Release.Namespace }}.svc.{{ .Values.clusterDomain }}
{{- end }}

{{- define "rabbitmq.secret" -}}
{{ .Values.auth.existingSecret | default (printf "%s-broker" (include "pvsimulator.prefix" .)) }}
{{- end }}

{{- define "rabbitmq.config" -}}
# One line to standard output for each event; nothing to files.
log.console = true
log.file = false

# Nodes find each other by the ordinals of their pods: no Kubernetes API, no token.
cluster_formation.peer_discovery_backend = k8s
cluster_formation.target_cluster_size_hint = {{ .Values.replicas }}

# Every queue gets a member on every node, also one that was declared before all nodes had joined.
quorum_queue.continuous_membership_reconciliation.enabled = true
quorum_queue.continuous_membership_reconciliation.target_group_size = {{ .Values.replicas }}
quorum_queue.continuous_membership_reconciliation.interval = 60000
queue_leader_locator = balanced

# A node sees its machine's memory; what counts is its pod's.
total_memory_available_override_value = {{ .Values.resources.limits.memory }}B
disk_free_limit.absolute = 200MB
# The log of quorum queues is held in memory up to this size: an eighth of the default.
raft.wal_max_size_bytes = 67108864
{{- with .Values.extraConfig }}

{{ . }}
{{- end }}
{{- end }}

{{- define "rabbitmq.plugins" -}}
[rabbitmq_management,rabbitmq_prometheus,rabbitmq_peer_discovery_k8s].
{{- end }}
