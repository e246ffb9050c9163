/** Who writes the programs of a run: the options, and the refusal of what could not work. */
import type { Command } from 'commander';
import { checkModelName, modelOfServer, modelWanted, serverFromEnvironment } from '../authors/llm/environment.js';
import { UserError } from '../domain/errors.js';
import { ModelSettings, type RunConfig } from '../domain/run-config.js';
import { startsWorker } from './embedded-worker.js';
import { addCapOptions, capsOf, checkPriced, pricesFor, type RawCaps } from './model-caps.js';
import { whole } from './whole.js';

export interface RawAuthor extends RawCaps {
  readonly author?: string;
  readonly model?: string;
  readonly reviewer?: string;
  /** False with `--no-review`. */
  readonly review?: boolean;
  readonly draft?: string;
  readonly contextTokens?: string;
  /** The further options of `automlgen stub-model`, or true for none. */
  readonly stub?: string | true;
}

export interface Authorship extends Pick<RunConfig, 'author' | 'caps' | 'prices'> {
  readonly model?: ModelSettings;
  /** The run is served by a stub of the embedded stack, started with these options; its address joins `model` then. */
  readonly stub?: readonly string[];
}

export const COMPOSER: Authorship = { author: 'composer', caps: {}, prices: {} };

/** What the stub answers to. */
const STUB_MODEL = 'stub-model';
const STUB_PRICE = { input: 1, cachedInput: 0.1, output: 5, source: 'made up for the stub: nobody is charged' };

export function addAuthorOptions(command: Command): Command {
  command
    .option('--author <name>', 'who writes the programs: composer, llm, mixed (docs/models.md)', 'composer')
    .option('--model <name>', 'language model, as its server knows it (default: AUTOMLGEN_MODEL)')
    .option('--reviewer <name>', 'another model for reviews')
    .option('--no-review', 'run programs without a review')
    .option('--draft <manner>', 'drafts in one call or part by part: single (default), stepwise')
    .option('--context-tokens <n>', 'longest prompt and reply together; prompts are trimmed to it (default: 64000)')
    .option(
      '--stub [options]',
      'ask a stub with canned programs instead of a model; options as in `automlgen stub-model --help`',
    );
  return addCapOptions(command);
}

/** @throws UserError `option-invalid`, `model-missing`, `model-key-missing`, `model-setting-invalid`, `price-…`, before anything is started. */
export function authorshipOf(raw: RawAuthor, environment: NodeJS.ProcessEnv = process.env): Authorship {
  const author = oneOf(raw.author ?? 'composer', '--author', ['composer', 'llm', 'mixed'] as const);
  if (author === 'composer') return withoutModel(raw);
  const name = raw.stub === undefined ? modelName(raw.model, environment) : stubName(raw);
  if (raw.reviewer !== undefined) checkModelName(raw.reviewer, '--reviewer');
  const server = raw.stub === undefined ? serverFromEnvironment(environment) : {};
  // Where other workers do the work, the key is theirs.
  if (raw.stub === undefined && startsWorker(environment)) modelOfServer(server, environment);
  const model = ModelSettings.parse({
    name,
    ...(raw.reviewer !== undefined && { reviewer: raw.reviewer }),
    review: raw.review ?? true,
    draft: oneOf(raw.draft ?? 'single', '--draft', ['single', 'stepwise'] as const),
    contextTokens: whole(raw.contextTokens ?? '64000', '--context-tokens', 4_000),
    ...server,
  });
  const models = [...new Set([name, raw.reviewer ?? name])];
  const caps = capsOf(raw);
  const prices = {
    ...(raw.stub !== undefined && { [STUB_MODEL]: STUB_PRICE }),
    ...pricesFor(models, raw.price, environment),
  };
  checkPriced(caps, models, prices);
  return { author, model, caps, prices, ...(raw.stub !== undefined && { stub: words(raw.stub) }) };
}

/** What a person should know about where prompts go and what they cost; nothing for the composer. */
export function authorLines({ author, model, stub }: Authorship): readonly string[] {
  if (model === undefined) return [];
  const who = author === 'mixed' ? 'The composer and a model write the programs' : 'A model writes the programs';
  if (stub !== undefined)
    return [`${who}. The model is a stub: canned programs and made-up prices; nobody is charged.`];
  return [
    `${who}: ${model.name} at ${model.server ?? 'OpenAI'}. Task description, column profiles and program output are sent there.`,
  ];
}

function withoutModel(raw: RawAuthor): Authorship {
  const names = [
    'model',
    'reviewer',
    'draft',
    'contextTokens',
    'stub',
    'maxUsd',
    'maxTokens',
    'maxCalls',
    'price',
  ] as const;
  const given = raw.review === false ? 'noReview' : names.find((name) => raw[name] !== undefined);
  if (given === undefined) return COMPOSER;
  const option = given.replace(/[A-Z]/g, (letter) => `-${letter.toLowerCase()}`);
  throw new UserError(
    'option-invalid',
    `--${option} has no effect: the composer writes the programs and asks no model.`,
    'Add --author llm or --author mixed.',
  );
}

function modelName(given: string | undefined, environment: NodeJS.ProcessEnv): string {
  const name = given?.trim() || (modelWanted(environment) ? environment.AUTOMLGEN_MODEL?.trim() : undefined);
  if (name === undefined) {
    throw new UserError(
      'model-missing',
      'No language model is named: neither --model nor AUTOMLGEN_MODEL is there.',
      'Add --model NAME and set OPENAI_API_KEY or OPENAI_BASE_URL (docs/models.md); or try --stub, which needs none.',
    );
  }
  checkModelName(name, given === undefined ? 'AUTOMLGEN_MODEL' : '--model');
  return name;
}

function stubName({ model, reviewer }: RawAuthor): string {
  const other = [model, reviewer].find((name) => name !== undefined && name !== STUB_MODEL);
  if (other === undefined) return STUB_MODEL;
  throw new UserError(
    'option-invalid',
    `--stub serves ${STUB_MODEL} and no ${other}.`,
    'Leave out --stub, or the name.',
  );
}

function words(stub: string | true): readonly string[] {
  return stub === true ? [] : stub.split(/\s+/).filter((word) => word !== '');
}

function oneOf<T extends string>(text: string, option: string, values: readonly T[]): T {
  const value = values.find((known) => known === text);
  if (value !== undefined) return value;
  throw new UserError('option-invalid', `${option} ${text} is not known.`, `Choose from ${values.join(', ')}.`);
}
