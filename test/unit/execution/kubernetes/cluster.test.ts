/** Requests that take more than one answer. */
import { expect, test } from '@jest/globals';
import { clusterOf } from '../../../../src/execution/kubernetes/cluster.js';
import type { Gateway, RequestOptions } from '../../../../src/execution/kubernetes/gateway.js';

test('Jobs are listed to the last page', async () => {
  const asked: RequestOptions['query'][] = [];
  const pages = [
    { items: [{ metadata: { name: 'a' } }], metadata: { resourceVersion: '1', continue: 'second' } },
    { items: [], metadata: { resourceVersion: '1', continue: 'third' } },
    { items: [{ metadata: { name: 'b' } }], metadata: { resourceVersion: '1', continue: '' } },
  ];
  const gateway = {
    request: async (_path: string, options: RequestOptions) => {
      asked.push(options.query);
      return pages[asked.length - 1];
    },
  } as unknown as Gateway;
  const jobs = await clusterOf(gateway, 'runs').listJobs();
  expect(jobs.map(({ metadata }) => metadata.name)).toEqual(['a', 'b']);
  expect(asked.map((query) => query?.continue)).toEqual([undefined, 'second', 'third']);
  expect(new Set(asked.map((query) => query?.labelSelector)).size).toBe(1);
});
