/** The contract of an executor, on the local one. */
import { existsSync, readFileSync } from 'node:fs';
import { join } from 'node:path';
import { executorContract } from '../support/execution-contract.js';
import { createBench } from '../support/execution-setup.js';

executorContract(
  () => {
    const bench = createBench();
    const folder = (id: string): string => join(bench.root, 'executor', 'executions', id);
    return {
      ...bench,
      starts(id) {
        const path = join(folder(id), 'control', 'starts.log');
        return existsSync(path) ? readFileSync(path, 'utf8').trim().split('\n').length : 0;
      },
      traces: (id) => existsSync(folder(id)),
    };
  },
  { overheadSeconds: 1.5, pinned: true },
);
