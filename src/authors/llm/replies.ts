/** What a model is asked to answer with. Descriptions are part of the schema that it sees. */
import { z } from 'zod';

export const Plan = z.object({
  summary: z.string().describe('One line for people, at most 120 characters: model and what is special about it.'),
  family: z.string().describe('Model family in one or two words, lower case, such as lightgbm, ridge or resnet.'),
  data: z.string().describe('How rows are read, cleaned and split.'),
  features: z.string().describe('Which features are built and why.'),
  model: z.string().describe('Model and its main settings.'),
  training: z.string().describe('Validation, early stopping, seeds, time needed.'),
  knowledge: z.array(z.string()).describe('Ids of the knowledge items that were used; empty when none was.'),
});
export type Plan = z.infer<typeof Plan>;

export const Edit = z.object({
  search: z.string().describe('Lines copied exactly from the program, enough of them to be found once.'),
  replace: z.string().describe('The lines that take their place; empty to remove them.'),
});
export type Edit = z.infer<typeof Edit>;

/** draft, aggregate, and any operator that falls back to a full rewrite. */
export const ProgramReply = z.object({ plan: Plan, program: z.string().describe('The complete Python program.') });
export type ProgramReply = z.infer<typeof ProgramReply>;

/** improve, debug, evolve, fuse: the parent's program, changed. */
export const EditsReply = z.object({
  plan: Plan,
  changes: z.array(z.string()).describe('What changes against the program shown, one short line each.'),
  edits: z.array(Edit).describe('All changes of the program, in order.'),
});
export type EditsReply = z.infer<typeof EditsReply>;

export const ReviewReply = z.object({
  verdict: z.enum(['approve', 'patch', 'reject']),
  reasons: z.array(z.string()),
  /** With `patch` only. */
  edits: z.array(Edit),
});
export type ReviewReply = z.infer<typeof ReviewReply>;

/** The data usage gate. */
export const UsageReply = z.object({
  usage: z.enum(['all-used', 'improved']),
  unused: z
    .array(z.string())
    .describe('Files and columns that matter and were left out, with why they matter; empty with all-used.'),
  edits: z.array(Edit).describe('Changes of the program that bring them in; empty with all-used or a whole program.'),
  program: z.string().describe('The complete program that uses them, where edits do not serve; otherwise empty.'),
});
export type UsageReply = z.infer<typeof UsageReply>;
