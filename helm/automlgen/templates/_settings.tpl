{{/* The settings file. The address of the artefact endpoint comes from the environment, where its number is known. */}}
{{- define "automlgen.settings" -}}
namespace: "{{ .Values.namespaces.runs.name }}"
image: {{ include "automlgen.runnerImage" . | quote }}
imagePullPolicy: {{ .Values.runnerImage.pullPolicy | quote }}
{{- with .Values.imagePullSecrets }}
imagePullSecrets: {{ toJson . }}
{{- end }}
serviceAccountName: "{{ include "automlgen.fullname" . }}-runner"
artefacts:
  # Without a host: IPv6 and IPv4, or IPv4 alone where there is nothing else.
  listen: ":{{ int .Values.artefacts.port }}"
  maxFileMiB: {{ int .Values.artefacts.maxFileMiB }}
data:
  mode: {{ .Values.programData.mode | quote }}
  {{- if eq .Values.programData.mode "claim" }}
  claim: {{ .Values.programData.claim | quote }}
  folder: /var/lib/automlgen/views
  {{- end }}
{{- range $name, $seconds := .Values.jobs }}
{{ $name }}: {{ int $seconds }}
{{- end }}
classes:
  {{- range $name, $class := .Values.classes }}
  {{- if $class }}
  {{ $name | quote }}:
    {{- $fields := dict }}
    {{- range $field, $value := $class }}
    {{- /* An empty text says as much as an absent one, and an empty name is none. */}}
    {{- if not (and (kindIs "string" $value) (eq (toString $value) "")) }}{{ $_ := set $fields $field $value }}{{ end }}
    {{- end }}
    {{- toYaml $fields | nindent 4 }}
  {{- end }}
  {{- end }}
{{- end -}}
