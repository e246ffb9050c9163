{{/* The settings file. The address of the artefact endpoint comes from the environment, where its number is known. */}}
{{- define "automlgen.settings" -}}
namespace: {{ .Values.namespaces.runs.name }}
image: {{ include "automlgen.runnerImage" . }}
imagePullPolicy: {{ .Values.runnerImage.pullPolicy }}
{{- with .Values.imagePullSecrets }}
imagePullSecrets: {{ toJson . }}
{{- end }}
serviceAccountName: {{ include "automlgen.fullname" . }}-runner
artefacts:
  listen: 0.0.0.0:{{ .Values.artefacts.port }}
  maxFileMiB: {{ .Values.artefacts.maxFileMiB }}
data:
  mode: {{ .Values.programData.mode }}
  {{- if eq .Values.programData.mode "claim" }}
  claim: {{ .Values.programData.claim }}
  folder: /var/lib/automlgen/views
  {{- end }}
{{- range $name, $seconds := .Values.jobs }}
{{ $name }}: {{ int $seconds }}
{{- end }}
classes:
  {{- range $name, $class := .Values.classes }}
  {{ $name }}:
    {{- toYaml $class | nindent 4 }}
  {{- end }}
{{- end -}}
