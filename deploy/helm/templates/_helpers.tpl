{{/* Names, labels and pod parts that all templates share. The subchart rabbitmq uses them too, and it sees neither the
     parent's values nor its files: up to the line below, only .Release, .Chart and .Values.global are used. */}}

{{/* How every name begins, <release>-pvsimulator: at most 36 characters, so that the longest name stays valid. */}}
{{- define "pvsimulator.prefix" -}}
{{- $prefix := printf "%s-pvsimulator" .Release.Name -}}
{{- if or (gt (len $prefix) 36) (contains "." $prefix) -}}
{{- printf "%s-%s" ($prefix | replace "." "-" | trunc 27 | trimSuffix "-") (sha256sum .Release.Name | trunc 8) -}}
{{- else -}}
{{- $prefix -}}
{{- end -}}
{{- end }}

{{/* What a selector asks for, from (list $ component): nothing that a new version would change. */}}
{{- define "pvsimulator.selectorLabels" -}}
app.kubernetes.io/name: pvsimulator
app.kubernetes.io/instance: {{ (index . 0).Release.Name | quote }}
app.kubernetes.io/component: {{ index . 1 }}
{{- end }}

{{/* Labels of a pod, from (list $ component), and its version as a third where it is not the chart's appVersion. */}}
{{- define "pvsimulator.podLabels" -}}
{{- $version := (index . 0).Chart.AppVersion -}}
{{- if gt (len .) 2 }}{{ $version = index . 2 }}{{ end -}}
{{ include "pvsimulator.selectorLabels" . }}
app.kubernetes.io/version: {{ $version | trunc 63 | trimAll "-_." | quote }}
app.kubernetes.io/part-of: pvsimulator
app.kubernetes.io/managed-by: {{ (index . 0).Release.Service }}
{{- end }}

{{/* Labels of an object, from the same list. */}}
{{- define "pvsimulator.labels" -}}
{{- $chart := (index . 0).Chart -}}
helm.sh/chart: {{ printf "%s-%s" $chart.Name $chart.Version | replace "+" "_" | trunc 63 | trimSuffix "-" }}
{{ include "pvsimulator.podLabels" . }}
{{- end }}

{{/* An image's full name, from (list $ image). */}}
{{- define "pvsimulator.image" -}}
{{- $root := index . 0 -}}
{{- $image := index . 1 -}}
{{- with $root.Values.global.imageRegistry }}{{ trimSuffix "/" . }}/{{ end }}{{ $image.repository -}}
{{- if $image.digest }}@{{ $image.digest }}{{ else }}:{{ $image.tag | default $root.Chart.AppVersion }}{{ end }}
{{- end }}

{{/* What every pod's spec begins with, from (list $ component uid): no token, not root, spread over the nodes. */}}
{{- define "pvsimulator.pod" -}}
{{- $root := index . 0 -}}
{{- $uid := index . 2 -}}
automountServiceAccountToken: false
enableServiceLinks: false
{{- with $root.Values.global.imagePullSecrets }}
imagePullSecrets:
  {{- range . }}
  - name: {{ . }}
  {{- end }}
{{- end }}
{{- with $root.Values.global.priorityClassName }}
priorityClassName: {{ . }}
{{- end }}
{{- with $root.Values.global.nodeSelector }}
nodeSelector:
  {{- toYaml . | nindent 2 }}
{{- end }}
{{- with $root.Values.global.tolerations }}
tolerations:
  {{- toYaml . | nindent 2 }}
{{- end }}
securityContext:
  runAsNonRoot: true
  runAsUser: {{ $uid }}
  runAsGroup: {{ $uid }}
  fsGroup: {{ $uid }}
  fsGroupChangePolicy: OnRootMismatch
  seccompProfile:
    type: RuntimeDefault
topologySpreadConstraints:
  - maxSkew: 1
    topologyKey: kubernetes.io/hostname
    whenUnsatisfiable: ScheduleAnyway
    labelSelector:
      matchLabels:
        {{- include "pvsimulator.selectorLabels" . | nindent 8 }}
{{- end }}

{{/* What every container may do: nothing beyond running. */}}
{{- define "pvsimulator.containerSecurity" -}}
allowPrivilegeEscalation: false
readOnlyRootFilesystem: true
capabilities:
  drop: [ALL]
{{- end }}

{{/* The claim of a StatefulSet's pods, from (list $ component name persistence). */}}
{{- define "pvsimulator.claim" -}}
{{- $persistence := index . 3 -}}
- metadata:
    name: {{ index . 2 }}
    labels:
      {{- include "pvsimulator.selectorLabels" . | nindent 6 }}
  spec:
    accessModes: [ReadWriteOnce]
    {{- with $persistence.storageClass }}
    storageClassName: {{ . }}
    {{- end }}
    resources:
      requests:
        storage: {{ $persistence.size }}
{{- end }}

{{/* A PodDisruptionBudget that lets one pod of a component go at a time, from (list $ component). */}}
{{- define "pvsimulator.disruptionBudget" -}}
apiVersion: policy/v1
kind: PodDisruptionBudget
metadata:
  name: {{ include "pvsimulator.prefix" (index . 0) }}-{{ index . 1 }}
  labels:
    {{- include "pvsimulator.labels" . | nindent 4 }}
spec:
  maxUnavailable: 1
  unhealthyPodEvictionPolicy: AlwaysAllow # a pod that is not ready anyway never holds up a node's drain
  selector:
    matchLabels:
      {{- include "pvsimulator.selectorLabels" . | nindent 6 }}
{{- end }}

{{/* ---- From here on: the parent's templates only. ---- */}}

{{/* The Secret that all broker modes meet in: username password host port connection_string. */}}
{{- define "pvsimulator.brokerSecret" -}}
{{- $prefix := include "pvsimulator.prefix" . -}}
{{- if .Values.rabbitmqCluster.enabled -}}
{{ $prefix }}-rabbitmq-default-user
{{- else if .Values.externalRabbitmq.enabled -}}
{{ .Values.externalRabbitmq.existingSecret | default (printf "%s-broker" $prefix) }}
{{- else if .Values.rabbitmq.enabled -}}
{{ .Values.rabbitmq.auth.existingSecret | default (printf "%s-broker" $prefix) }}
{{- end -}}
{{- end }}

{{/* Where the broker is and what proves its identity, as environment of a container. */}}
{{- define "pvsimulator.brokerEnvironment" -}}
- name: PVSIMULATOR_BROKER_URL
  valueFrom:
    secretKeyRef:
      name: {{ include "pvsimulator.brokerSecret" . }}
      key: connection_string
{{- if .Values.externalRabbitmq.enabled }}
{{- if .Values.externalRabbitmq.tls.caSecret }}
- name: PVSIMULATOR_BROKER_CA_FILE
  value: /etc/pvsimulator/broker-ca/ca.crt
{{- end }}
{{- if .Values.externalRabbitmq.tls.clientSecret }}
- name: PVSIMULATOR_BROKER_CERTIFICATE_FILE
  value: /etc/pvsimulator/broker-client/tls.crt
- name: PVSIMULATOR_BROKER_KEY_FILE
  value: /etc/pvsimulator/broker-client/tls.key
{{- end }}
{{- end }}
{{- end }}

{{/* The Secrets with certificates for an external broker, by the name of their volume, as JSON; none for the others. */}}
{{- define "pvsimulator.brokerCertificates" -}}
{{- $secrets := dict -}}
{{- if .Values.externalRabbitmq.enabled -}}
{{- with .Values.externalRabbitmq.tls.caSecret }}{{ $_ := set $secrets "broker-ca" . }}{{ end -}}
{{- with .Values.externalRabbitmq.tls.clientSecret }}{{ $_ := set $secrets "broker-client" . }}{{ end -}}
{{- end -}}
{{- toJson $secrets -}}
{{- end }}

{{- define "pvsimulator.brokerMounts" -}}
{{- range $volume, $secret := include "pvsimulator.brokerCertificates" . | fromJson }}
- name: {{ $volume }}
  mountPath: /etc/pvsimulator/{{ $volume }}
  readOnly: true
{{- end }}
{{- end }}

{{- define "pvsimulator.brokerVolumes" -}}
{{- range $volume, $secret := include "pvsimulator.brokerCertificates" . | fromJson }}
- name: {{ $volume }}
  secret:
    secretName: {{ $secret }}
    defaultMode: 0440
{{- end }}
{{- end }}

{{/* Values as environment variables, from (list prefix values): intervalS becomes METER_INTERVAL_S; unset ones are left
     out; of a mapping, what is in it, without its name: simulation.plant.losses becomes PVSIMULATOR_LOSSES. */}}
{{- define "pvsimulator.settings" -}}
{{- $prefix := index . 0 -}}
{{- range $name, $value := index . 1 }}
{{- if kindIs "map" $value }}
{{- include "pvsimulator.settings" (list $prefix $value) }}
{{- else if not (has $value (list nil "")) }}
- name: {{ $prefix }}_{{ snakecase $name | upper }}
  value: {{ include "pvsimulator.text" $value | quote }}
{{- end }}
{{- end }}
{{- end }}

{{/* A value as text: Helm reads whole numbers as floats and would write 1000000 as 1e+06. */}}
{{- define "pvsimulator.text" -}}
{{- if and (kindIs "float64" .) (eq (floor .) .) }}{{ int64 . }}{{ else }}{{ . }}{{ end -}}
{{- end }}

{{/* The probes of a service, by the name of its port: /healthz asks whether its loop turns, never for the broker. */}}
{{- define "pvsimulator.probes" -}}
startupProbe:
  httpGet: {path: /healthz, port: {{ . }}}
  periodSeconds: 1
  failureThreshold: 120
livenessProbe:
  httpGet: {path: /healthz, port: {{ . }}}
  periodSeconds: 10
  timeoutSeconds: 5
readinessProbe:
  httpGet: {path: /readyz, port: {{ . }}}
  periodSeconds: 2
  timeoutSeconds: 2
{{- end }}
