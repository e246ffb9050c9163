/** The moves of the search, in the words of AutoMLGen, AIDE and MLE-STAR. */
import { z } from 'zod';

/**
 * The last three are MLE-STAR's (arXiv 2506.15692): `ablate` runs a program without some of its parts and is never a result itself,
 * `refine-block` changes one block of its parent, `merge` takes the reference into its parent.
 */
export const Operator = z.enum([
  'draft',
  'improve',
  'debug',
  'evolve',
  'fuse',
  'aggregate',
  'ablate',
  'refine-block',
  'merge',
]);
export type Operator = z.infer<typeof Operator>;

/** What kind of change an `improve` makes (the paper's Normal, FE and CS). */
export const ImproveVariant = z.enum(['tune', 'features', 'strategy']);
export type ImproveVariant = z.infer<typeof ImproveVariant>;
