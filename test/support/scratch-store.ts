/** A store of a test's own on the embedded database (or `AUTOMLGEN_TEST_MONGODB`): dropped with everything in it when the test is over. */
import { randomBytes } from 'node:crypto';
import { mkdtempSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { up } from '../../src/stack/up.js';
import { openStore, type Store } from '../../src/store/store.js';

export interface ScratchStore {
  readonly store: Store;
  readonly uri: string;
  readonly blobFolder: string;
  close(): Promise<void>;
}

export async function scratchStore(): Promise<ScratchStore> {
  const found = process.env.AUTOMLGEN_TEST_MONGODB ?? (await up({ pieces: ['database'] })).mongodbUri;
  const uri = new URL(found);
  uri.pathname = `/test-${randomBytes(4).toString('hex')}`;
  const folder = mkdtempSync(join(tmpdir(), 'automlgen-store-'));
  const blobFolder = join(folder, 'blobs');
  const store = await openStore({ uri: uri.href, blobFolder });
  return {
    store,
    uri: uri.href,
    blobFolder,
    async close() {
      await store.database.db.dropDatabase();
      await store.close();
      rmSync(folder, { recursive: true, force: true });
    },
  };
}
