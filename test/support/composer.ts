/** The composer over the real entries and templates. */
import { fileURLToPath } from 'node:url';
import { createComposer } from '../../src/authors/composer/composer.js';
import type { Author, KnownProgram, ProposalRequest } from '../../src/authors/port.js';
import { fingerprintOf } from '../../src/domain/fingerprint.js';
import type { Proposal } from '../../src/domain/proposal.js';
import { loadEntries } from '../../src/knowledge/load.js';

export const TEMPLATES = fileURLToPath(new URL('../../src/authors/composer/templates', import.meta.url));
export const ENTRIES = loadEntries();

export function realComposer(): Author {
  return createComposer({ entries: ENTRIES, templatesFolder: TEMPLATES });
}

export type Program = Extract<Proposal, { kind: 'program' }>;

/** As many proposals as the author has, at most `count`, each refused to the next. */
export async function proposeMany(
  author: Author,
  request: ProposalRequest,
  count: number,
): Promise<readonly Program[]> {
  const programs: Program[] = [];
  const taken = new Set(request.taken);
  const siblings: KnownProgram[] = [...request.siblings];
  while (programs.length < count) {
    const proposal = await author.propose({ ...request, seed: request.seed + programs.length, taken, siblings });
    if (proposal.kind === 'none') break;
    programs.push(proposal);
    taken.add(fingerprintOf(proposal.program));
    siblings.push(known(proposal, `n${programs.length}`));
  }
  return programs;
}

export function known(proposal: Program, nodeId: string, changes: Partial<KnownProgram> = {}): KnownProgram {
  const { plan, program, summary, family } = proposal;
  return {
    nodeId: nodeId as KnownProgram['nodeId'],
    operator: 'draft',
    plan,
    program,
    summary,
    family,
    changes: [],
    ...changes,
  };
}
