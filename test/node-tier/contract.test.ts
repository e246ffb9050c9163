/** The contract of an executor, in real pods. */
import { jest } from '@jest/globals';
import { executorContract } from '../support/execution-contract.js';
import { createNodeBench, describeOnNode } from '../support/kubernetes/node-bench.js';

jest.setTimeout(240_000);

describeOnNode('Jobs on a real node', () => {
  executorContract(createNodeBench, { overheadSeconds: 30, pinned: false, overlapSeconds: 12 });
});
