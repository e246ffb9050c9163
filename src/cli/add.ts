/** `automlgen add`: a person's own program joins a run as one of its nodes. */
import { readFile } from 'node:fs/promises';
import { basename } from 'node:path';
import type { Command } from 'commander';
import { UserError } from '../domain/errors.js';
import { fingerprintOf } from '../domain/fingerprint.js';
import { findNode } from './node-name.js';
import { type OutputOptions, printJson } from './output.js';

const LARGEST_BYTES = 1024 * 1024;

interface AddOptions extends OutputOptions {
  readonly parent?: string;
  readonly summary?: string;
  readonly family: string;
}

export function registerAdd(program: Command): void {
  program
    .command('add')
    .argument('<file>', 'a Python program that reads ./input and writes ./working/submission.csv')
    .argument('[run]', 'run id, its beginning, or last', 'last')
    .description('Add your own program to a run that is searching: it is run and scored, and the search builds on it.')
    .option('--parent <node>', 'the node that it was made from; absent: it opens a branch of its own')
    .option('--summary <text>', 'one line about it; absent: the name of the file')
    .option('--family <word>', 'model family, such as lightgbm', 'person')
    .option('--json', 'print JSON')
    .addHelpText('after', '\nExample:\n  automlgen add my_idea.py last --family lightgbm')
    .action((file: string, run: string, options: AddOptions) => add(file, run, options));
}

async function add(file: string, name: string, options: AddOptions): Promise<void> {
  const program = await readProgram(file);
  const { openSession } = await import('./session.js');
  const session = await openSession({ worker: true, quiet: options.json ?? false });
  try {
    const { runId } = await session.findRun(name);
    const nodes = await session.store.nodes.ofRun(runId);
    const parent = options.parent === undefined ? undefined : findNode(nodes, options.parent).nodeId;
    const twin = nodes.find((node) => node.fingerprint === fingerprintOf(program));
    if (twin !== undefined) {
      throw new UserError(
        'program-known',
        `${runId} has run this program already, as ${twin.nodeId}.`,
        `See it with \`automlgen show ${twin.nodeId} --run ${runId}\`.`,
      );
    }
    const programRef = await session.store.blobs.save(program);
    const answer = await session.run(runId).addProgram({
      programRef,
      summary: (options.summary ?? basename(file)).slice(0, 200),
      family: options.family,
      ...(parent !== undefined && { parent }),
    });
    if (options.json) return printJson({ runId, ...answer });
    console.log(`${runId}: ${answer.message}`);
  } finally {
    await session.close();
  }
}

async function readProgram(file: string): Promise<string> {
  const bytes = await readFile(file).catch((cause: unknown) => {
    throw new UserError('path-missing', `${file} cannot be read.`, 'Name a Python file.', { cause });
  });
  const refuse = (why: string): never => {
    throw new UserError('program-unusable', `${file} ${why}.`, 'Add one Python file of text, at most 1 MiB.');
  };
  if (bytes.length > LARGEST_BYTES) refuse(`has ${(bytes.length / LARGEST_BYTES).toFixed(1)} MiB`);
  const text = bytes.toString('utf8');
  if (text.includes('\uFFFD') || text.includes('\0')) refuse('is not UTF-8 text');
  if (text.trim() === '') refuse('is empty');
  return text;
}
