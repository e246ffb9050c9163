/** Labels, annotations and paths that executor, chart and entry agree on. */
import { createHash } from 'node:crypto';
import type { ObjectMeta } from './objects.js';
import { JobName, type Part } from './parts.js';

const PREFIX = 'automlgen.dev';

export const LABELS = {
  managedBy: 'app.kubernetes.io/managed-by',
  execution: `${PREFIX}/execution`,
  /** On Job and pod alike. */
  job: `${PREFIX}/job`,
  run: `${PREFIX}/run`,
  node: `${PREFIX}/node`,
  class: `${PREFIX}/class`,
  /** Of Kubernetes' own, on every pod of a Job: the uid of that Job. */
  controller: 'batch.kubernetes.io/controller-uid',
} as const;
export const MANAGER = 'automlgen';
/** Picks every Job and pod of ours, in any run. */
export const SELECTOR = `${LABELS.managedBy}=${MANAGER},${LABELS.execution}`;

export const ANNOTATIONS = {
  specHash: `${PREFIX}/spec-hash`,
  /** Says which installation made the Job. */
  mark: `${PREFIX}/made-by`,
} as const;

export const PATHS = {
  /** Request and program, for the main container. */
  job: '/etc/automlgen/job',
  /** Address and token of the artefact endpoint, for the collector and the fetcher alone. */
  endpoint: '/etc/automlgen/endpoint',
  workspace: '/workspace',
  views: '/views',
  /** Where the collector says that it has delivered. */
  delivery: '/delivery',
} as const;

export function labelsOf(spec: Part, className: string): Readonly<Record<string, string>> {
  return {
    [LABELS.managedBy]: MANAGER,
    [LABELS.execution]: spec.id,
    [LABELS.job]: spec.job,
    [LABELS.run]: spec.runId,
    [LABELS.node]: spec.nodeId,
    [LABELS.class]: className,
  };
}

/** What makes two requests the same execution. */
export function specHash(spec: Part): string {
  return `sha256:${createHash('sha256').update(JSON.stringify(spec)).digest('hex')}`;
}

/** Undefined for objects of somebody else. */
export function jobNameOf(metadata: ObjectMeta): JobName | undefined {
  return JobName.safeParse(metadata.labels?.[LABELS.job]).data;
}
