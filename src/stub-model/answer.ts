/** What the stub says: a program in a fence, or an object that fits the schema. The same question gets the same answer. */
import { fillSchema } from './fill-schema.js';
import type { StubOptions } from './options.js';
import { programFor } from './programs/program.js';
import { type JsonSchema, promptOf, type StubRequest } from './request.js';

type Manner = Pick<StubOptions, 'seed' | 'schema' | 'buggy'>;

export function answerTo(request: StubRequest, identity: string, manner: Manner): string {
  const prompt = promptOf(request);
  const made = programFor(prompt, `${manner.seed}/${identity}`, manner.buggy);
  const wording = (name: string): string => {
    if (/program|code|script|source|solution/i.test(name)) return made.program;
    return /plan|summary|title|idea|reason|description/i.test(name)
      ? made.title
      : `${name || 'It'} is as it should be.`;
  };
  const fill = (schema: JsonSchema): string => JSON.stringify(fillSchema(schema, wording, identity));
  if (request.schema !== undefined && manner.schema === 'honour') return fill(request.schema);
  const told = schemaIn(prompt);
  const aside = '<think>\nThe task is clear enough: {keep it simple}.\n</think>\n';
  if (told !== undefined) return `${aside}Here it is:\n\n\`\`\`json\n${fill(told)}\n\`\`\`\nI hope this helps.`;
  return `${request.schema === undefined ? '' : aside}${made.title}.\n\n\`\`\`python\n${made.program}\`\`\`\n`;
}

/** A schema that the prompt spells out, as it is done for servers that do not enforce one. */
function schemaIn(prompt: string): JsonSchema | undefined {
  const line = prompt.split('\n').findLast((text) => /^\{.*"(type|\$schema)".*\}$/.test(text));
  if (line === undefined) return undefined;
  try {
    return JSON.parse(line);
  } catch {
    return undefined;
  }
}
