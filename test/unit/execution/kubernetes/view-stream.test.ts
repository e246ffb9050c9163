/** A view that is sent to a slow receiver. */
import { mkdtempSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { PassThrough } from 'node:stream';
import { afterEach, beforeEach, expect, test } from '@jest/globals';
import { sendView } from '../../../../src/execution/kubernetes/view-stream.js';

const BYTES = 3 * 1024 * 1024;
let folder: string;

beforeEach(() => {
  folder = mkdtempSync(join(tmpdir(), 'automlgen-view-'));
  writeFileSync(join(folder, 'train.csv'), Buffer.alloc(BYTES, 'x'));
});
afterEach(() => rmSync(folder, { recursive: true, force: true }));

test('listeners do not gather while it waits for the receiver', async () => {
  const target = new PassThrough({ highWaterMark: 1024 });
  const before = target.listenerCount('close') + target.listenerCount('error');
  let most = 0;
  let received = 0;
  target.on('data', (chunk: Buffer) => {
    received += chunk.length;
    most = Math.max(most, target.listenerCount('close') + target.listenerCount('error') - before);
  });
  await sendView(folder, target);
  expect(received).toBeGreaterThan(BYTES);
  // Two of `drain` and `close` each at most: the event and the error that would come instead.
  expect(most).toBeLessThanOrEqual(4);
  expect(target.listenerCount('drain')).toBe(0);
});

test('a receiver that goes is noticed', async () => {
  const target = new PassThrough({ highWaterMark: 1024 });
  const sent = sendView(folder, target);
  setTimeout(() => target.destroy(), 50);
  await expect(sent).rejects.toThrow('the receiver has gone');
});
