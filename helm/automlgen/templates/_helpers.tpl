{{/* Names and labels. */}}
{{- define "automlgen.name" -}}
{{- default .Chart.Name .Values.nameOverride | trunc 40 | trimSuffix "-" -}}
{{- end -}}

{{- define "automlgen.fullname" -}}
{{- if .Values.fullnameOverride -}}
{{- .Values.fullnameOverride | trunc 40 | trimSuffix "-" -}}
{{- else if contains (include "automlgen.name" .) .Release.Name -}}
{{- .Release.Name | trunc 40 | trimSuffix "-" -}}
{{- else -}}
{{- printf "%s-%s" .Release.Name (include "automlgen.name" .) | trunc 40 | trimSuffix "-" -}}
{{- end -}}
{{- end -}}

{{/* What identifies objects of this release: never changes over an upgrade. */}}
{{- define "automlgen.selector" -}}
app.kubernetes.io/name: {{ include "automlgen.name" . | quote }}
app.kubernetes.io/instance: {{ .Release.Name | quote }}
{{- end -}}

{{- define "automlgen.labels" -}}
{{ include "automlgen.selector" . }}
app.kubernetes.io/version: {{ .Chart.AppVersion | quote }}
app.kubernetes.io/managed-by: {{ .Release.Service | quote }}
app.kubernetes.io/part-of: automlgen
helm.sh/chart: {{ printf "%s-%s" .Chart.Name .Chart.Version | replace "+" "_" | quote }}
{{- end -}}

{{/* repository, and a digest before a tag before the version of the chart's application. */}}
{{- define "automlgen.imageName" -}}
{{- if .image.digest -}}
{{ .image.repository }}@{{ .image.digest }}
{{- else -}}
{{ .image.repository }}:{{ default .appVersion .image.tag }}
{{- end -}}
{{- end -}}

{{- define "automlgen.image" -}}
{{- include "automlgen.imageName" (dict "image" .Values.image "appVersion" .Chart.AppVersion) -}}
{{- end -}}

{{- define "automlgen.runnerImage" -}}
{{- include "automlgen.imageName" (dict "image" .Values.runnerImage "appVersion" .Chart.AppVersion) -}}
{{- end -}}

{{/* For whoever has to name a class and serves none: the first by name. */}}
{{- define "automlgen.firstClass" -}}
{{- $names := list -}}
{{- range $name, $class := .Values.classes -}}{{- if $class -}}{{- $names = append $names $name -}}{{- end -}}{{- end -}}
{{- $names | sortAlpha | first | default "" -}}
{{- end -}}

{{- define "automlgen.dataClaim" -}}
{{- default (printf "%s-data" (include "automlgen.fullname" .)) .Values.storage.data.existingClaim -}}
{{- end -}}

{{/* Pods of this release ask for nothing that PodSecurity "restricted" refuses. */}}
{{- define "automlgen.podSecurity" -}}
runAsNonRoot: true
runAsUser: 10001
runAsGroup: 10001
fsGroup: 10001
fsGroupChangePolicy: OnRootMismatch
seccompProfile: {type: RuntimeDefault}
{{- end -}}

{{- define "automlgen.containerSecurity" -}}
allowPrivilegeEscalation: false
readOnlyRootFilesystem: true
capabilities: {drop: [ALL]}
{{- end -}}

{{/* JSON list of the Secrets that somebody else has to make. */}}
{{- define "automlgen.secrets" -}}
{{- $names := list .Values.artefacts.existingSecret -}}
{{- if not .Values.mongodb.uri -}}{{- $names = append $names .Values.mongodb.existingSecret -}}{{- end -}}
{{- range list .Values.temporal.apiKey.existingSecret .Values.temporal.tls.existingSecret .Values.model.existingSecret -}}
{{- if . -}}{{- $names = append $names . -}}{{- end -}}
{{- end -}}
{{- $names | uniq | toJson -}}
{{- end -}}
