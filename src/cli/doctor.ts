/** `automlgen doctor`: tries what a run needs and says what to do about the rest. Starts and fetches nothing. */
import type { Command } from 'commander';
import { UserError } from '../domain/errors.js';
import { type OutputOptions, printJson } from './output.js';
import { findingLines } from './render/findings.js';

export function registerDoctor(program: Command): void {
  program
    .command('doctor')
    .description('Check this machine; exit code 0 all well, 1 with warnings, 2 when a run cannot work.')
    .option('--only <names>', 'comma-separated: node, disk, python, sandbox, temporal, database, model, kubernetes')
    .option('--try', 'also run a short Job in the cluster that tries what programs must not reach')
    .option('--json', 'print JSON')
    .addHelpText(
      'after',
      '\nExamples:\n  automlgen doctor --only sandbox,python\n  automlgen doctor --only kubernetes --try',
    )
    .action(async (options: OutputOptions & { readonly only?: string; readonly try?: boolean }) => {
      const { CHECKS } = await import('./doctor-checks.js');
      const names = options.only?.split(',').map((name) => name.trim()) ?? Object.keys(CHECKS);
      const unknown = names.find((name) => !(name in CHECKS));
      if (unknown !== undefined) {
        throw new UserError(
          'option-invalid',
          `--only names ${unknown}, which is no check.`,
          `Choose from ${Object.keys(CHECKS).join(', ')}.`,
        );
      }
      const chosen = Object.entries(CHECKS).filter(([name]) => names.includes(name));
      const findings = (await Promise.all(chosen.map(([, check]) => check({ try: options.try ?? false })))).flat();
      const blocked = findings.some((finding) => finding.level === 'blocked');
      const warned = findings.some((finding) => finding.level === 'warning');
      process.exitCode = blocked ? 2 : warned ? 1 : 0;
      if (options.json) return printJson({ ok: !blocked, findings });
      for (const line of findingLines(findings)) console.log(line);
    });
}
