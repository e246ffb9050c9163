/** What a program printed without paths of the machine it ran on, and without what looks like a key. */

/** The program's own folders and those of Kaggle mean something to it; all others are the machine's business. */
const KEPT = /^\/(?:job|input|working|tmp|dev\/shm|kaggle)(?:\/|$)/;
const PATH = /(?<![\w.~/])\/(?:[\w.@+~-]+\/)+[\w.@+~-]*/g;
const SITE = /^.*\/(?:site|dist)-packages\//;
const LIBRARY = /^.*\/lib\/python3\.\d+\//;

/** Forms in which services hand out keys, and settings named after one. */
const KEYS: readonly RegExp[] = [
  /\b(?:sk|pk|rk)-[A-Za-z0-9_-]{16,}/g,
  /\b(?:ghp|gho|ghs|ghu|github_pat|hf|glpat|xox[abprs])[-_][A-Za-z0-9_-]{16,}/g,
  /\bAKIA[0-9A-Z]{16}\b/g,
  /\beyJ[A-Za-z0-9_-]{10,}\.[A-Za-z0-9_-]{10,}\.[A-Za-z0-9_-]*/g,
  /\b[Bb]earer\s+[A-Za-z0-9._~+/-]{16,}=*/g,
  /-----BEGIN [A-Z ]*PRIVATE KEY-----[\s\S]*?(?:-----END [A-Z ]*PRIVATE KEY-----|$)/g,
];
const NAMED_KEY =
  /\b(\w*(?:api_?key|secret|passw(?:or)?d|access_?token|auth_?token|credential)\w*)(["']?\s*[=:]\s*["']?)[^\s"',;]{6,}/gi;

export function hostless(text: string): string {
  const withoutKeys = KEYS.reduce((rest, key) => rest.replace(key, '[removed]'), text).replace(
    NAMED_KEY,
    '$1$2[removed]',
  );
  return withoutKeys.replace(PATH, (path) => {
    if (KEPT.test(path)) return path;
    for (const library of [SITE, LIBRARY]) if (library.test(path)) return path.replace(library, '…/');
    return `…/${path.split('/').at(-1)}`;
  });
}
