/** Entries and task cards for tests: valid, small, and told apart only by what a test sets. */
import { KnowledgeEntry } from '../../src/domain/knowledge-entry.js';
import { TaskCard } from '../../src/domain/task-card.js';
import type { RecallRequest } from '../../src/knowledge/port.js';

export function entryWith(fields: Partial<KnowledgeEntry> & { readonly id: string }): KnowledgeEntry {
  return KnowledgeEntry.parse({
    name: fields.id,
    level: fields.id.split('.')[0],
    kind: 'model',
    summary: 'A summary of at least forty characters, as the check demands.',
    evidence: [{ type: 'method', claim: 'It is so.', checked: '2026-11' }],
    review: { by: 'maintainers', checked: '2026-11' },
    body: 'Text. '.repeat(50),
    ...fields,
  });
}

export function cardWith(fields: Partial<TaskCard> = {}): TaskCard {
  return TaskCard.parse({
    taskId: 'weights',
    title: 'Birth weight',
    modality: 'tabular',
    taskType: 'regression',
    metric: 'rmse',
    direction: 'minimise',
    predictions: 'value',
    target: 'weight',
    idColumn: 'id',
    submissionColumns: ['weight'],
    targetRange: [500, 5500],
    rows: { train: 3250, test: 1393 },
    columns: [
      { name: 'age', kind: 'integer', missing: 0.02, unique: 30, inTest: true },
      { name: 'clinic', kind: 'category', missing: 0, unique: 12, inTest: true },
      { name: 'outcome', kind: 'number', missing: 0.9, unique: 50, inTest: false },
    ],
    regimes: ['small', 'missing-values'],
    packages: { 'scikit-learn': '1.9.1', lightgbm: '4.7.0', 'xgboost-cpu': '3.2.0' },
    warnings: [],
    ...fields,
  });
}

export function requestWith(fields: Partial<RecallRequest> = {}): RecallRequest {
  return { card: cardWith(), operator: 'draft', question: '', inUse: [], limit: 12, ...fields };
}
