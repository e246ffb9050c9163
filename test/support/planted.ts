/** Looks for a planted secret in every file below a folder, as it stands and as encodings of it would hold it. */
import { readdirSync, readFileSync, statSync } from 'node:fs';
import { join } from 'node:path';

/** Paths of files that hold it; whatever cannot be read any more is passed over. `files`: how many were looked at. */
export function filesHolding(
  secret: string,
  folders: readonly string[],
): { readonly found: readonly string[]; readonly files: number } {
  const spellings = [
    secret,
    Buffer.from(secret, 'utf16le').toString('latin1'),
    Buffer.from(secret).toString('hex'),
    ...base64Of(secret),
  ];
  const paths = folders.flatMap((folder) =>
    readdirSync(folder, { recursive: true, withFileTypes: true })
      .filter((entry) => entry.isFile())
      .map((entry) => join(entry.parentPath, entry.name)),
  );
  const texts = paths.flatMap((path) => {
    try {
      return statSync(path).size < 512 * 1024 * 1024 ? [{ path, text: readFileSync(path).toString('latin1') }] : [];
    } catch {
      return [];
    }
  });
  const found = texts.filter(({ text }) => spellings.some((spelling) => text.includes(spelling)));
  return { found: found.map(({ path }) => path), files: texts.length };
}

/** The part that is the same at every offset within a longer encoded text. */
function base64Of(secret: string): readonly string[] {
  return [0, 1, 2].map((shift) => {
    const encoded = Buffer.from('\0'.repeat(shift) + secret).toString('base64');
    return encoded.slice(4, -4);
  });
}
