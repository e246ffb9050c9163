/** The check of the language model: one tiny structured request, streamed, and what came of it. */
import { z } from 'zod';
import { type ConfiguredModel, modelFromEnvironment, modelWanted } from '../authors/llm/environment.js';
import { ModelError } from '../authors/llm/model.js';
import { askStructured, type Structured } from '../authors/llm/structured.js';
import { UserError } from '../domain/errors.js';
import type { Finding } from './doctor-checks.js';

const LONGEST_WAIT_MS = 60_000;

/** A task whose wording does not give the form of the answer away: only the schema does. */
const QUESTION = 'Which of 17, 21 and 33 is a prime number?';
const SHAPE = { name: 'answer', schema: z.object({ prime: z.int(), sure: z.boolean() }) };

/** Costs about a hundred tokens. No model at all is a normal state. */
export async function checkModel(environment: NodeJS.ProcessEnv = process.env): Promise<readonly Finding[]> {
  if (!modelWanted(environment)) {
    const found = 'none configured; programs are composed from the knowledge base (docs/models.md has the settings)';
    return [{ about: 'model', level: 'fine', found }];
  }
  try {
    return await probe(modelFromEnvironment(environment));
  } catch (error) {
    return [failed(error)];
  }
}

async function probe({ model, name, where }: ConfiguredModel): Promise<readonly Finding[]> {
  let steps = 0;
  const result = await askStructured(
    model,
    { model: name, messages: [{ role: 'user', content: QUESTION }], maxOutputTokens: 2_000 },
    SHAPE,
    {
      signal: AbortSignal.timeout(LONGEST_WAIT_MS),
      onProgress: () => {
        steps += 1;
      },
    },
  );
  const seconds = result.replies.reduce((sum, reply) => sum + reply.seconds, 0);
  const answered = result.replies.at(-1)?.model ?? name;
  const found = `${answered} over ${model.api} at ${where} answers in ${seconds.toFixed(1)} s`;
  return [{ about: 'model', level: 'fine', found }, schemaFinding(result), ...deliveryFindings(result, steps)];
}

function schemaFinding(result: Structured<unknown>): Finding {
  if (result.kind !== 'value') {
    return {
      about: 'model',
      level: 'warning',
      found: `no structured reply: ${result.kind}${result.kind === 'unusable' ? ` (${firstLine(result.problem)})` : ''}`,
      fix: 'Choose a model that follows a JSON schema (docs/models.md).',
    };
  }
  const found = result.repaired
    ? 'the schema is not enforced: it took a second turn, which costs more'
    : 'the schema was followed at once';
  return { about: 'model', level: result.repaired ? 'warning' : 'fine', found };
}

function deliveryFindings(result: Structured<unknown>, steps: number): readonly Finding[] {
  const usage = result.replies.at(-1)?.usage;
  const counted: Finding = usage
    ? { about: 'model', level: 'fine', found: `usage is reported: ${usage.input} tokens in, ${usage.output} out` }
    : {
        about: 'model',
        level: 'warning',
        found: 'usage is not reported while streaming',
        fix: 'Limits in tokens and money cannot be kept exactly; see docs/models.md.',
      };
  const streamed: Finding =
    steps > 2
      ? { about: 'model', level: 'fine', found: `replies stream in (${steps} steps)` }
      : {
          about: 'model',
          level: 'warning',
          found: 'replies come in one piece: long ones may look like a lost connection',
        };
  return [counted, streamed];
}

const FIXES = {
  refused: 'Check OPENAI_API_KEY, AUTOMLGEN_MODEL and AUTOMLGEN_MODEL_API (docs/models.md).',
  context: 'The server allows very short prompts only: raise its context length (docs/models.md).',
  busy: 'Try again later, or look at the rate limits of the account.',
  away: 'Check OPENAI_BASE_URL, and that the server is running.',
} as const;

function failed(error: unknown): Finding {
  const finding = { about: 'model', level: 'warning' } as const;
  if (error instanceof UserError) return { ...finding, found: error.message, fix: error.next };
  if (error instanceof ModelError) return { ...finding, found: error.message, fix: FIXES[error.fault] };
  if (error instanceof Error && error.name === 'TimeoutError') {
    return { ...finding, found: `no answer within ${LONGEST_WAIT_MS / 1000} s`, fix: FIXES.away };
  }
  throw error;
}

function firstLine(text: string): string {
  return text.split('\n')[0] ?? '';
}
