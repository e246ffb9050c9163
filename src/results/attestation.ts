/** What the report says about isolation: a warning in its first lines where scores are not protected, and the evidence further down. */
import type { Attestation, ProbeAttempt } from '../domain/attestation.js';
import type { RunFacts } from './facts.js';

/** For the first lines; empty when a program could reach nothing that matters. */
export function isolationNotice({ attestation, run }: RunFacts): string {
  const reached = attestation?.attempts.filter(({ vital, result }) => vital && result === 'reached') ?? [];
  if (reached.length > 0) {
    const names = [...new Set(reached.map(({ what }) => what))];
    const rest = names.length > 3 ? ` and ${names.length - 3} more` : '';
    return `**Scores are not protected.** A program that tried could reach ${names.slice(0, 3).join(', ')}${rest}: see Isolation.`;
  }
  if (run.sandbox === 'process') return '**Scores are not protected.** No sandbox kept programs from the answers.';
  if (attestation?.unfinished !== undefined)
    return `**Isolation is not proven:** the probe did not run to its end (${attestation.unfinished}).`;
  return '';
}

export function isolationSection({ attestation }: RunFacts): string {
  if (attestation === undefined)
    return '## Isolation\n\nNot attested: the run ended before a program had tried to reach the answers.';
  const lines = [summary(attestation), ...untried(attestation)];
  return ['## Isolation', '', ...lines, '', ...shown(attestation), ...attempts(attestation)].join('\n');
}

function summary({ attempts, level, network, at, executionId, sealed }: Attestation): string {
  const count = (result: ProbeAttempt['result']) => attempts.filter((attempt) => attempt.result === result).length;
  const tried = count('refused') + count('reached');
  const absent = count('absent');
  const nothing = absent === 0 ? '' : ` ${absent} more were not there for anybody and prove nothing.`;
  const verdict = sealed ? 'nothing was reached' : `${count('reached')} of them reached something`;
  return `On ${at} a program that was told where everything lies made ${tried} attempts (execution \`${executionId}\`, sandbox ${level}, network ${network}), in every view: ${verdict}.${nothing}`;
}

/** A pod has a network by nature; what its cluster lets through is told by another trial, with a second pod. */
function untried({ level }: Attestation): readonly string[] {
  if (level !== 'pod') return [];
  return [
    '',
    "The cluster's network policies are what keeps programs from each other and from the rest of the network. This trial does not prove that they are enforced: `automlgen doctor --only kubernetes --try` (or `helm test`) does.",
  ];
}

function shown({ mounts, views, environment }: Attestation): readonly string[] {
  const of = (access: 'read-only' | 'writable') =>
    [...new Set(mounts.filter((mount) => mount.access === access).map(({ path }) => `\`${path}\``))].join(', ');
  const hashes = views.map(
    ({ name, hash, files, bytes, seen }) =>
      `- view ${name}: ${files} files, ${bytes} bytes, SHA-256 \`${hash.slice(0, 16)}\`, ${seen ? 'the same inside the sandbox' : '**other content inside the sandbox**'}`,
  );
  return [
    `- mounted writable: ${of('writable') || 'nothing'}`,
    `- mounted read-only: ${of('read-only') || 'nothing'}`,
    `- environment: ${environment.join(', ')}`,
    ...hashes,
  ];
}

/** Every attempt that was reached, and how the vital ones were refused. */
function attempts({ attempts: all }: Attestation): readonly string[] {
  const rows = [
    ...all.filter(({ result }) => result === 'reached'),
    ...all.filter(({ vital, result }) => vital && result === 'refused'),
  ];
  if (rows.length === 0) return [];
  const line = ({ what, result, detail }: ProbeAttempt) => `| ${cell(what)} | ${result} | ${cell(detail)} |`;
  return ['', '| tried | result | how |', '| --- | --- | --- |', ...rows.map(line)];
}

function cell(text: string): string {
  return text.replaceAll('|', '\\|').replaceAll('\n', ' ');
}
