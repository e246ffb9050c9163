import { expect, test } from '@jest/globals';
import { defaultLimits } from '../../../src/execution/local/limits.js';

test.each([
  [{ cores: 1, memoryMiB: 8_000 }, 1, 1],
  [{ cores: 2, memoryMiB: 24_000 }, 2, 1],
  [{ cores: 8, memoryMiB: 64_000 }, 7, 1],
  [{ cores: 16, memoryMiB: 4_000 }, 3, 5],
])('%j gives %d slots of %d cores', (machine, slots, cpus) => {
  const chosen = defaultLimits(undefined, machine);
  expect([chosen.slots, chosen.limits.cpus]).toEqual([slots, cpus]);
});

test('all slots together fit the memory, whatever number was asked for', () => {
  const machine = { cores: 8, memoryMiB: 32_000 };
  for (const slots of [1, 2, 5, 12]) {
    const chosen = defaultLimits(slots, machine);
    expect(chosen.slots).toBe(slots);
    expect(slots * chosen.limits.memoryMiB).toBeLessThanOrEqual(0.8 * 32_000 - 1536);
  }
});
