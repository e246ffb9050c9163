/** Reads a prompt as its rules say it is to be read: what stands between fences is data, all else is ours. */

export interface Read {
  /** By label, in order. */
  readonly data: readonly { readonly label: string; readonly text: string }[];
  readonly ours: string;
  /** A fence that is never closed, or text that looks like a fence and is none. */
  readonly faults: readonly string[];
}

export function readFences(prompt: string): Read {
  const data: { label: string; text: string }[] = [];
  const ours: string[] = [];
  const faults: string[] = [];
  let open: { fence: string; label: string; lines: string[] } | undefined;
  for (const line of prompt.split('\n')) {
    const opening = /^(~{4,}) data: (.+)$/.exec(line);
    if (open && line === open.fence) {
      data.push({ label: open.label, text: open.lines.join('\n') });
      open = undefined;
    } else if (open) open.lines.push(line);
    else if (opening) open = { fence: opening[1] ?? '', label: opening[2] ?? '', lines: [] };
    else {
      if (/^~{3,}/.test(line)) faults.push(`no fence: ${line}`);
      ours.push(line);
    }
  }
  if (open) faults.push(`never closed: ${open.label}`);
  return { data, ours: ours.join('\n'), faults };
}
