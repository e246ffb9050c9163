/** The moves of the search, in the words of AutoMLGen and AIDE. */
import { z } from 'zod';

export const Operator = z.enum(['draft', 'improve', 'debug', 'evolve', 'fuse', 'aggregate']);
export type Operator = z.infer<typeof Operator>;

/** What kind of change an `improve` makes (the paper's Normal, FE and CS). */
export const ImproveVariant = z.enum(['tune', 'features', 'strategy']);
export type ImproveVariant = z.infer<typeof ImproveVariant>;
