/**
 * A landscape to judge policies on without running anything: ten components with six options each, where what an option is worth depends on
 * k other components (Kauffman's NK model). Scores are truth plus noise, durations are random, programs fail at the rates of a profile.
 * Unit: one standard deviation of the landscape.
 */
import type { NodeId } from '../../src/domain/ids.js';
import type { Direction } from '../../src/domain/metric.js';
import type { PolicyName } from '../../src/domain/search-config.js';
import { bestNode } from '../../src/search/elite.js';
import { initialState } from '../../src/search/initial-state.js';
import { rounded } from '../../src/search/is-better.js';
import { draw, streamsOf } from '../../src/search/random.js';
import { CONFIG, type Expansion, type Fate, runWorld, type WorldRun } from './scripted-world.js';

const COMPONENTS = 10;
const OPTIONS = 6;

export interface Profile {
  readonly draftFails: number;
  readonly changeFails: number;
  readonly fixWorks: number;
}

/** Rates of a 2025 reasoning model as observed in public logs, of a 2026 one as assumed, and of assembled programs. */
export const PROFILES = {
  'r1-2025': { draftFails: 0.77, changeFails: 0.37, fixWorks: 0.32 },
  'strong-2026': { draftFails: 0.2, changeFails: 0.1, fixWorks: 0.6 },
  composer: { draftFails: 0.05, changeFails: 0.03, fixWorks: 0.8 },
} as const satisfies Record<string, Profile>;

export interface NkTask {
  readonly seed: number;
  /** Components that the worth of one depends on, besides itself. */
  readonly k: number;
  readonly noise: number;
  readonly nodes: number;
  readonly slots: number;
  readonly profile: Profile;
  readonly direction?: Direction;
}

type Genome = readonly number[];
type Uniform = () => number;

/** True value of the program that `policy` ends with, and the run itself. */
export function searchLandscape(
  task: NkTask,
  policy: PolicyName,
  change: Partial<typeof CONFIG> = {},
): { truth: number; run: WorldRun } {
  const genomes = new Map<NodeId, Genome>();
  const taken = new Set<string>();
  const fateOf = (expansion: Expansion): Fate => {
    const uniform = uniformFrom(expansion.seed);
    const genome = propose(expansion, genomes, taken, uniform);
    const base = {
      proposeMs: 10,
      family: String(genome?.[0] ?? 0),
      runMs: 2000 + Math.floor(16_000 * uniform()),
      evaluateMs: 100,
    };
    if (!genome) return { ...base, rejected: 'duplicate' };
    genomes.set(expansion.nodeId, genome);
    taken.add(genome.join(''));
    if (uniform() < failureRate(task.profile, expansion))
      return { ...base, failure: 'exception', milestones: Math.floor(7 * uniform()) };
    const value = rounded(worth(task, genome) + task.noise * normal(uniform));
    return { ...base, value: task.direction === 'minimise' ? -value : value, pairedSE: task.noise * Math.SQRT2 };
  };
  const config = {
    ...CONFIG,
    policy,
    seed: task.seed,
    slots: task.slots,
    executions: task.nodes,
    budgetMs: (task.nodes * 14_000) / task.slots,
    ...change,
  };
  const direction = task.direction ?? 'maximise';
  const run = runWorld(initialState({ config, direction, startedMs: 0, slots: task.slots }), { fateOf });
  const best = bestNode(run.state);
  return { truth: best ? worth(task, genomes.get(best.id)!) : -3, run };
}

/** Mean of a list, and its standard error. */
export function meanOf(values: readonly number[]): { mean: number; standardError: number } {
  const mean = values.reduce((sum, value) => sum + value, 0) / values.length;
  const squares = values.reduce((sum, value) => sum + (value - mean) * (value - mean), 0);
  return { mean, standardError: Math.sqrt(squares / (values.length - 1) / values.length) };
}

/** Sum of what the components are worth, standardised. */
function worth({ seed, k }: NkTask, genome: Genome): number {
  let sum = 0;
  for (let place = 0; place < COMPONENTS; place += 1) {
    let key = seed * 31 + place + 1;
    for (let step = 0; step <= k; step += 1)
      key = (Math.imul(key, 0x01000193) ^ (genome[(place + step * 3) % COMPONENTS]! + 7 * step)) >>> 0;
    sum += draw([key, seed], place);
  }
  const sd = Math.sqrt(COMPONENTS / 12);
  return (sum - COMPONENTS / 2) / sd;
}

function failureRate({ draftFails, changeFails, fixWorks }: Profile, { operator }: Expansion): number {
  if (operator === 'debug') return 1 - fixWorks;
  return operator === 'draft' || operator === 'aggregate' ? draftFails : changeFails;
}

function propose(
  expansion: Expansion,
  genomes: ReadonlyMap<NodeId, Genome>,
  taken: ReadonlySet<string>,
  uniform: Uniform,
): Genome | undefined {
  if (expansion.operator === 'debug') return genomes.get(expansion.parent as NodeId);
  for (let attempt = 0; attempt < 5; attempt += 1) {
    const genome = offspring(expansion, genomes, uniform);
    if (!taken.has(genome.join(''))) return genome;
  }
  return undefined;
}

function offspring(expansion: Expansion, genomes: ReadonlyMap<NodeId, Genome>, uniform: Uniform): Genome {
  const others = expansion.references.map(({ from }) => genomes.get(from)!);
  if (expansion.operator === 'draft') return Array.from({ length: COMPONENTS }, () => Math.floor(OPTIONS * uniform()));
  if (expansion.operator === 'aggregate') {
    return Array.from({ length: COMPONENTS }, (_, place) => others[Math.floor(others.length * uniform())]![place]!);
  }
  const parent = genomes.get(expansion.parent as NodeId)!;
  if (expansion.operator === 'fuse') {
    return parent.map((option, place) => (uniform() < 0.3 ? others[0]![place]! : option));
  }
  const changed = Math.floor(COMPONENTS * uniform());
  return parent.map((option, place) => (place === changed ? Math.floor(OPTIONS * uniform()) : option));
}

function uniformFrom(seed: number): Uniform {
  const stream = streamsOf(seed).noise;
  let index = 0;
  return () => draw(stream, index++);
}

function normal(uniform: Uniform): number {
  return Math.sqrt(-2 * Math.log(1 - uniform())) * Math.cos(2 * Math.PI * uniform());
}
