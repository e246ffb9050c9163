/** Reads the Jobs of this installation and what the cluster says about them. */
import type { Gateway } from '../execution/kubernetes/gateway.js';
import { SELECTOR } from '../execution/kubernetes/names.js';
import type { Job, ObjectList, Pod } from '../execution/kubernetes/objects.js';
import { type ClusterEvent, type JobView, jobView } from './job-view.js';

export interface JobFilter {
  readonly run?: string;
  readonly class?: string;
  /** Also those that have ended and wait for being removed. */
  readonly ended?: boolean;
}

const OVER: readonly JobView['state'][] = ['finished', 'failed'];

/** Three lists, whatever the number of Jobs. Oldest first. @throws ApiError. */
export async function clusterJobs(
  gateway: Pick<Gateway, 'request'>,
  namespace: string,
  filter: JobFilter = {},
): Promise<readonly JobView[]> {
  const query = { labelSelector: SELECTOR };
  const [jobs, pods, events] = await Promise.all([
    gateway.request<ObjectList<Job>>(`/apis/batch/v1/namespaces/${namespace}/jobs`, { query }),
    gateway.request<ObjectList<Pod>>(`/api/v1/namespaces/${namespace}/pods`, { query }),
    gateway.request<ObjectList<ClusterEvent>>(`/api/v1/namespaces/${namespace}/events`, {}),
  ]);
  const podOf = new Map(pods.items.map((pod) => [pod.metadata.labels?.['job-name'] ?? '', pod]));
  const eventsOf = byObject(events.items);
  return jobs.items
    .toSorted((one, other) =>
      (one.metadata.creationTimestamp ?? '').localeCompare(other.metadata.creationTimestamp ?? ''),
    )
    .map((job) => {
      const pod = podOf.get(job.metadata.name);
      const about = [job.metadata.name, pod?.metadata.name ?? ''].flatMap((name) => eventsOf.get(name) ?? []);
      return jobView(job, pod, about);
    })
    .filter((view) => filter.ended || !OVER.includes(view.state))
    .filter((view) => filter.run === undefined || view.run.startsWith(filter.run))
    .filter((view) => filter.class === undefined || view.class === filter.class);
}

function byObject(events: readonly ClusterEvent[]): ReadonlyMap<string, readonly ClusterEvent[]> {
  const groups = new Map<string, ClusterEvent[]>();
  for (const event of events) {
    const name = event.involvedObject.name ?? '';
    const group = groups.get(name);
    if (group) group.push(event);
    else groups.set(name, [event]);
  }
  return groups;
}
