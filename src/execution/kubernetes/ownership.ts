/**
 * Which Jobs are ours. A name may be taken by others, in a namespace that installations share or by hand: what is not ours is neither
 * adopted nor deleted. Ours is the Job whose uid is recorded, and before that the one that bears our mark.
 */
import { createHmac } from 'node:crypto';
import type { V1Job } from '@kubernetes/client-node';
import type { Seen } from './mirror-store.js';
import { ANNOTATIONS, jobNameOf, LABELS } from './names.js';
import type { Job, ObjectMeta } from './objects.js';
import type { JobName } from './parts.js';
import type { Place } from './place.js';

/** Nobody without the secret of the installation can make it; it holds for this name and this request alone. */
function markOf({ name, annotations }: Pick<ObjectMeta, 'name' | 'annotations'>, secret: Uint8Array): string {
  const text = `job ${name} ${annotations?.[ANNOTATIONS.specHash]}`;
  return createHmac('sha256', secret).update(text).digest('hex').slice(0, 32);
}

export function marked(job: V1Job, secret: Uint8Array): V1Job {
  const { name = '', annotations = {} } = job.metadata ?? {};
  const mark = markOf({ name, annotations }, secret);
  return { ...job, metadata: { ...job.metadata, annotations: { ...annotations, [ANNOTATIONS.mark]: mark } } };
}

export function isMarked({ metadata }: Job, secret: Uint8Array): boolean {
  return jobNameOf(metadata) === metadata.name && metadata.annotations?.[ANNOTATIONS.mark] === markOf(metadata, secret);
}

/** Of our Job; also when it is gone. Undefined when there was none yet, or when what bears the name is somebody else's. */
export async function ownUid(
  { records, cluster, secret }: Pick<Place, 'records' | 'cluster' | 'secret'>,
  job: JobName,
): Promise<string | undefined> {
  const recorded = await records.uid(job);
  if (recorded !== undefined) return recorded;
  // Whoever made it may have died before it could write that down.
  const found = await cluster.findJob(job);
  return found && isMarked(found, await secret()) ? found.metadata.uid : undefined;
}

/** Without the Job and the pod of others that bear the name. Where ours was recorded and is not there, it is gone. */
export function ownOnly({ job, pod, podGone, jobGone }: Seen, uid: string | undefined): Seen {
  const own = job?.metadata.uid === uid ? job : undefined;
  const ownPod = pod?.metadata.labels?.[LABELS.controller] === uid ? pod : undefined;
  return {
    ...(uid !== undefined && own && { job: own }),
    ...(uid !== undefined && ownPod && { pod: ownPod }),
    podGone: podGone && ownPod !== undefined,
    // After a restart the mirror has never seen what was removed before.
    jobGone: uid !== undefined && (jobGone || own === undefined),
  };
}
