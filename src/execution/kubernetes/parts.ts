/**
 * One Job for each view of an execution. A pod cannot hide one of its volumes while another is in use, nor empty what a program left
 * in memory: in a race, the view of one fold holds the answers of the next.
 */
import { z } from 'zod';
import { ExecutionSpec } from '../../domain/execution-spec.js';
import { ExecutionId } from '../../domain/ids.js';

/** Name of a Job, of its ConfigMap and of the folder of its records: the execution's id, with the view where there are several. */
export const JobName = z
  .string()
  .regex(/^aml-[a-z2-7]{20}(-[a-z][a-z0-9]*)?$/)
  .brand<'JobName'>();
export type JobName = z.infer<typeof JobName>;

/** An execution of one view. */
export interface Part extends ExecutionSpec {
  readonly job: JobName;
}

/** In the order in which they run. */
export function partsOf(given: ExecutionSpec): readonly Part[] {
  // Fields in the order of the schema: whoever asks, the hash is the same.
  const spec = ExecutionSpec.parse(given);
  const one = spec.views.length === 1;
  return spec.views.map((view) => ({
    ...spec,
    views: [view],
    job: JobName.parse(one ? spec.id : `${spec.id}-${view.name}`),
  }));
}

/** The record of an execution bears its own id. */
export function recordOf(id: ExecutionId): JobName {
  return JobName.parse(id);
}

export function executionIn(name: JobName): ExecutionId {
  return ExecutionId.parse(name.slice(0, 24));
}
