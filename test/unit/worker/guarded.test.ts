/** Which servers a program may not reach, by which addresses. */
import { expect, test } from '@jest/globals';
import { serversOf } from '../../../src/worker/guarded.js';

const addresses = (settings: Parameters<typeof serversOf>[0]): readonly string[] =>
  serversOf(settings).map(({ host, port }) => `${host}:${port}`);

test('servers of this machine are tried by its loopback, and from a pod by the address that pods know it by', () => {
  const here = { mongodbUri: 'mongodb://127.0.0.1:22409/automlgen', temporalAddress: 'localhost:7233' };
  expect(addresses(here)).toEqual(['127.0.0.1:22409', 'localhost:7233']);
  expect(addresses({ ...here, seenAs: '10.244.0.1' })).toEqual([
    '127.0.0.1:22409',
    '10.244.0.1:22409',
    'localhost:7233',
    '10.244.0.1:7233',
  ]);
});

test('servers elsewhere have one address, whoever asks, and no password is told', () => {
  const elsewhere = { mongodbUri: 'mongodb://me:secret@db1,db2:27018/x', temporalAddress: 'temporal.svc:7233' };
  expect(addresses({ ...elsewhere, seenAs: '10.0.0.9' })).toEqual(['db1:27017', 'db2:27018', 'temporal.svc:7233']);
});
