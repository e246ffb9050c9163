// Refuses a Node that is too old with a sentence, before anything that it could not even parse.

const OLDEST = [20, 19];

/** Ends the process with status 2 when this Node is too old. */
export function requireNode(version = process.versions.node) {
  if (isSupported(version)) return;
  console.error(`automlgen needs Node ${OLDEST.join('.')} or later; this is Node ${version} (${process.execPath}).`);
  console.error(
    'Install a current one, for example with your system’s package manager or a version manager, then try again.',
  );
  process.exit(2);
}

export function isSupported(version) {
  const [major, minor] = version.split('.').map(Number);
  return major > OLDEST[0] || (major === OLDEST[0] && minor >= OLDEST[1]);
}
