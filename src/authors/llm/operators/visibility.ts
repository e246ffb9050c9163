/**
 * What each prompt may hold, as data. Builders read this table and decide nothing by themselves; `docs/operators.md` is printed from it, and a
 * test compares every built prompt with it. Less is more here: a draft that sees a program copies it, a fusion that sees three blurs them.
 */
import type { KnowledgeLevel } from '../../../domain/knowledge-entry.js';

/** `whole`: every line, since edits must name lines exactly; `outline`: signatures and what surrounds them, within a budget. */
export type ProgramView = 'whole' | 'outline';

export interface Visibility {
  /** One line for the documentation. */
  readonly purpose: string;
  readonly reply: 'program' | 'edits' | 'step' | 'review' | 'usage';
  readonly description: boolean;
  /** Columns with kinds, ranges and missing shares. */
  readonly profile: boolean;
  /** Names and first lines of the input files. */
  readonly inputs: boolean;
  readonly parent?: {
    readonly program: ProgramView;
    readonly plan: boolean;
    readonly score: boolean;
    /** `tail`: the end of what it printed; `failure`: first error, last traceback and the evaluator's verdict. */
    readonly output?: 'tail' | 'failure';
  };
  /** Other drafts, other aggregations, or other children of the parent: plans, changes and results, never a program. */
  readonly siblings: boolean;
  readonly references?: {
    readonly most: number;
    readonly program?: ProgramView;
    readonly plan: boolean;
    readonly score: boolean;
    /** The end of what they printed. */
    readonly output?: boolean;
  };
  /** `path`: attempts from the branch's head to the parent; `branch`: those and the branch's digest. */
  readonly history?: 'path' | 'branch';
  /** `fixes`: failures of this kind that were repaired; `similar`: attempts with plans like this one; `best`: the leading programs, a line each. */
  readonly memory: readonly ('fixes' | 'similar' | 'best')[];
  /** Of earlier runs. */
  readonly lessons: boolean;
  /** `recipes`: debug recipes alone; they are offered to nobody else. */
  readonly knowledge: { readonly most: number; readonly levels: readonly KnowledgeLevel[] | 'recipes' };
  /** How ambitious the program should be, by the number of siblings. */
  readonly complexity: boolean;
}

const NO_KNOWLEDGE: Visibility['knowledge'] = { most: 0, levels: [] };
const knowledge = (most: number, ...levels: readonly KnowledgeLevel[]): Visibility['knowledge'] => ({
  most,
  levels,
});

const DRAFT: Omit<Visibility, 'purpose' | 'reply'> = {
  description: true,
  profile: true,
  inputs: true,
  siblings: true,
  memory: [],
  lessons: true,
  knowledge: knowledge(10, 'model', 'data', 'strategy'),
  complexity: true,
};
const STEP: Omit<Visibility, 'purpose'> = { ...DRAFT, reply: 'step' };
const PARENT = { program: 'whole', plan: true, score: true, output: 'tail' } as const;
const IMPROVE: Omit<Visibility, 'purpose'> = {
  reply: 'edits',
  description: true,
  profile: true,
  inputs: false,
  parent: PARENT,
  siblings: true,
  memory: ['similar'],
  lessons: true,
  knowledge: knowledge(8, 'model', 'data', 'strategy'),
  complexity: true,
};
const GATE: Omit<Visibility, 'purpose' | 'reply'> = {
  description: true,
  profile: true,
  inputs: false,
  siblings: false,
  memory: [],
  lessons: false,
  knowledge: NO_KNOWLEDGE,
  complexity: false,
};

export const VISIBILITY = {
  draft: { ...DRAFT, purpose: 'a first program of a new branch, in one call', reply: 'program' },
  'draft-data': {
    ...STEP,
    purpose: 'step 1 of a draft: reading, cleaning, features, validation split',
    knowledge: knowledge(8, 'data'),
  },
  'draft-model': { ...STEP, purpose: 'step 2: the model and its settings', knowledge: knowledge(8, 'model') },
  'draft-training': {
    ...STEP,
    purpose: 'step 3: training, validation, prediction',
    knowledge: knowledge(8, 'strategy'),
    siblings: false,
  },
  'draft-merge': {
    ...STEP,
    purpose: 'step 4: one program of the three parts',
    reply: 'program',
    siblings: false,
    lessons: false,
    knowledge: NO_KNOWLEDGE,
    complexity: false,
  },
  'improve-tune': { ...IMPROVE, purpose: 'settings of the model and its training', knowledge: knowledge(8, 'model') },
  'improve-features': { ...IMPROVE, purpose: 'data and features', inputs: true, knowledge: knowledge(8, 'data') },
  'improve-strategy': {
    ...IMPROVE,
    purpose: 'how predictions are made of models: targets, folds, blends, thresholds',
    knowledge: knowledge(8, 'strategy'),
  },
  'improve-plateau': {
    ...IMPROVE,
    purpose: 'a component or the approach is replaced, since small changes have stopped paying',
    history: 'branch',
    memory: ['similar', 'best'],
    knowledge: knowledge(10, 'model', 'data', 'strategy'),
    complexity: false,
  },
  debug: {
    purpose: 'root cause of a failure, smallest repair',
    reply: 'edits',
    description: false,
    profile: true,
    inputs: true,
    parent: { program: 'whole', plan: true, score: false, output: 'failure' },
    siblings: true,
    history: 'path',
    memory: ['fixes'],
    lessons: false,
    knowledge: { most: 6, levels: 'recipes' },
    complexity: false,
  },
  evolve: {
    ...IMPROVE,
    purpose: 'the next step that the history of the branch suggests',
    siblings: false,
    history: 'branch',
    memory: [],
    lessons: false,
  },
  fuse: {
    ...IMPROVE,
    purpose: 'one named technique of one named program of another branch',
    siblings: true,
    references: { most: 1, program: 'outline', plan: true, score: true },
    memory: [],
    lessons: false,
    knowledge: knowledge(4, 'strategy'),
    complexity: false,
  },
  aggregate: {
    ...DRAFT,
    purpose: 'a fresh program from the best of each branch',
    reply: 'program',
    references: { most: 5, program: 'outline', plan: true, score: true },
    knowledge: knowledge(4, 'strategy'),
    complexity: false,
  },
  review: { ...GATE, purpose: 'gate before a program is run', reply: 'review' },
  usage: {
    ...GATE,
    purpose: 'gate after a draft: whether it uses all data that matter (MLE-STAR)',
    reply: 'usage',
    inputs: true,
  },
  'leak-rewrite': {
    ...GATE,
    purpose: 'removes a leak that a gate or an audit found',
    reply: 'edits',
    parent: { program: 'whole', plan: false, score: false },
  },
  ablate: {
    ...GATE,
    purpose: 'a program that measures what its own parts are worth (MLE-STAR)',
    reply: 'program',
    parent: { program: 'whole', plan: true, score: true },
    siblings: true,
  },
  'refine-block': {
    ...GATE,
    purpose: 'the block that an ablation points to, chosen and rewritten in one call (MLE-STAR)',
    reply: 'edits',
    parent: { program: 'whole', plan: true, score: true },
    siblings: true,
    references: { most: 1, plan: false, score: false, output: true },
    knowledge: knowledge(4, 'model', 'data', 'strategy'),
  },
  merge: {
    ...GATE,
    purpose: 'another program, built into the one at hand (MLE-STAR)',
    reply: 'program',
    parent: { program: 'whole', plan: true, score: true },
    references: { most: 1, program: 'whole', plan: true, score: true },
  },
} as const satisfies Readonly<Record<string, Visibility>>;

export type PromptName = keyof typeof VISIBILITY;
