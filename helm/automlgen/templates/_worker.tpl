{{/* Environment of everything that runs the worker image. */}}
{{- define "automlgen.env" -}}
- {name: AUTOMLGEN_EXECUTOR, value: kubernetes}
- {name: AUTOMLGEN_KUBERNETES, value: /etc/automlgen/kubernetes.yaml}
- {name: AUTOMLGEN_CACHE, value: /var/lib/automlgen}
- {name: AUTOMLGEN_WORKER, value: none}
- {name: HOME, value: /var/lib/automlgen}
# Services made before a pod are in its environment: programs get a number, and need no name service.
- name: AUTOMLGEN_ARTEFACT_URL
  value: "http://$({{ include "automlgen.fullname" . | upper | replace "-" "_" }}_ARTEFACTS_SERVICE_HOST):{{ int .Values.artefacts.port }}"
- name: AUTOMLGEN_ARTEFACT_SECRET
  valueFrom:
    secretKeyRef: {name: {{ .Values.artefacts.existingSecret | quote }}, key: {{ .Values.artefacts.key | quote }}}
- name: MONGODB_URI
  {{- if .Values.mongodb.uri }}
  value: {{ .Values.mongodb.uri | quote }}
  {{- else }}
  valueFrom:
    secretKeyRef: {name: {{ .Values.mongodb.existingSecret | quote }}, key: {{ .Values.mongodb.key | quote }}}
  {{- end }}
- {name: TEMPORAL_ADDRESS, value: {{ .Values.temporal.address | quote }}}
- {name: TEMPORAL_NAMESPACE, value: {{ .Values.temporal.namespace | quote }}}
{{- with .Values.temporal.apiKey }}
{{- if .existingSecret }}
- name: TEMPORAL_API_KEY
  valueFrom:
    secretKeyRef: {name: {{ .existingSecret | quote }}, key: {{ .key | quote }}}
{{- end }}
{{- end }}
{{- with .Values.temporal.tls }}
{{- if .enabled }}
- {name: TEMPORAL_TLS, value: "true"}
{{- if .serverName }}
- {name: TEMPORAL_TLS_SERVER_NAME, value: {{ .serverName | quote }}}
{{- end }}
{{- if .existingSecret }}
- {name: TEMPORAL_TLS_CLIENT_CERT_PATH, value: /etc/automlgen-temporal/tls.crt}
- {name: TEMPORAL_TLS_CLIENT_KEY_PATH, value: /etc/automlgen-temporal/tls.key}
{{- end }}
{{- end }}
{{- end }}
{{- with .Values.model }}
{{- if .name }}
- {name: AUTOMLGEN_MODEL, value: {{ .name | quote }}}
{{- end }}
{{- if .api }}
- {name: AUTOMLGEN_MODEL_API, value: {{ .api | quote }}}
{{- end }}
{{- if .baseUrl }}
- {name: OPENAI_BASE_URL, value: {{ .baseUrl | quote }}}
{{- end }}
{{- if .existingSecret }}
- name: OPENAI_API_KEY
  valueFrom:
    secretKeyRef: {name: {{ .existingSecret | quote }}, key: {{ .key | quote }}}
{{- end }}
{{- end }}
{{- if .Values.versioning.enabled }}
- {name: TEMPORAL_DEPLOYMENT_NAME, value: {{ .Values.versioning.deploymentName | quote }}}
- {name: TEMPORAL_WORKER_BUILD_ID, value: {{ default .Chart.AppVersion .Values.versioning.buildId | quote }}}
{{- end }}
{{- with .Values.workers.extraEnv }}
{{ toYaml . }}
{{- end }}
{{- end -}}

{{/* The pod's own cache is empty at first; what outlives it is the claim: blobs, prepared tasks, results, tasks. */}}
{{- define "automlgen.mounts" -}}
- {name: settings, mountPath: /etc/automlgen, readOnly: true}
- {name: cache, mountPath: /var/lib/automlgen}
- {name: data, mountPath: /var/lib/automlgen/data}
- {name: tmp, mountPath: /tmp}
{{- if eq .Values.programData.mode "claim" }}
- {name: views, mountPath: /var/lib/automlgen/views}
{{- end }}
{{- if .Values.temporal.tls.existingSecret }}
- {name: temporal-tls, mountPath: /etc/automlgen-temporal, readOnly: true}
{{- end }}
{{- end -}}

{{- define "automlgen.volumes" -}}
- {name: settings, configMap: {name: "{{ include "automlgen.fullname" . }}-settings"}}
- {name: cache, emptyDir: {sizeLimit: 2Gi}}
- {name: data, persistentVolumeClaim: {claimName: {{ include "automlgen.dataClaim" . | quote }}}}
- {name: tmp, emptyDir: {sizeLimit: 4Gi}}
{{- if eq .Values.programData.mode "claim" }}
- {name: views, persistentVolumeClaim: {claimName: {{ .Values.programData.workerClaim | quote }}}}
{{- end }}
{{- if .Values.temporal.tls.existingSecret }}
- {name: temporal-tls, secret: {secretName: {{ .Values.temporal.tls.existingSecret | quote }}, defaultMode: 0440}}
{{- end }}
{{- end -}}

{{/* A pod template of workers: `root`, `name`, `queues`, `class`, `set` (replicas and resources), `artefacts`. */}}
{{- define "automlgen.workerPod" -}}
metadata:
  labels:
    {{- include "automlgen.labels" .root | nindent 4 }}
    app.kubernetes.io/component: worker
    automlgen.dev/workers: {{ .name | quote }}
    {{- if .class }}
    automlgen.dev/artefacts: "true"
    {{- end }}
    {{- with .root.Values.workers.podLabels }}
    {{- toYaml . | nindent 4 }}
    {{- end }}
  annotations:
    automlgen.dev/settings: {{ include "automlgen.settings" .root | sha256sum | trunc 16 | quote }}
    {{- with .root.Values.workers.podAnnotations }}
    {{- toYaml . | nindent 4 }}
    {{- end }}
spec:
  serviceAccountName: "{{ include "automlgen.fullname" .root }}-worker"
  automountServiceAccountToken: true
  terminationGracePeriodSeconds: {{ int .root.Values.workers.terminationGracePeriodSeconds }}
  {{- with .root.Values.workers.priorityClassName }}
  priorityClassName: {{ . | quote }}
  {{- end }}
  {{- with .root.Values.imagePullSecrets }}
  imagePullSecrets:
    {{- range . }}
    - name: {{ . | quote }}
    {{- end }}
  {{- end }}
  securityContext: {{- include "automlgen.podSecurity" .root | nindent 4 }}
  {{- with .root.Values.workers.nodeSelector }}
  nodeSelector: {{- toYaml . | nindent 4 }}
  {{- end }}
  {{- with .root.Values.workers.tolerations }}
  tolerations: {{- toYaml . | nindent 4 }}
  {{- end }}
  {{- with .root.Values.workers.affinity }}
  affinity: {{- toYaml . | nindent 4 }}
  {{- end }}
  topologySpreadConstraints:
    - maxSkew: 1
      topologyKey: kubernetes.io/hostname
      whenUnsatisfiable: ScheduleAnyway
      labelSelector:
        matchLabels:
          {{- include "automlgen.selector" .root | nindent 10 }}
          automlgen.dev/workers: {{ .name | quote }}
  containers:
    - name: worker
      image: {{ include "automlgen.image" .root | quote }}
      imagePullPolicy: {{ .root.Values.image.pullPolicy | quote }}
      args: [worker, --queues, {{ .queues | quote }}]
      workingDir: /var/lib/automlgen/data
      env:
        {{- include "automlgen.env" .root | nindent 8 }}
        - name: AUTOMLGEN_HEALTH_PORT
          value: {{ .root.Values.workers.healthPort | quote }}
        {{- if .root.Values.metrics.enabled }}
        - name: AUTOMLGEN_METRICS_PORT
          value: {{ .root.Values.metrics.port | quote }}
        {{- end }}
        # Workers that run no programs still tell what programs may use.
        - {name: AUTOMLGEN_EXECUTION_CLASS, value: {{ default (include "automlgen.firstClass" .root) .class | quote }}}
      ports:
        - {name: health, containerPort: {{ int .root.Values.workers.healthPort }}}
        {{- if .class }}
        - {name: artefacts, containerPort: {{ int .root.Values.artefacts.port }}}
        {{- end }}
        {{- if .root.Values.metrics.enabled }}
        - {name: metrics, containerPort: {{ int .root.Values.metrics.port }}}
        {{- end }}
      startupProbe:
        httpGet: {path: /readyz, port: health}
        periodSeconds: 2
        failureThreshold: 60
      readinessProbe:
        httpGet: {path: /readyz, port: health}
        periodSeconds: 5
      livenessProbe:
        httpGet: {path: /livez, port: health}
        periodSeconds: 10
        failureThreshold: 6
      resources: {{- toYaml .set.resources | nindent 8 }}
      securityContext: {{- include "automlgen.containerSecurity" .root | nindent 8 }}
      volumeMounts: {{- include "automlgen.mounts" .root | nindent 8 }}
  volumes: {{- include "automlgen.volumes" .root | nindent 4 }}
{{- end -}}

{{- define "automlgen.worker" -}}
apiVersion: apps/v1
kind: Deployment
metadata:
  name: "{{ include "automlgen.fullname" .root }}-{{ .name }}"
  namespace: "{{ .root.Release.Namespace }}"
  labels:
    {{- include "automlgen.labels" .root | nindent 4 }}
    app.kubernetes.io/component: worker
spec:
  {{- if not (and .root.Values.autoscaling.enabled (eq .name "search")) }}
  replicas: {{ int .set.replicas }}
  {{- end }}
  selector:
    matchLabels:
      {{- include "automlgen.selector" .root | nindent 6 }}
      automlgen.dev/workers: {{ .name | quote }}
  template:
    {{- include "automlgen.workerPod" . | nindent 4 }}
{{- end -}}
