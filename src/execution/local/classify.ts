/** From the evidence of one view to the class of its failure. The first rule that fits decides. */
import type { FailureClass } from '../../domain/outcome.js';
import type { ViewStatus } from './status.js';

export interface Verdict {
  readonly kind: FailureClass;
  readonly message: string;
}

export interface Evidence {
  readonly view: ViewStatus;
  readonly stderr: string;
  readonly memoryMiB: number;
}

/** Undefined when the view did what it should. */
export function classify(evidence: Evidence): Verdict | undefined {
  const { view } = evidence;
  if (view.outOfMemoryKills > 0) return memory(evidence, 'the kernel ended it');
  if (view.verdict !== null) return ofVerdict(evidence, view.verdict);
  if (view.exitCode !== 0) return ofExit(evidence);
  return ofOutputs(view);
}

function ofVerdict(evidence: Evidence, verdict: NonNullable<ViewStatus['verdict']>): Verdict {
  const { detail, name } = evidence.view;
  switch (verdict) {
    case 'timeout':
      return { kind: 'timeout', message: `The program was ${detail} (view ${name}).` };
    case 'memory':
      return memory(evidence, detail);
    case 'disk':
      return { kind: 'disk', message: `The program used too much disk: ${detail}.` };
    case 'output':
      return { kind: 'disk', message: `The program printed too much: ${detail}.` };
    case 'processes':
      return { kind: 'exception', message: `The program started too many processes: ${detail}.` };
    case 'cancelled':
      return { kind: 'exception', message: 'The program was cancelled.' };
  }
}

function memory({ memoryMiB, view }: Evidence, detail: string): Verdict {
  return {
    kind: 'memory',
    message: `The program needed more than ${memoryMiB} MiB of memory in view ${view.name}: ${detail}.`,
  };
}

/** Last lines of a trace-back, by class. The order matters: a lost pool worker is first of all a question of memory. */
const ERRORS: readonly (readonly [RegExp, FailureClass])[] = [
  [/CUDA out of memory|CUDA error: out of memory|OutOfMemoryError.*CUDA/, 'gpu-memory'],
  [
    /^(\w+\.)*_?(Array)?MemoryError\b|Unable to allocate .* for an array|std::bad_alloc|TerminatedWorkerError/m,
    'memory',
  ],
  [/^(SyntaxError|IndentationError|TabError)\b/m, 'syntax'],
  [/^OSError: \[Errno (28|27)\]|No space left on device|File size limit exceeded/m, 'disk'],
];

function ofExit(evidence: Evidence): Verdict {
  const { view, stderr } = evidence;
  if (view.signal === 'SIGXFSZ')
    return { kind: 'disk', message: 'The program wrote a file larger than its disk limit.' };
  const last = lastErrorOf(stderr);
  const kind = ERRORS.find(([pattern]) => pattern.test(last))?.[1] ?? 'exception';
  if (kind === 'memory') return memory(evidence, clip(last));
  const ending = view.signal === null ? `exit code ${view.exitCode}` : `signal ${view.signal}`;
  return { kind, message: last === '' ? `The program ended with ${ending} and no message.` : clip(last) };
}

/** The message of the last trace-back, or the last line that was printed. */
export function lastErrorOf(stderr: string): string {
  const lines = stderr.split('\n').map((line) => line.trimEnd());
  const start = lines.findLastIndex((line) => line.startsWith('Traceback (most recent call last)'));
  const frames = lines.slice(start < 0 ? 0 : start + 1);
  const named = frames.findIndex((line) =>
    /^[A-Za-z_][\w.]*(Error|Exception|Interrupt|Exit|Iteration|Warning)\b/.test(line),
  );
  const fatal = lines.findLast((line) => line.startsWith('Fatal Python error:'));
  if (fatal !== undefined) return fatal;
  if (named >= 0) return frames.slice(named).join('\n').trim();
  return lines.findLast((line) => line.trim() !== '')?.trim() ?? '';
}

function ofOutputs(view: ViewStatus): Verdict | undefined {
  const refused = view.outputs.find((output) => output.refused !== undefined);
  if (refused) return { kind: 'bad-format', message: `working/${refused.name} ${refused.refused}.` };
  const [required] = view.outputs;
  if (required?.bytes !== undefined) return undefined;
  return {
    kind: 'no-output',
    message: `The program ended without an error but did not write working/${required?.name ?? ''} in view ${view.name}.`,
  };
}

function clip(text: string): string {
  const line = text.replaceAll('\n', ' ');
  return line.length <= 400 ? line : `${line.slice(0, 399)}…`;
}
