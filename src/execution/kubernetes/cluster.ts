/** The requests that an execution needs, by name. */
import type { V1ConfigMap, V1Job } from '@kubernetes/client-node';
import { isStatus } from './api-error.js';
import type { Gateway } from './gateway.js';
import { LABELS } from './names.js';
import type { Job, ObjectList, Pod, Warning } from './objects.js';
import type { JobName } from './parts.js';

export interface Cluster {
  /** @throws ApiError 409 when there is one of that name. */
  createJob(job: V1Job, options?: { readonly dryRun?: boolean; readonly signal?: AbortSignal }): Promise<Job>;
  /** Harmless when it is there. */
  createConfigMap(map: V1ConfigMap): Promise<void>;
  findJob(name: JobName): Promise<Job | undefined>;
  /**
   * Always with its pod: without a policy the API leaves a running pod behind. Harmless when there is none, and when the name belongs
   * to another Job.
   */
  deleteJob(name: JobName, uid: string): Promise<void>;
  /** Of the Job with this uid. */
  podsOf(uid: string): Promise<readonly Pod[]>;
  warningsOf(name: JobName): Promise<readonly Warning[]>;
  listJobs(): Promise<readonly Job[]>;
}

export function clusterOf(gateway: Gateway, namespace: string): Cluster {
  const jobs = `/apis/batch/v1/namespaces/${namespace}/jobs`;
  const core = `/api/v1/namespaces/${namespace}`;
  const found = <T>(answer: Promise<T>): Promise<T | undefined> =>
    answer.catch((error: unknown) => {
      if (isStatus(error, 404)) return undefined;
      throw error;
    });
  return {
    createJob: (body, { dryRun, signal } = {}) =>
      gateway.request<Job>(jobs, {
        method: 'POST',
        body,
        query: { dryRun: dryRun ? 'All' : undefined },
        ...(signal && { signal }),
      }),
    async createConfigMap(body) {
      await gateway.request(`${core}/configmaps`, { method: 'POST', body }).catch((error: unknown) => {
        if (!isStatus(error, 409)) throw error;
      });
    },
    findJob: (name) => found(gateway.request<Job>(`${jobs}/${name}`)),
    async deleteJob(name, uid) {
      const body = { propagationPolicy: 'Background', preconditions: { uid } };
      await found(gateway.request(`${jobs}/${name}`, { method: 'DELETE', body })).catch((error: unknown) => {
        if (!isStatus(error, 409)) throw error;
      });
    },
    async podsOf(uid) {
      const query = { labelSelector: `${LABELS.controller}=${uid}` };
      return (await gateway.request<ObjectList<Pod>>(`${core}/pods`, { query })).items;
    },
    async warningsOf(name) {
      const query = { fieldSelector: `involvedObject.kind=Job,involvedObject.name=${name},type=Warning` };
      return (await gateway.request<ObjectList<Warning>>(`${core}/events`, { query })).items;
    },
    async listJobs() {
      const items: Job[] = [];
      let next: string | undefined;
      do {
        const query = { labelSelector: LABELS.execution, limit: 500, continue: next };
        const page = await gateway.request<ObjectList<Job>>(jobs, { query });
        items.push(...page.items);
        next = page.metadata.continue || undefined;
      } while (next !== undefined);
      return items;
    },
  };
}
