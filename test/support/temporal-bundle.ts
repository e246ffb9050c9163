/** The workflow bundle of the sources as they are now, made once and kept in a cache for the other test files. */
import { createHash } from 'node:crypto';
import { mkdirSync, readdirSync, readFileSync, renameSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { fileURLToPath } from 'node:url';
import { bundleWorkflowCode } from '@temporalio/worker';

const ROOT = fileURLToPath(new URL('../../', import.meta.url));
const ROOMS = ['src/workflows', 'src/search'];

export async function bundleWorkflows(): Promise<{ readonly code: string; readonly codePath: string }> {
  const folder = join(ROOT, 'node_modules/.cache/automlgen');
  const codePath = join(folder, `workflow-bundle-${sourceHash()}.js`);
  const known = read(codePath);
  if (known !== undefined) return { code: known, codePath };
  const { code } = await bundleWorkflowCode({ workflowsPath: join(ROOT, 'src/workflows/index.ts'), logger: quiet });
  mkdirSync(folder, { recursive: true });
  const part = `${codePath}.${process.pid}`;
  writeFileSync(part, code);
  renameSync(part, codePath);
  return { code, codePath };
}

const silent = () => undefined;
const quiet = { log: silent, trace: silent, debug: silent, info: silent, warn: silent, error: silent };

function sourceHash(): string {
  const hash = createHash('sha256').update(read(join(ROOT, 'package-lock.json')) ?? '');
  for (const room of ROOMS) {
    const files = readdirSync(join(ROOT, room), { recursive: true, encoding: 'utf8' }).filter((name) =>
      name.endsWith('.ts'),
    );
    for (const name of files.sort()) hash.update(name).update(readFileSync(join(ROOT, room, name)));
  }
  return hash.digest('hex').slice(0, 16);
}

function read(path: string): string | undefined {
  try {
    return readFileSync(path, 'utf8');
  } catch {
    return undefined;
  }
}
