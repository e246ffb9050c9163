/** Which Python packages a program may import, and whether a version suffices. */

/** `deps` of an entry: a distribution name, with an optional lowest version. */
export interface Dependency {
  readonly name: string;
  readonly atLeast?: string;
}

/** Reads `lightgbm`, `lightgbm>=4`. Absent: it is written in another form. */
export function parseDependency(text: string): Dependency | undefined {
  const match = /^([A-Za-z0-9][A-Za-z0-9._-]*)\s*(?:>=\s*(\d+(?:\.\d+)*))?$/.exec(text.trim());
  if (match?.[1] === undefined) return undefined;
  return match[2] === undefined ? { name: match[1] } : { name: match[1], atLeast: match[2] };
}

const IMPORT_NAMES: Readonly<Record<string, string>> = {
  sklearn: 'scikit-learn',
  skimage: 'scikit-image',
  pil: 'pillow',
  cv2: 'opencv-python',
};

/** Import names, distribution names and CPU builds of one package count as the same. */
export function canonicalPackage(name: string): string {
  const plain = name.toLowerCase().replaceAll('_', '-').replace(/-cpu$/, '');
  return IMPORT_NAMES[plain] ?? plain;
}

/** An empty record means that the environment was not probed: everything counts as present. */
export function hasPackage(packages: Readonly<Record<string, string>>, wanted: Dependency): boolean {
  const installed = Object.entries(packages);
  if (installed.length === 0) return true;
  const version = installed.find(([name]) => canonicalPackage(name) === canonicalPackage(wanted.name))?.[1];
  if (version === undefined) return false;
  return wanted.atLeast === undefined || compareVersions(version, wanted.atLeast) >= 0;
}

/** Compares the leading numbers; `2.0` equals `2`. */
export function compareVersions(left: string, right: string): number {
  const [a, b] = [left, right].map((version) => version.split('.').map((part) => Number.parseInt(part, 10) || 0));
  for (let index = 0; index < Math.max(a?.length ?? 0, b?.length ?? 0); index += 1) {
    const difference = (a?.[index] ?? 0) - (b?.[index] ?? 0);
    if (difference !== 0) return Math.sign(difference);
  }
  return 0;
}
