{{/* All resources are called as the release is, in quotes, since 123 is a name, too. KEDA calls its HPA keda-hpa-NAME, which has 63 characters at most. */}}
{{- define "claimant.name" -}}
{{- if gt (len .Release.Name) 54 }}{{ fail (printf "the release's name %s has more than 54 characters, too many for KEDA" .Release.Name) }}{{ end -}}
{{ .Release.Name | quote }}
{{- end }}

{{- define "claimant.source" -}}
{{ get (.Files.Get "files/sources.yaml" | fromYaml) .Values.source | toYaml }}
{{- end }}

{{- define "claimant.slots" -}}
{{ .Values.slots | int | default (eq .Values.mode "jobs" | ternary 1 10) }}
{{- end }}

{{/* More than all workers together can take need not be counted. */}}
{{- define "claimant.trigger" -}}
{{- $source := include "claimant.source" . | fromYaml -}}
{{- $slots := include "claimant.slots" . -}}
{{- $cap := max 1000 (mul (int .Values.max) (int $slots)) -}}
- type: {{ $source.type }}
{{- if eq .Values.mode "workers" }}
  # the HPA asks every 15 s; so it gets what the last poll read
  useCachedMetrics: true
{{- end }}
  authenticationRef:
    name: {{ include "claimant.name" . }}
  metadata:
    {{- $source.metadata | replace "${sqlQueue}" (.Values.queue | replace "'" "''" | squote) | replace "${queue}" (.Values.queue | toJson) | replace "${cap}" (toString $cap) | nindent 4 }}
    {{ $source.target }}: {{ $slots | quote }}
{{- end }}

{{- define "claimant.pod" -}}
{{- $source := include "claimant.source" . | fromYaml -}}
{{- $jobs := eq .Values.mode "jobs" -}}
metadata:
  labels:
    app.kubernetes.io/name: {{ include "claimant.name" . }}
    app.kubernetes.io/part-of: claimant
    app.kubernetes.io/component: {{ ternary "job" "worker" $jobs }}
    {{- with .Values.serviceAccount.podLabels }}
    {{- toYaml . | nindent 4 }}
    {{- end }}
spec:
  {{- if $jobs }}
  restartPolicy: Never
  {{- end }}
  # longer than CLAIMANT_DRAIN_TIMEOUT_SECONDS and CLAIMANT_FLUSH_TIMEOUT_SECONDS together, and a last request for messages
  terminationGracePeriodSeconds: {{ add .Values.drainTimeoutSeconds 15 (default 0 $source.lastRequestSeconds) }}
  serviceAccountName: {{ include "claimant.name" . }}
  automountServiceAccountToken: {{ and .Values.podDeletionCost (not $jobs) }}
  enableServiceLinks: false
  {{- with .Values.imagePullSecrets }}
  imagePullSecrets:
    {{- toYaml . | nindent 4 }}
  {{- end }}
  # on different nodes and zones where there is a choice
  topologySpreadConstraints:
    {{- $name := include "claimant.name" . }}
    {{- range list "kubernetes.io/hostname" "topology.kubernetes.io/zone" }}
    - maxSkew: 1
      topologyKey: {{ . }}
      whenUnsatisfiable: ScheduleAnyway
      labelSelector:
        matchLabels:
          app.kubernetes.io/name: {{ $name }}
    {{- end }}
  securityContext:
    runAsNonRoot: true
    runAsUser: 10001
    runAsGroup: 10001
    seccompProfile:
      type: RuntimeDefault
  containers:
    - name: worker
      image: {{ .Values.image | quote }}
      args: [{{ ternary "job" "worker" $jobs }}]
      env:
        {{- range $variable, $key := $source.env }}
        - name: {{ $variable }}
          valueFrom:
            secretKeyRef: {name: {{ $.Values.secret | quote }}, key: {{ $key }}}
        {{- end }}
        - name: {{ ternary "CLAIMANT_MESSAGES" "CLAIMANT_SLOTS" $jobs }}
          value: {{ include "claimant.slots" . | quote }}
        {{- if and $jobs $source.reserves }}
        # keeps a failed message for the next pod of this Job
        - name: CLAIMANT_OWNER
          valueFrom:
            fieldRef:
              fieldPath: metadata.labels['batch.kubernetes.io/job-name']
        {{- end }}
        - name: CLAIMANT_MAX_ATTEMPTS
          value: {{ .Values.maxAttempts | int | quote }}
        - name: CLAIMANT_HANDLER_TIMEOUT_SECONDS
          value: {{ .Values.handlerTimeoutSeconds | int | quote }}
        - name: CLAIMANT_DRAIN_TIMEOUT_SECONDS
          value: {{ .Values.drainTimeoutSeconds | int | quote }}
        - name: CLAIMANT_FLUSH_TIMEOUT_SECONDS
          value: "5"
        - name: CLAIMANT_MANAGEMENT_PORT
          value: "8080"
        {{- if and .Values.podDeletionCost (not $jobs) }}
        - name: CLAIMANT_POD_DELETION_COST
          value: "true"
        {{- end }}
        {{- with .Values.env }}
        {{- toYaml . | nindent 8 }}
        {{- end }}
      ports:
        - name: management
          containerPort: 8080
      readinessProbe:
        httpGet: {path: /readyz, port: management}
        periodSeconds: 2
      livenessProbe:
        httpGet: {path: /livez, port: management}
        initialDelaySeconds: 10
        periodSeconds: 10
      terminationMessagePolicy: FallbackToLogsOnError
      resources:
        {{- toYaml .Values.resources | nindent 8 }}
      securityContext:
        allowPrivilegeEscalation: false
        readOnlyRootFilesystem: true
        capabilities:
          drop: [ALL]
{{- end }}
