/** What the collector says about an execution, uploaded in full or repeated in short in its termination message. */
import { z } from 'zod';
import { Status } from '../local/status.js';
import { COLLECTOR, containerOf, type Pod } from './objects.js';

/** View, name, bytes, SHA-256. */
const File = z.tuple([z.string(), z.string(), z.number().int().nonnegative(), z.string()]);

export const Report = z.object({
  /** Null when the supervisor came to no end: it was killed with its container. */
  status: Status.nullable(),
  files: z.array(File),
});
export type Report = z.infer<typeof Report>;

const Message = Report.extend({ v: z.literal(1), uploaded: z.boolean(), error: z.string().nullable() });
export type TerminationMessage = z.infer<typeof Message>;

/** Undefined when the collector left none, or somebody else's words are in its place. */
export function terminationMessageOf(pod: Pod | undefined): TerminationMessage | undefined {
  const text = containerOf(pod, COLLECTOR)?.state?.terminated?.message;
  if (text === undefined) return undefined;
  try {
    return Message.safeParse(JSON.parse(text)).data;
  } catch {
    return undefined;
  }
}
