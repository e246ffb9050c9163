/** Text. Where no probabilities are scored the temperature is dropped. */
import type { Idea, PlanIdea } from './assemble.js';

const WORDS = 'data.text.word-tfidf';
const PAIRS: Idea = ['data.text.word-tfidf', { ngrams: 2 }];
const TOKENS = 'data.text.token-tfidf';
const CHARS = 'data.text.char-tfidf';
const SHORT_CHARS: Idea = ['data.text.char-tfidf', { longest: 4 }];
const TOPICS = 'data.text.latent-topics';
const SPELLING = 'data.text.char-topics';
const SURFACE = 'data.text.surface-counts';

const SGD = 'model.text.sgd-log';
const BAYES = 'model.naive-bayes.multinomial';
const LOGISTIC = 'model.linear.logistic';
const RIDGE = 'model.linear.ridge';
const COMPLEMENT = 'model.naive-bayes.complement';
const TREES = 'model.tabular-trees.lightgbm-extra-trees';
const MLP = 'model.neural.perceptron';
const EXTRA = 'model.tabular-trees.extra-trees';
const BOOSTING = 'model.tabular-trees.lightgbm-slow-small';
const QUICK = { n_estimators: 100, learning_rate: 0.08 } as const;
const TEMPERED = { calibrate: ['strategy.calibration.temperature'] } as const;

export const TEXT_PORTFOLIO: readonly PlanIdea[] = [
  { model: SGD, feature: [TOKENS, CHARS], ...TEMPERED },
  { model: [RIDGE, { alpha: 1 }], feature: [TOKENS, CHARS] },
  { model: BAYES, feature: [TOKENS, SHORT_CHARS], ...TEMPERED },
  { model: [LOGISTIC, { strength: 10, max_iter: 100 }], feature: [TOKENS], ...TEMPERED },
  { model: COMPLEMENT, feature: [TOKENS, CHARS], ...TEMPERED },
  { model: [TREES, QUICK], feature: [TOPICS, SURFACE], ...TEMPERED },
  { model: [SGD, { alpha: 0.00001 }], feature: [CHARS], ...TEMPERED },
  { model: [BAYES, { alpha: 0.02 }], feature: [SHORT_CHARS], ...TEMPERED },
  { model: [MLP, { units: 64, alpha: 0.3, epochs: 20 }], feature: [TOPICS, SPELLING, SURFACE], ...TEMPERED },
  { model: [SGD, { balanced: true }], feature: [TOKENS, CHARS, SURFACE], ...TEMPERED },
  { model: [RIDGE, { alpha: 3 }], feature: [PAIRS] },
  { model: [BAYES, { alpha: 0.05 }], feature: [PAIRS], ...TEMPERED },
  { model: [LOGISTIC, { strength: 3 }], feature: [SPELLING, TOPICS, SURFACE] },
  { model: [COMPLEMENT, { alpha: 0.5 }], feature: [CHARS], ...TEMPERED },
  { model: [EXTRA, { min_samples_leaf: 2, max_features: 'sqrt' }], feature: [TOPICS, SPELLING, SURFACE], ...TEMPERED },
  { model: SGD, feature: [PAIRS, SHORT_CHARS], ...TEMPERED },
  { model: [BOOSTING, { n_estimators: 150, learning_rate: 0.08 }], feature: [SPELLING, SURFACE], ...TEMPERED },
  { model: [RIDGE, { alpha: 10 }], feature: [TOPICS, SPELLING, SURFACE] },
  { model: [SGD, { penalty: 'elasticnet' }], feature: [TOKENS], ...TEMPERED },
  { model: [BAYES, { alpha: 0.2 }], feature: [WORDS], ...TEMPERED },
  { model: [LOGISTIC, { strength: 8, max_iter: 100 }], feature: [PAIRS, SURFACE] },
  { model: [TREES, QUICK], feature: [TOPICS, SPELLING, SURFACE], ...TEMPERED },
  { model: SGD, feature: [TOKENS, CHARS], also: [{ model: BAYES, feature: [TOKENS, SHORT_CHARS] }], ...TEMPERED },
  { model: [LOGISTIC, { strength: 1 }], feature: [WORDS] },
];
