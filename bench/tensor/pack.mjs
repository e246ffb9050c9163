// One file for each landscape: everything that a replay needs, gzipped, with a checksum over what is inside.
//
// Predictions are rounded to 16-bit steps. Scores of single programs are stored as they were measured, before any rounding.

import { createHash } from 'node:crypto';
import { existsSync, mkdirSync, readFileSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { fileURLToPath } from 'node:url';
import { gunzipSync, gzipSync } from 'node:zlib';
import { grammarOf, load } from './grammar.mjs';
import { movesOf } from './moves.mjs';

const { readerOf, stepsOf } = await load('search/simulate/recorded/steps.js');

const PUBLISHED = fileURLToPath(new URL('./data/', import.meta.url));

/** Reads what `record.py` left in `<cache>/<landscape>` and writes `<folder>/<landscape>.json.gz`. Returns a sentence. */
export function pack(name, cache, folder = PUBLISHED) {
  const from = join(cache, name);
  const read = (file) => JSON.parse(readFileSync(join(from, file), 'utf8'));
  const { rows, scores, ...facts } = read('facts.json');
  const { plans } = read('plans.json');
  const records = recordsOf(from, plans);
  const families = [...new Set(plans.map(({ family }) => family))].sort();
  const programs = records.map((record, number) => {
    const family = families.indexOf(plans[number].family);
    return programOf(record, scores[record.id], { family, limitSeconds: facts.limitSeconds });
  });
  const failures = new Map(programs.flatMap(({ failure }, number) => (failure ? [[number, failure]] : [])));
  const grammar = grammarOf(name, read('prepared/card.json'), read('prepared/split.json'));
  const content = {
    format: 1,
    ...facts,
    families,
    programs,
    summaries: plans.map(({ summary }) => summary),
    fingerprints: records.map(({ program }) => program),
    moves: movesOf(
      grammar,
      plans.map(({ plan }) => plan),
      failures,
    ),
    rows: rowsOf(rows),
    predictions: packed(from, records, facts.metric === 'logloss'),
  };
  mkdirSync(folder, { recursive: true });
  const bytes = gzipSync(JSON.stringify({ sha256: checksumOf(content), ...content }), { level: 9 });
  writeFileSync(join(folder, `${name}.json.gz`), bytes);
  return `${name}: ${records.length} programs, ${(bytes.length / 1e6).toFixed(1)} MB`;
}

/** Whether every program of the landscape has been run. */
export function isWhole(name, cache) {
  return existsSync(join(cache, name, 'facts.json'));
}

/** In the order of the plans; what was recorded last counts. Throws when one is missing: half a landscape would offer other moves. */
function recordsOf(from, plans) {
  const lines = readFileSync(join(from, 'records.jsonl'), 'utf8').split('\n').flatMap(parsed);
  const byId = new Map(lines.map((record) => [record.id, record]));
  return plans.map(({ id }) => {
    const record = byId.get(id);
    if (!record) throw new Error(`${id} was not recorded yet in ${from}.`);
    return record;
  });
}

/** A line that was cut off when the recording was stopped says nothing. */
function parsed(line) {
  try {
    return [JSON.parse(line)];
  } catch {
    return [];
  }
}

/** A program that needed all of its time has failed, whether it was stopped or came to its end. */
function programOf({ seconds, failure }, scores, { family, limitSeconds }) {
  const late = seconds >= limitSeconds;
  const failed = { family, seconds: Math.min(seconds, limitSeconds), search: null, final: null, test: null };
  if (late || !scores) return { ...failed, failure: late ? 'timeout' : failure };
  const { search, final, test } = scores;
  return { family, seconds, search, final, test };
}

function rowsOf({ truth, ...rows }) {
  return { ...rows, truth: truth[0] === null ? null : truth };
}

function packed(from, records, isLog) {
  const arrays = records.map(({ id, predictions }) =>
    predictions ? floatsOf(join(from, 'predictions', `${id}.npy`), predictions) : undefined,
  );
  const { steps, ...scale } = stepsOf(arrays, isLog);
  return { ...scale, steps: Buffer.from(steps.buffer).toString('base64') };
}

/** A vector of float32 as NumPy writes it. Throws when the file is not what was recorded. */
function floatsOf(path, digest) {
  const bytes = readFileSync(path);
  if (createHash('sha256').update(bytes).digest('hex') !== digest)
    throw new Error(`${path} has changed since it was recorded.`);
  const header = 10 + bytes.readUInt16LE(8);
  return new Float32Array(Uint8Array.from(bytes.subarray(header)).buffer);
}

/** The recording of a landscape as the replay wants it, or nothing where there is no file. Throws when it was changed. */
export function unpack(name, folder = PUBLISHED) {
  const path = join(folder, `${name}.json.gz`);
  if (!existsSync(path)) return undefined;
  const { sha256, ...content } = JSON.parse(gunzipSync(readFileSync(path)).toString('utf8'));
  if (checksumOf(content) !== sha256) throw new Error(`${path} is not as it was recorded.`);
  const bytes = Uint8Array.from(Buffer.from(content.predictions.steps, 'base64'));
  const predictions = readerOf({ ...content.predictions, steps: new Uint16Array(bytes.buffer) });
  return { ...content, sha256, predictions };
}

function checksumOf(content) {
  return createHash('sha256').update(JSON.stringify(content)).digest('hex');
}
