/** A program that a person adds to a run. It becomes a node like any other; only its author differs. */
import { z } from 'zod';

export const AddedProgram = z.object({
  /** Blob of the Python source, stored before the run is told. */
  programRef: z.string(),
  /** One line for people. */
  summary: z.string(),
  /** What diversity is counted in; `person` when nobody says better. */
  family: z.string(),
});
export type AddedProgram = z.infer<typeof AddedProgram>;
