/** `requirements.txt` of the chosen programs: what they import, in the versions they ran with. */

const DISTRIBUTION: Readonly<Record<string, string>> = {
  sklearn: 'scikit-learn',
  skimage: 'scikit-image',
  PIL: 'pillow',
};

/** One `name==version` line for each imported package whose version is known, sorted. */
export function requirementsText(programs: readonly string[], packages: Readonly<Record<string, string>>): string {
  const modules = new Set(programs.flatMap(importedModules));
  modules.add('pandas');
  const lines = [...modules].flatMap((module) => {
    const name = DISTRIBUTION[module] ?? module;
    const version = packages[name] ?? packages[`${name}-cpu`];
    return version === undefined ? [] : [`${name}==${version}`];
  });
  return `${lines.sort().join('\n')}\n`;
}

function importedModules(program: string): readonly string[] {
  return [...program.matchAll(/^\s*(?:import|from)\s+([A-Za-z_]\w*)/gm)].flatMap((match) => match[1] ?? []);
}
