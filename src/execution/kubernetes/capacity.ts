/** Who may make a Job now: as many of a class as it has slots, counted in the cluster, so that Jobs of other processes count too. */
import { classLabelOf } from './job-template.js';
import type { Mirror } from './mirror.js';
import { jobNameOf } from './names.js';
import { conditionOf, isOver, type Job } from './objects.js';
import type { JobName } from './parts.js';

const LOOK_EVERY_MS = 1000;

export interface Capacity {
  /** Waits in line for a place. The Job has to be made, or the place given back, with what is returned. */
  take(name: JobName, options: { readonly signal?: AbortSignal; readonly onWait?: () => void }): Promise<() => void>;
}

/** Two processes may pass at the same moment; the Job that is too many then waits for a node, which costs nothing. */
export function createCapacity(mirror: Mirror, className: string, slots: number): Capacity {
  /** Allowed and perhaps not in the mirror yet. */
  const allowed = new Set<JobName>();
  const line: JobName[] = [];

  const used = (): number => {
    const active = mirror.jobs().filter((job) => classLabelOf(job) === className && isActive(job, mirror));
    const names = new Set(active.flatMap((job) => jobNameOf(job.metadata) ?? []));
    return names.size + [...allowed].filter((name) => !names.has(name)).length;
  };

  return {
    async take(name, { signal, onWait }) {
      line.push(name);
      try {
        while (line[0] !== name || used() >= slots) {
          signal?.throwIfAborted();
          await mirror.ready();
          onWait?.();
          await mirror.anyChange(LOOK_EVERY_MS, signal);
        }
        signal?.throwIfAborted();
        allowed.add(name);
      } finally {
        line.splice(line.indexOf(name), 1);
      }
      return () => void allowed.delete(name);
    },
  };
}

/** It holds a place until nothing of it runs any more. */
function isActive(job: Job, mirror: Mirror): boolean {
  if (conditionOf(job, 'Complete') || conditionOf(job, 'Failed')) return false;
  const name = jobNameOf(job.metadata);
  const { pod, podGone } = name === undefined ? { pod: undefined, podGone: false } : mirror.of(name);
  return !pod || !(podGone || isOver(pod));
}
