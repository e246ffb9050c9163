/** The recorded landscapes that the repository carries: whole, unchanged, and scored as they say. */
import { createHash } from 'node:crypto';
import { readdirSync, readFileSync } from 'node:fs';
import { fileURLToPath } from 'node:url';
import { gunzipSync } from 'node:zlib';
import { describe, expect, it } from '@jest/globals';
import { SearchConfig } from '../../../../../src/domain/search-config.js';
import { recordedWorld } from '../../../../../src/search/simulate/recorded/recorded-world.js';
import type { Recording } from '../../../../../src/search/simulate/recorded/recording.js';
import { readerOf, type Steps } from '../../../../../src/search/simulate/recorded/steps.js';
import { simulate } from '../../../../../src/search/simulate/simulate.js';

const folder = fileURLToPath(new URL('../../../../../bench/tensor/', import.meta.url));
const files = readdirSync(`${folder}data`).filter((name) => name.endsWith('.json.gz'));

interface Packed extends Omit<Recording, 'predictions'> {
  readonly sha256: string;
  readonly fingerprints: readonly string[];
  readonly predictions: Omit<Steps, 'steps'> & { readonly steps: string };
}

function open(file: string): { readonly packed: Packed; readonly recording: Recording; readonly checksum: string } {
  const packed = JSON.parse(gunzipSync(readFileSync(`${folder}data/${file}`)).toString('utf8')) as Packed;
  const { sha256: _, ...content } = packed;
  const checksum = createHash('sha256').update(JSON.stringify(content)).digest('hex');
  const bytes = Uint8Array.from(Buffer.from(packed.predictions.steps, 'base64'));
  const predictions = readerOf({ ...packed.predictions, steps: new Uint16Array(bytes.buffer) });
  return { packed, recording: { ...packed, predictions }, checksum };
}

const opened = files.map((file) => [file, open(file)] as const);

describe.each(opened)('%s', (_, { packed, recording, checksum }) => {
  const { programs, moves, rows } = recording;

  it('is as it was recorded, a different program for each number', () => {
    expect(checksum).toBe(packed.sha256);
    expect(programs.length).toBeGreaterThanOrEqual(600);
    expect(new Set(packed.fingerprints).size).toBe(programs.length);
    expect(packed.predictions.length).toBe(rows.hidden + rows.test);
  });

  it('has the scores of its predictions', () => {
    const { answers } = recordedWorld(recording);
    // Rounding makes ties among the surest probabilities, which an order feels.
    const most = recording.metric === 'auc' ? 1e-3 : 2e-4;
    for (const [number, { search, test }] of programs.entries()) {
      if (search === null || test === null) continue;
      expect(Math.abs(answers.measured([number]).value / search - 1)).toBeLessThan(most);
      expect(test).toBeGreaterThan(0);
    }
  });

  it('leads from recorded programs to recorded programs alone', () => {
    const targets = [
      moves.portfolio,
      moves.draft,
      moves.tune,
      moves.features,
      moves.strategy,
      moves.debug,
      moves.partners,
    ];
    const numbers = targets.flat(Number.POSITIVE_INFINITY as 4) as unknown as readonly number[];
    expect(numbers.every((target) => target >= -3 && target < programs.length)).toBe(true);
    expect(moves.cross.length).toBe(moves.parts * moves.models);
    expect(moves.union.length).toBe(programs.length * moves.parts);
    expect([...moves.cross, ...moves.union].every((target) => target >= -1 && target < programs.length)).toBe(true);
  });

  it('is replayed to the same end each time', () => {
    const config = SearchConfig.parse({ budgetMs: 60_000, runSecondsCap: 60, slots: 2, seed: 5 });
    const [first, second] = [1, 2].map(() => simulate(recordedWorld(recording), { config }));
    expect(first?.nodes).toBeGreaterThan(10);
    expect(JSON.stringify(first?.state.nodes)).toBe(JSON.stringify(second?.state.nodes));
  });
});

it('is what the results were played on', () => {
  const { sha256, ...content } = JSON.parse(readFileSync(`${folder}results.json`, 'utf8'));
  expect(createHash('sha256').update(JSON.stringify(content)).digest('hex')).toBe(sha256);
  const played = content.landscapes.map((one: Packed) => [`${one.landscape}.json.gz`, one.sha256]);
  expect(new Map(played)).toEqual(new Map(opened.map(([file, { packed }]) => [file, packed.sha256])));
});
