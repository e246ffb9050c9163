/** What a reply in prose and fences means, where a server does not keep its model to a schema. */
import type { z } from 'zod';
import { editBlocksIn, fencedProgramIn, proseBefore } from './edits/edit-blocks.js';
import { plainLine } from './plain-text.js';
import type { Plan } from './replies.js';

const LONGEST_SUMMARY = 120;

/** Blocks of edits, else a fenced program, whichever the schema takes; absent when there is neither. */
export function fromProse<T>(schema: z.ZodType<T>): (text: string) => T | undefined {
  return (text) => {
    const plan = planFrom(text);
    const { edits, cutOff } = editBlocksIn(text);
    const program = fencedProgramIn(text);
    const meanings = [
      ...(edits.length > 0 && !cutOff ? [{ plan, changes: [plan.summary], edits }] : []),
      ...(program === undefined || cutOff || edits.length > 0 ? [] : [{ plan, program }]),
    ];
    return meanings.map((meaning) => schema.safeParse(meaning)).find(({ success }) => success)?.data;
  };
}

function planFrom(text: string): Plan {
  const prose = proseBefore(text);
  const summary = plainLine(prose, LONGEST_SUMMARY);
  return { summary, family: '', data: '', features: '', model: plainLine(prose, 2_000), training: '', knowledge: [] };
}
