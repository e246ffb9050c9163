/** The contract of an executor, on Jobs: a real API server, fake nodes, and the real entry in every container. */
import { existsSync } from 'node:fs';
import { join } from 'node:path';
import { describe } from '@jest/globals';
import { executorContract } from '../support/execution-contract.js';
import { RUNTIME_FOLDER, testBwrap, testPython } from '../support/execution-setup.js';
import { createClusterBench } from '../support/kubernetes/bench.js';
import { runsForReal } from '../support/kubernetes/fake-runtime.js';
import { describeOnTier } from '../support/kubernetes/tier.js';

const bwrap = testBwrap();

(bwrap === undefined ? describe.skip : describeOnTier)('Jobs', () => {
  executorContract(
    async () => {
      const image = { python: testPython(), runtimeFolder: RUNTIME_FOLDER };
      const fate = runsForReal({ ...image, bwrap: bwrap ?? '' });
      const bench = await createClusterBench({ fate: () => fate, settings: image });
      return {
        ...bench,
        starts: (id) => bench.kubelet.arrivals().get(id) ?? 0,
        traces: (id) => existsSync(join(bench.root, 'executor', 'kubernetes', id)),
      };
    },
    { overheadSeconds: 3, pinned: false },
  );
});
