/** `automlgen demo`: a real search on a bundled competition, from nothing to a graded result. */
import type { Command } from 'commander';
import { progress } from './output.js';
import { addRunOptions, parseRunOptions, type RawRunOptions } from './run-options.js';

export function registerDemo(program: Command): void {
  const command = program
    .command('demo')
    .argument('[competition]', 'bundled competition, as `automlgen practice list` names it', 'p02-birthweight')
    .description('Install what is missing, start everything, and search a bundled competition.')
    .option('--builder-seed <n>', 'seed of the split into public and private rows', '1');
  addRunOptions(command, { budget: '4m' })
    .addHelpText(
      'after',
      '\nExamples:\n  automlgen demo\n  automlgen demo p09-textures --budget 5m\n  automlgen demo --author llm --stub',
    )
    .action(async (competition: string, options: RawRunOptions & { readonly builderSeed: string }) => {
      const start = parseRunOptions(options);
      const { practiceSource } = await import('./practice-source.js');
      const { launch } = await import('./launch.js');
      const sent =
        start.authorship?.model === undefined || start.authorship.stub !== undefined
          ? 'nothing is sent anywhere'
          : 'prompts are sent to the model';
      const { runsInCluster } = await import('../worker/operations.js');
      const own = process.env.TEMPORAL_ADDRESS || process.env.MONGODB_URI;
      const programs = runsInCluster(process.env) ? 'programs run as Kubernetes Jobs' : 'programs run on this machine';
      const servers = own ? 'servers are those of the environment' : 'servers listen on loopback only';
      progress(`automlgen demo: ${programs}, ${servers}, ${sent}.`);
      const source = await practiceSource(competition, options.builderSeed);
      await launch(source, start, options);
    });
}
