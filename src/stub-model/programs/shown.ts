/** What a prompt shows, as far as the stub reads it: programs between fences, ids of knowledge items, the metric. */

/** The last program between lines of tildes that call it one, else in the last fence of Python; absent when there is none. */
export function shownProgram(prompt: string): string | undefined {
  return fencedAs(prompt, 'program') ?? [...prompt.matchAll(/^```(?:python|py)\n([\s\S]*?)\n```$/gm)].at(-1)?.[1];
}

function fencedAs(prompt: string, label: string): string | undefined {
  const blocks = [...prompt.matchAll(/^(~{4,}) data: ([^\n]*)\n([\s\S]*?)\n\1$/gm)];
  return blocks.filter(([, , name]) => name === label).at(-1)?.[3];
}

export function offeredItems(prompt: string): readonly string[] {
  return [...prompt.matchAll(/^\[((?:model|data|strategy)\.[a-z0-9.-]+)\]/gm)].flatMap(([, id]) => id ?? []);
}

export function metricIn(text: string): string {
  const stated = /^METRIC = "([^"]+)"/m.exec(text) ?? /^Metric: ([a-z0-9@-]+)/im.exec(text);
  const said = /\bmetric\b["'`*:=]+\s*(?:is\s+)?["'`*]*([a-z0-9@-]+)/i.exec(text);
  return (stated?.[1] ?? said?.[1] ?? 'unknown').toLowerCase();
}
