/** Which kinds of entry serve which move of the search, and how well: the one place that says so. */
import type { KnowledgeEntry, KnowledgeKind } from '../domain/knowledge-entry.js';
import type { RecallRequest } from './port.js';

type Move = 'draft' | 'tune' | 'features' | 'strategy' | 'debug' | 'evolve' | 'fuse' | 'aggregate';

/** 1: what the move is about; less: useful beside it; absent: never offered. */
const PURPOSE: Readonly<Record<Move, Partial<Record<KnowledgeKind, number>>>> = {
  draft: {
    model: 1,
    'metric-playbook': 1,
    'cv-scheme': 0.5,
    encoder: 0.5,
    feature: 0.5,
    cleaning: 0.4,
    validation: 0.3,
  },
  tune: {
    model: 1,
    loss: 0.8,
    optimiser: 0.8,
    encoder: 0.6,
    feature: 0.5,
    'metric-playbook': 0.4,
    'search-tactic': 0.4,
  },
  features: { feature: 1, encoder: 1, cleaning: 0.8, augmentation: 0.8, selection: 0.8, validation: 0.3 },
  strategy: {
    'metric-playbook': 1,
    loss: 1,
    calibration: 1,
    postprocess: 1,
    ensemble: 0.9,
    'cv-scheme': 0.7,
    validation: 0.6,
    optimiser: 0.6,
    'search-tactic': 0.5,
  },
  debug: { 'debug-recipe': 1, validation: 0.2 },
  evolve: {
    model: 1,
    feature: 1,
    encoder: 0.9,
    loss: 0.8,
    cleaning: 0.7,
    selection: 0.7,
    calibration: 0.7,
    postprocess: 0.7,
    'metric-playbook': 0.7,
    'search-tactic': 0.5,
  },
  fuse: { model: 1, feature: 1, ensemble: 1, encoder: 0.8, calibration: 0.7, postprocess: 0.7, 'metric-playbook': 0.5 },
  aggregate: {
    ensemble: 1,
    model: 0.9,
    'metric-playbook': 0.9,
    calibration: 0.8,
    postprocess: 0.8,
    feature: 0.6,
    validation: 0.4,
  },
};

/** 0 when the entry has no place in this move. An improve without a variant may draw on all three. */
export function purposeOf(entry: KnowledgeEntry, request: Pick<RecallRequest, 'operator' | 'variant'>): number {
  return Math.max(0, ...movesOf(request).map((move) => PURPOSE[move][entry.kind] ?? 0));
}

function movesOf(request: Pick<RecallRequest, 'operator' | 'variant'>): readonly Move[] {
  switch (request.operator) {
    case 'improve':
      break;
    case 'refine-block':
      return ['tune', 'features', 'strategy'];
    case 'merge':
      return ['fuse'];
    case 'ablate':
      return [];
    default:
      return [request.operator];
  }
  return request.variant === undefined ? ['tune', 'features', 'strategy'] : [request.variant];
}
