{{/* A pod of `helm test`: `root`, `account`, `only` (names of checks), `try` (make a Job). Warnings do not fail it. */}}
{{- define "automlgen.testPod" -}}
restartPolicy: Never
serviceAccountName: "{{ include "automlgen.fullname" .root }}-{{ .account }}"
automountServiceAccountToken: true
{{- with .root.Values.imagePullSecrets }}
imagePullSecrets:
  {{- range . }}
  - name: {{ . | quote }}
  {{- end }}
{{- end }}
securityContext: {{- include "automlgen.podSecurity" .root | nindent 2 }}
{{- with .root.Values.workers.nodeSelector }}
nodeSelector: {{- toYaml . | nindent 2 }}
{{- end }}
{{- with .root.Values.workers.tolerations }}
tolerations: {{- toYaml . | nindent 2 }}
{{- end }}
containers:
  - name: doctor
    image: {{ include "automlgen.image" .root | quote }}
    imagePullPolicy: {{ .root.Values.image.pullPolicy | quote }}
    command: [sh, -c]
    args: ["automlgen doctor --only {{ .only }}{{ if .try }} --try{{ end }}; test $? -le 1"]
    workingDir: /var/lib/automlgen
    env:
      {{- include "automlgen.env" .root | nindent 6 }}
      - name: AUTOMLGEN_DOCTOR_FORBIDDEN
        value: {{ join "," .root.Values.tests.forbidden | quote }}
    resources:
      requests: {cpu: 50m, memory: 256Mi, ephemeral-storage: 64Mi}
      limits: {memory: 512Mi, ephemeral-storage: 256Mi}
    securityContext: {{- include "automlgen.containerSecurity" .root | nindent 6 }}
    volumeMounts: {{- include "automlgen.mounts" .root | nindent 6 }}
volumes: {{- include "automlgen.volumes" .root | nindent 2 }}
{{- end -}}
