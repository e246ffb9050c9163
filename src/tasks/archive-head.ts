/** The first bytes of a table that is kept as a gzip or zip archive, as competition sites ship them. */
import { open } from 'node:fs/promises';
import { basename } from 'node:path';
import { constants, gunzipSync, inflateRawSync } from 'node:zlib';
import { UserError } from '../domain/errors.js';

interface Head {
  readonly bytes: Uint8Array;
  /** Nothing of the file follows. */
  readonly whole: boolean;
}

const PARTIAL = { finishFlush: constants.Z_SYNC_FLUSH };
const MOST = 1 << 18;
const NAMES = 1 << 16;
const TABLES = /\.(?:csv|tsv|txt|jsonl?)$/i;
const STORED = 0;
const DEFLATED = 8;

/** `bytes` as they are when they begin no archive. @throws UserError `csv-malformed` for an archive of another kind. */
export function unpackedHead(bytes: Uint8Array, whole: boolean, path: string): Head {
  try {
    if (bytes[0] === 0x1f && bytes[1] === 0x8b) return shortened(gunzipSync(bytes, PARTIAL), whole);
    if (bytes[0] === 0x50 && bytes[1] === 0x4b) return shortened(firstEntry(Buffer.from(bytes)), false);
  } catch (error) {
    const reason = error instanceof Error ? error.message : String(error);
    throw new UserError(
      'csv-malformed',
      `${basename(path)} is an archive that cannot be unpacked: ${reason}.`,
      `Unpack ${path} yourself.`,
      { cause: error },
    );
  }
  return { bytes, whole };
}

function shortened(bytes: Uint8Array, whole: boolean): Head {
  return { bytes: bytes.subarray(0, MOST), whole: whole && bytes.length <= MOST };
}

/** False for a zip archive whose first file is an image or the like. */
export async function holdsTable(path: string): Promise<boolean> {
  const file = await open(path, 'r');
  try {
    const { bytesRead, buffer } = await file.read(Buffer.alloc(NAMES), 0, NAMES, 0);
    return TABLES.test(entryAt(buffer.subarray(0, bytesRead)).name);
  } catch {
    return true;
  } finally {
    await file.close();
  }
}

interface Entry {
  readonly name: string;
  readonly start: number;
  readonly size: number;
  readonly method: number;
}

/** Local header of a zip entry (PKWARE APPNOTE 4.3.7): method at 8, sizes at 18, lengths of name and extra at 26, 28. */
function entryAt(zip: Buffer): Entry {
  for (let at = 0; zip.readUInt32LE(at) === 0x04034b50; ) {
    const start = at + 30 + zip.readUInt16LE(at + 26) + zip.readUInt16LE(at + 28);
    const name = zip.toString('utf8', at + 30, at + 30 + zip.readUInt16LE(at + 26));
    const size = zip.readUInt32LE(at + 18);
    if (!name.endsWith('/') && !name.startsWith('__MACOSX')) {
      return { name, start, size, method: zip.readUInt16LE(at + 8) };
    }
    at = start + size;
  }
  throw new Error('it holds no file');
}

function firstEntry(zip: Buffer): Uint8Array {
  const { start, size, method } = entryAt(zip);
  return entry(zip, start, size, method);
}

function entry(zip: Buffer, start: number, size: number, method: number): Uint8Array {
  if (method === STORED) return zip.subarray(start, start + size);
  if (method === DEFLATED) return inflateRawSync(zip.subarray(start), PARTIAL);
  throw new Error(`its compression (method ${method}) is not known`);
}
