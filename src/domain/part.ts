/** Parts of the system that an ablation takes out, one at a time. */
import { z } from 'zod';

/**
 * `knowledge`: no proposal is given knowledge (a repair still gets its recipes). `evolve`, `fuse`, `aggregate`: the operator is not used.
 * `elite`: new programs are not measured against the best ones, so partners of a fusion are blind, and no expansion starts from the elite.
 * `memory`: authors see their parent and the references of the search, but neither siblings nor the best programs of the run.
 * `hidden-evaluation`: programs see all labelled rows, and the score that they print about themselves steers the search.
 */
export const Part = z.enum(['knowledge', 'evolve', 'fuse', 'aggregate', 'elite', 'memory', 'hidden-evaluation']);
export type Part = z.infer<typeof Part>;
