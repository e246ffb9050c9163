/** What the stub says: an object that fits the schema, or a program in a fence. The same question gets the same answer. */
import { fillSchema } from './fill-schema.js';
import type { StubOptions } from './options.js';
import { programFor } from './programs/program.js';
import { drawOf } from './random.js';
import { hostileKind, hostileReply } from './replies/hostile.js';
import { replyFor } from './replies/replies.js';
import { type JsonSchema, promptOf, type StubRequest } from './request.js';

type Manner = Pick<StubOptions, 'seed' | 'schema' | 'buggy' | 'clumsy' | 'strict' | 'hostile'>;

export function answerTo(request: StubRequest, identity: string, manner: Manner): string {
  const prompt = promptOf(request);
  const draw = `${manner.seed}/${identity}`;
  const told = request.schema === undefined || manner.schema !== 'honour' ? schemaIn(prompt) : request.schema;
  if (drawOf(draw, 'turns') < manner.hostile) return hostileReply(told ?? request.schema, prompt, hostileKind(draw));
  const again = request.messages.some(({ role }) => role === 'assistant');
  const fill = (schema: JsonSchema): string =>
    JSON.stringify(replyFor(schema, { prompt, draw, again }, manner) ?? byChance(schema, prompt, draw, manner));
  if (request.schema !== undefined && manner.schema === 'honour') return fill(request.schema);
  const aside = '<think>\nThe task is clear enough: {keep it simple}.\n</think>\n';
  if (told !== undefined) return `${aside}Here it is:\n\n\`\`\`json\n${fill(told)}\n\`\`\`\nI hope this helps.`;
  const blocks = request.schema === undefined ? undefined : inBlocks(fill(request.schema));
  if (blocks !== undefined) return `${aside}${blocks}`;
  const made = programFor(prompt, draw, manner.buggy);
  return `${request.schema === undefined ? '' : aside}${made.title}.\n\n\`\`\`python\n${made.program}\`\`\`\n`;
}

/** Edits as models write them that were not held to a schema; absent when the reply has none. */
function inBlocks(reply: string): string | undefined {
  const { plan, edits } = JSON.parse(reply) as {
    readonly plan?: { readonly summary?: string };
    readonly edits?: readonly { readonly search: string; readonly replace: string }[];
  };
  if (plan?.summary === undefined || edits === undefined) return undefined;
  const blocks = edits.map(({ search, replace }) => `<<<<<<< SEARCH\n${search}\n=======\n${replace}\n>>>>>>> REPLACE`);
  return `${plan.summary}.\n\n${blocks.join('\n\n')}\n`;
}

/** For schemas that nobody here knows. */
function byChance(schema: JsonSchema, prompt: string, draw: string, { buggy }: Manner): unknown {
  const made = programFor(prompt, draw, buggy);
  const wording = (name: string): string => {
    if (/program|code|script|source|solution/i.test(name)) return made.program;
    return /plan|summary|title|idea|reason|description/i.test(name)
      ? made.title
      : `${name || 'It'} is as it should be.`;
  };
  return fillSchema(schema, wording, draw);
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
