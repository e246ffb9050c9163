/** `automlgen diff`: what separates two programs. */
import { styleText } from 'node:util';
import type { Command } from 'commander';
import { UserError } from '../domain/errors.js';
import { findNode } from './node-name.js';
import { type OutputOptions, printJson } from './output.js';

export function registerDiff(program: Command): void {
  program
    .command('diff')
    .argument('<a>', 'node, for example n17 or best')
    .argument('[b]', 'another node; without it the parent of the first')
    .option('--run <run>', 'run id, its beginning, or last', 'last')
    .option('--json', 'print JSON')
    .description('Show what changed between two programs.')
    .addHelpText('after', '\nExample:\n  automlgen diff best')
    .action(async (first: string, second: string | undefined, options: OutputOptions & { readonly run: string }) => {
      const { openSession } = await import('./session.js');
      const { createTwoFilesPatch } = await import('diff');
      const session = await openSession({ worker: false, quiet: true });
      try {
        const run = await session.findRun(options.run);
        const nodes = await session.store.nodes.ofRun(run.runId);
        const after = findNode(nodes, first);
        const other = second ?? after.parent;
        if (other === undefined)
          throw new UserError(
            'node-unknown',
            `${after.nodeId} is a first draft and has no parent.`,
            `Name another node: automlgen diff ${after.nodeId} n2`,
          );
        const before = findNode(nodes, other);
        const [old, fresh] = await Promise.all([
          session.store.blobs.readText(before.programRef),
          session.store.blobs.readText(after.programRef),
        ]);
        const patch = createTwoFilesPatch(before.nodeId, after.nodeId, old, fresh, before.summary, after.summary, {
          context: 3,
        });
        if (options.json) return printJson({ from: before.nodeId, to: after.nodeId, changes: after.changes, patch });
        for (const line of patch.split('\n')) console.log(coloured(line));
      } finally {
        await session.close();
      }
    });
}

function coloured(line: string): string {
  if (line.startsWith('+') && !line.startsWith('+++')) return styleText('green', line);
  if (line.startsWith('-') && !line.startsWith('---')) return styleText('red', line);
  return line;
}
