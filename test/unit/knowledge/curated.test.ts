/** The entries that ship. */
import { readFileSync } from 'node:fs';
import { describe, expect, test } from '@jest/globals';
import { METRICS } from '../../../src/domain/metric.js';
import { checkKnowledge } from '../../../src/knowledge/check.js';
import { createRetriever } from '../../../src/knowledge/retrieve.js';
import { cardWith, requestWith } from '../../support/knowledge.js';

const { entries, complaints } = checkKnowledge();
const ofKind = (kind: string): readonly string[] =>
  entries.filter((entry) => entry.kind === kind).map((entry) => entry.id);

describe('curated entries', () => {
  test('pass every check', () => {
    expect(complaints.map(({ path, text }) => `${path}: ${text}`)).toEqual([]);
  });

  test('are as many as promised', () => {
    expect(entries.length).toBeGreaterThanOrEqual(60);
    expect(ofKind('debug-recipe').length).toBeGreaterThanOrEqual(15);
    expect(ofKind('cv-scheme').length + ofKind('validation').length).toBeGreaterThanOrEqual(6);
  });

  test('hold a playbook for each of the usual metrics, and none for a metric that is not registered', () => {
    const playbooks = ofKind('metric-playbook').map((id) => id.split('.').at(-1) ?? '');
    expect(playbooks.filter((name) => !Object.hasOwn(METRICS, name))).toEqual([]);
    const usual = ['accuracy', 'auc', 'f1-macro', 'logloss', 'mae', 'qwk', 'r2', 'rmse', 'rmsle', 'spearman'];
    expect(usual.filter((name) => !playbooks.includes(name))).toEqual([]);
  });
});

describe('recall over the curated entries', () => {
  const recall = createRetriever(entries);
  const ids = (fields: Parameters<typeof requestWith>[0]): readonly string[] =>
    recall(requestWith(fields), new Map()).map(({ entry }) => entry.id);

  test.each(['rmse', 'mae', 'rmsle', 'r2'] as const)('a draft for %s gets its own playbook and no other', (metric) => {
    const recalled = ids({ card: cardWith({ metric }), question: 'predict the birth weight' });
    expect(recalled).toContain(`strategy.metric-playbook.${metric}`);
    expect(recalled.filter((id) => id.includes('metric-playbook'))).toHaveLength(1);
  });

  test('a draft on a small table gets models of at least four families, none of them for text', () => {
    const recalled = recall(requestWith({ question: 'predict the birth weight' }), new Map());
    const models = recalled.filter(({ entry }) => entry.kind === 'model');
    expect(new Set(models.map(({ entry }) => entry.family)).size).toBeGreaterThanOrEqual(4);
    expect(models.filter(({ entry }) => entry.modalities && !entry.modalities.includes('tabular'))).toEqual([]);
  });

  test('grouped and temporal tasks get the split that fits them', () => {
    const strategy = { operator: 'improve', variant: 'strategy', limit: 30 } as const;
    const grouped = ids({ ...strategy, card: cardWith({ regimes: ['small', 'grouped'] }) });
    expect(grouped).toContain('data.split.group-kfold');
    expect(grouped).not.toContain('data.split.stratified-kfold');
    const temporal = ids({ ...strategy, card: cardWith({ regimes: ['small', 'temporal'] }) });
    expect(temporal).toContain('data.split.time-split');
    expect(ids(strategy)).not.toContain('data.split.time-split');
  });

  test('every debug recipe is found first by each of its own error lines', () => {
    for (const entry of entries.filter(({ kind }) => kind === 'debug-recipe')) {
      for (const line of entry.aliases) {
        const question = `Traceback (most recent call last):\n  File "main.py", line 3\n${line}\n`;
        expect([line, ids({ operator: 'debug', question, limit: 3 })[0]]).toEqual([line, entry.id]);
      }
    }
  });

  test('is quick enough to be asked before every program', () => {
    const started = performance.now();
    for (let repeat = 0; repeat < 20; repeat += 1) ids({ question: readFileSync('package.json', 'utf8') });
    expect((performance.now() - started) / 20).toBeLessThan(100);
  });
});
