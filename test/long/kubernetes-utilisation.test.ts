/** How much of three slots is spent on programs, when programs take ten seconds in the median and the image is there. */
import { afterAll, beforeAll, expect, test } from '@jest/globals';
import { type ClusterBench, createClusterBench } from '../support/kubernetes/bench.js';
import { exits } from '../support/kubernetes/fates.js';
import { describeOnTier } from '../support/kubernetes/tier.js';

const SLOTS = 3;
const PROGRAMS = Number(process.env.AUTOMLGEN_TEST_PROGRAMS ?? 40);
const MEDIAN_MS = 10_000;

describeOnTier('three slots', () => {
  let bench: ClusterBench;
  let drawn = 0;
  let worked = 0;
  beforeAll(async () => {
    bench = await createClusterBench({
      fate: () => {
        drawn += 1;
        const ms = MEDIAN_MS * 2 ** (1.5 * Math.sin(2.4 * drawn));
        worked += ms;
        return exits({ ms });
      },
      node: { gpus: SLOTS },
      machine: { slots: SLOTS },
    });
  });
  afterAll(() => bench.close());

  test('at least 0.93 of their time goes to programs', async () => {
    const waiting = Array.from({ length: PROGRAMS }, () => bench.spec('print(1)', { limits: { gpus: 1 } }));
    const ends: number[] = [];
    const kinds = new Set<string>();
    const began = Date.now();
    const lane = async (): Promise<void> => {
      for (let spec = waiting.shift(); spec; spec = waiting.shift()) {
        const outcome = await bench.executor.wait(await bench.executor.submit(spec));
        kinds.add(outcome.kind);
        await bench.executor.release(spec.id);
      }
      ends.push(Date.now());
    };
    await Promise.all(Array.from({ length: SLOTS }, lane));
    // A slot counts until there is nothing left for it to do.
    const offered = ends.reduce((sum, end) => sum + end - began, 0);
    const utilisation = worked / offered;
    process.stdout.write(
      `\n  ${PROGRAMS} programs, median ${MEDIAN_MS / 1000} s, ${SLOTS} slots: utilisation ${utilisation.toFixed(3)}, ${((offered - worked) / PROGRAMS).toFixed(0)} ms beside each program\n`,
    );
    expect([...kinds]).toEqual(['finished']);
    expect(drawn).toBe(PROGRAMS);
    expect(utilisation).toBeGreaterThanOrEqual(0.93);
    expect(utilisation).toBeLessThan(1);
  }, 900_000);
});
