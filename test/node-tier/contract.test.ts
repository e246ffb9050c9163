/** The contract of an executor, in real pods. */
import { executorContract } from '../support/execution-contract.js';
import { createNodeBench, describeOnNode } from '../support/kubernetes/node-bench.js';

describeOnNode('Jobs on a real node', () => {
  executorContract(createNodeBench, { overheadSeconds: 30, pinned: false });
});
