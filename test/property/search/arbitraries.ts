/** Random graphs, random events and random worlds for the properties of the search. */
import fc from 'fast-check';
import type { SearchEvent } from '../../../src/domain/run-event.js';
import { PolicyName, PolicyPreset, type SearchConfig } from '../../../src/domain/search-config.js';
import type { SearchState } from '../../../src/search/state.js';
import { type Grown, grown } from '../../support/grown-state.js';
import { costOf, type Expansion, type Fate, type World } from '../../support/scripted-world.js';

/** How many random cases a property gets: AUTOMLGEN_PROPERTY_SCALE multiplies them, at least one is left. */
export const runs = (numRuns = 100) => ({
  numRuns: Math.max(1, Math.round(numRuns * Number(process.env.AUTOMLGEN_PROPERTY_SCALE ?? 1))),
});

/** Trees of up to forty nodes in which only valid nodes branch and scores often tie. */
export const tables = (): fc.Arbitrary<readonly Grown[]> =>
  fc
    .array(
      fc.record({
        at: fc.nat(1000),
        value: fc.option(fc.integer({ min: 0, max: 9 })),
        family: fc.constantFrom('a', 'b', 'c'),
      }),
      {
        minLength: 1,
        maxLength: 40,
      },
    )
    .map((rows) => {
      const table: Grown[] = [];
      for (const [place, { at, value, family }] of rows.entries()) {
        const parent = table[at % (table.length + 1)];
        const failedBefore = parent && parent.value === undefined && table.some((row) => row.parent === parent.id);
        const hangs = parent && !failedBefore ? { parent: parent.id } : {};
        const debugs = hangs.parent && parent?.value === undefined;
        const step = debugs ? { operator: 'debug' as const, debugDepth: (parent?.debugDepth ?? 0) + 1 } : {};
        table.push({ id: `n${place + 1}`, ...hangs, ...step, ...(value === null ? {} : { value }), family });
      }
      return table;
    });

export const graphs = (): fc.Arbitrary<SearchState> => tables().map((table) => grown(table));

export const configs = (): fc.Arbitrary<Partial<SearchConfig>> =>
  fc.record({
    policy: fc.constantFrom(...PolicyName.options),
    preset: fc.constantFrom(...PolicyPreset.options),
    paperForced: fc.boolean(),
    paperChains: fc.boolean(),
    islands: fc.integer({ min: 1, max: 3 }),
    migration: fc.constantFrom(0, 1),
    seed: fc.nat(1_000_000),
    budgetMs: fc.integer({ min: 100, max: 200_000 }),
    executions: fc.integer({ min: 1, max: 60 }),
    reserveShare: fc.constantFrom(0, 0.15, 0.6),
    proposalsAhead: fc.nat(3),
    debugDepth: fc.nat(3),
    rejectionsPerParent: fc.integer({ min: 1, max: 3 }),
    stagnationBranch: fc.integer({ min: 1, max: 4 }),
    stagnationGlobal: fc.integer({ min: 1, max: 6 }),
  });

/** What becomes of the proposals, one after the other; the list starts again at its end. */
export const fates = (): fc.Arbitrary<readonly Fate[]> =>
  fc.array(
    fc.record(
      {
        proposeMs: fc.constantFrom(0, 5, 3000),
        family: fc.constantFrom('a', 'b', 'c'),
        runMs: fc.constantFrom(0, 10, 900, 4000, 60_000),
        evaluateMs: fc.constantFrom(0, 50, 20_000),
        rejected: fc.constantFrom('duplicate', 'exhausted'),
        failure: fc.constantFrom('exception', 'timeout', 'memory'),
        milestones: fc.nat(7),
        value: fc.integer({ min: 0, max: 9 }),
        pairedSE: fc.constantFrom(0, 1),
        releases: fc.nat(4),
      },
      { requiredKeys: ['proposeMs', 'family', 'runMs', 'evaluateMs', 'value'] },
    ),
    { minLength: 1, maxLength: 12 },
  );

/** Everything a person may do, at any time. A block is always lifted later, as the workflow's probing does. */
export const messages = (): fc.Arbitrary<readonly SearchEvent[]> =>
  fc.array(
    fc.oneof(
      fc.record({ kind: fc.constant('paused' as const), atMs: times() }),
      fc.record({ kind: fc.constant('resumed' as const), atMs: times() }),
      fc.record({ kind: fc.constant('pruned' as const), atMs: times(), nodeId: ids() }),
      fc.record({ kind: fc.constant('pinned' as const), atMs: times(), nodeId: ids() }),
      fc.record({ kind: fc.constant('slots-changed' as const), atMs: times(), slots: fc.integer({ min: 1, max: 5 }) }),
      fc.record({
        kind: fc.constant('budget-changed' as const),
        atMs: times(),
        budgetMs: fc.integer({ min: 100, max: 200_000 }),
      }),
      fc.record({
        kind: fc.constant('budget-changed' as const),
        atMs: times(),
        executions: fc.integer({ min: 1, max: 60 }),
      }),
      fc.record({ kind: fc.constant('finish-asked' as const), atMs: fc.integer({ min: 50_000, max: 400_000 }) }),
    ) as fc.Arbitrary<SearchEvent>,
    { maxLength: 6 },
  );

/** Any event at all, whether or not it fits. */
export const anyEvent = (): fc.Arbitrary<SearchEvent> => {
  const on = { atMs: times(), nodeId: ids() };
  const cost = fc.constantFrom(costOf(0), costOf(2));
  const score = fc.record({
    value: fc.oneof(fc.integer({ min: 0, max: 9 }), fc.constant(Number.NaN)),
    standardError: fc.constant(0),
    rows: fc.constant(9),
    direction: fc.constant('maximise' as const),
    source: fc.constant('hidden' as const),
  });
  return fc.oneof(
    fc.record({
      kind: fc.constant('proposed'),
      ...on,
      programRef: fc.constant('p'),
      planRef: fc.constant('q'),
      fingerprint: fc.constant('f'),
      family: fc.constant('a'),
      cost,
    }),
    fc.record({
      kind: fc.constant('proposal-rejected'),
      ...on,
      reason: fc.constantFrom('duplicate', 'exhausted'),
      cost,
    }),
    fc.record({ kind: fc.constant('started'), ...on, try: fc.integer({ min: 1, max: 4 }) }),
    fc.record({ kind: fc.constant('executed'), ...on, cost }),
    fc.record({ kind: fc.constant('finished'), ...on, score, versus: fc.constant({}), cost }),
    fc.record({ kind: fc.constant('failed'), ...on, failure: fc.constant('exception'), milestones: fc.nat(7), cost }),
    fc.record({ kind: fc.constant('released'), ...on, cause: fc.constant('lost'), cost }),
    fc.record({ kind: fc.constant('cancelled'), ...on, why: fc.constant('test'), cost }),
    fc.record({ kind: fc.constant('ticked'), atMs: times() }),
    fc.record({ kind: fc.constant('hinted'), atMs: times(), text: fc.constant('try it') }),
    fc.record({ kind: fc.constant('paused'), atMs: times(), blocked: fc.constant('lost') }),
    messages().map((list) => list[0] ?? { kind: 'ticked', atMs: 1 }),
  ) as fc.Arbitrary<SearchEvent>;
};

/** A world that deals the fates out in turn. Two worlds made of the same fates are alike. */
export function worldOf(fateList: readonly Fate[], mirrored = false): World {
  let dealt = 0;
  return {
    fateOf: (_expansion: Expansion) => {
      const fate = fateList[dealt++ % fateList.length]!;
      return mirrored && fate.value !== undefined ? { ...fate, value: -fate.value } : fate;
    },
  };
}

function times(): fc.Arbitrary<number> {
  return fc.integer({ min: 0, max: 250_000 });
}

function ids(): fc.Arbitrary<never> {
  return fc.integer({ min: 1, max: 30 }).map((number) => `n${number}` as never);
}
