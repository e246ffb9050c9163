import { expect, test } from '@jest/globals';
import { serveHealth } from '../../../src/worker/health.js';

async function statuses(states: readonly string[]): Promise<readonly number[]> {
  const health = await serveHealth(0, () => states.map((state) => ({ getState: () => state })));
  try {
    return await Promise.all(
      ['/livez', '/readyz', '/'].map(async (path) => (await fetch(`http://127.0.0.1:${health.port}${path}`)).status),
    );
  } finally {
    await health.close();
  }
}

test.each([
  { states: [], expected: [200, 503, 404] },
  { states: ['INITIALIZED', 'RUNNING'], expected: [200, 503, 404] },
  { states: ['RUNNING', 'RUNNING'], expected: [200, 200, 404] },
  { states: ['RUNNING', 'DRAINING'], expected: [200, 503, 404] },
  { states: ['RUNNING', 'FAILED'], expected: [503, 503, 404] },
])('workers that are $states answer $expected to livez, readyz and anything else', async ({ states, expected }) => {
  expect(await statuses(states)).toEqual(expected);
});

test('a port that is taken is an error at the start, not a silent absence', async () => {
  const first = await serveHealth(0, () => []);
  await expect(serveHealth(first.port, () => [])).rejects.toMatchObject({ code: 'EADDRINUSE' });
  await first.close();
});
