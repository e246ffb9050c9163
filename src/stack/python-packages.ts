/** Which packages an interpreter can really import. */

import { runCommand } from './run-command.js';

/** Modules that candidate programs are told they can import. */
export const MODULES = [
  'numpy',
  'pandas',
  'scipy',
  'sklearn',
  'lightgbm',
  'xgboost',
  'catboost',
  'statsmodels',
  'skimage',
  'joblib',
  'threadpoolctl',
] as const;

export interface PackageReport {
  readonly versions: Readonly<Record<string, string>>;
  /** Module to the reason why its import failed. */
  readonly broken: Readonly<Record<string, string>>;
}

/** Modules that are not installed; takes milliseconds, imports nothing. */
export async function missingModules(python: string): Promise<readonly string[]> {
  const program = 'import sys, importlib.util as u; print(*[m for m in sys.argv[1:] if u.find_spec(m) is None])';
  const { stdout } = await runCommand(python, ['-I', '-c', program, ...MODULES], { timeoutMs: 60_000 });
  return stdout.trim() === '' ? [] : stdout.trim().split(' ');
}

/** Imports every module, which takes seconds; a compiled library that does not load is found only this way. */
export async function packageVersions(python: string): Promise<PackageReport> {
  const { status, stdout, stderr } = await runCommand(python, ['-I', '-W', 'ignore', '-c', IMPORT_ALL, ...MODULES], {
    timeoutMs: 120_000,
  });
  if (status === 0) return JSON.parse(stdout.split('\n').at(-1) ?? '') as PackageReport;
  return { versions: {}, broken: { python: stderr.split('\n').at(-1) || `ended with status ${status}` } };
}

const IMPORT_ALL = `
import importlib, json, sys
versions, broken = {}, {}
for name in sys.argv[1:]:
    try:
        versions[name] = importlib.import_module(name).__version__
    except Exception as error:
        broken[name] = f"{type(error).__name__}: {error}"
print(json.dumps({"versions": versions, "broken": broken}))
`;
