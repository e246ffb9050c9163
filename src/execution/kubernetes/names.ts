/** Labels, annotations and paths that executor, chart and entry agree on. */
import { createHash } from 'node:crypto';
import type { ExecutionSpec } from '../../domain/execution-spec.js';
import { ExecutionId } from '../../domain/ids.js';
import type { ObjectMeta } from './objects.js';

const PREFIX = 'automlgen.dev';

export const LABELS = {
  managedBy: 'app.kubernetes.io/managed-by',
  execution: `${PREFIX}/execution`,
  run: `${PREFIX}/run`,
  node: `${PREFIX}/node`,
  class: `${PREFIX}/class`,
} as const;
export const MANAGER = 'automlgen';
/** Picks every Job and pod of ours, in any run. */
export const SELECTOR = `${LABELS.managedBy}=${MANAGER},${LABELS.execution}`;

export const ANNOTATIONS = { specHash: `${PREFIX}/spec-hash` } as const;

export const PATHS = {
  /** Request and program, for the main container. */
  job: '/etc/automlgen/job',
  /** Address and token of the artefact endpoint, for the collector and the fetcher alone. */
  endpoint: '/etc/automlgen/endpoint',
  workspace: '/workspace',
  views: '/views',
} as const;

export function labelsOf(spec: ExecutionSpec, className: string): Readonly<Record<string, string>> {
  return {
    [LABELS.managedBy]: MANAGER,
    [LABELS.execution]: spec.id,
    [LABELS.run]: spec.runId,
    [LABELS.node]: spec.nodeId,
    [LABELS.class]: className,
  };
}

/** What makes two requests the same execution. */
export function specHash(spec: ExecutionSpec): string {
  return `sha256:${createHash('sha256').update(JSON.stringify(spec)).digest('hex')}`;
}

/** Undefined for objects of somebody else. */
export function executionOf(metadata: ObjectMeta): ExecutionId | undefined {
  const parsed = ExecutionId.safeParse(metadata.labels?.[LABELS.execution]);
  return parsed.success ? parsed.data : undefined;
}
