// `npm run bench:prompts`: how long prompts are, and how much of them a provider can cache. One simulated run (simulated-run.mjs) for each
// recorded practice competition. Deterministic; writes results/sizes.json, from which docs/operators.md is printed.
//
//   node bench/prompts/measure.mjs [nodes, default 40]
//
// `stable`: the longest common beginning of all first prompts of a kind in a run. `seen`: the longest beginning of a prompt that any earlier call
// of the run began with; a provider that keeps everything would charge that much as cached.

import { mkdirSync, readdirSync, readFileSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { fileURLToPath, pathToFileURL } from 'node:url';
import { simulatedRun } from './simulated-run.mjs';

const root = fileURLToPath(new URL('../../', import.meta.url));
const dist = process.env.AUTOMLGEN_DIST ?? join(root, 'dist');
const load = (path) => import(pathToFileURL(join(dist, path)).href);
const { createLlmAuthor } = await load('authors/llm/author.js');
const { createChatModel } = await load('authors/llm/openai-chat.js');
const { loadTokenCounter } = await load('authors/llm/views/tokens.js');
const { ModelSettings } = await load('domain/run-config.js');
const { fingerprintOf } = await load('domain/fingerprint.js');
const { blobIdOf } = await load('domain/ids.js');
const { createRetriever } = await load('knowledge/retrieve.js');
const { loadEntries } = await load('knowledge/load.js');
const { MODEL_NAME } = await load('stub-model/options.js');
const { startStubModel } = await load('stub-model/server.js');

const nodes = Number(process.argv[2] ?? 40);
const entries = loadEntries(join(root, 'src/knowledge/entries'));
const retrieve = createRetriever(entries);
const recipes = entries
  .filter(({ kind }) => kind === 'debug-recipe')
  .flatMap(({ aliases }) => aliases.slice(0, 1))
  .filter((line) => /Error/.test(line));
const countTokens = await loadTokenCounter();
const settings = ModelSettings.parse({ name: MODEL_NAME });
const stub = await startStubModel({
  ...{
    host: '127.0.0.1',
    port: 0,
    seed: 1,
    schema: 'honour',
    buggy: 0,
    clumsy: 0.1,
    strict: 0.1,
    hostile: 0,
    contextTokens: 1_000_000,
  },
  latencyMs: { p50: 0, p95: 0 },
  faults: { share: 0, kinds: [] },
});
const model = createChatModel({ baseUrl: stub.url });
const kinds = new Map();
let calls = 0;

for (const file of readdirSync(join(root, 'bench/prompts/tasks')).sort()) {
  const task = JSON.parse(readFileSync(join(root, 'bench/prompts/tasks', file), 'utf8'));
  for (const draft of ['single', 'stepwise']) {
    const texts = new Map();
    const earlier = [];
    await simulatedRun({
      task,
      author: createLlmAuthor({ ...settings, draft, usageGate: draft === 'single' }),
      model,
      recall: (request) => retrieve(request, new Map()),
      recipes,
      nodes: draft === 'single' ? nodes : 6,
      random: mulberry(file.length * 1000 + file.charCodeAt(1)),
      idOf: blobIdOf,
      fingerprintOf,
      onCall: ({ step, messages }) => {
        const name = step.replace(/-(?:repair|smaller|edits|syntax|duplicate|gate|shorter|review)\b.*$/, '');
        const text = messages.map(({ content }) => content).join('');
        const seen = Math.max(0, ...earlier.map((other) => commonStart(text, other)));
        earlier.push(text);
        if (draft === 'stepwise' && !/^draft-/.test(name)) return;
        if (messages.length > 2) return add('further turns', text, seen);
        calls += 1;
        texts.set(name, [...(texts.get(name) ?? []), { text, seen }]);
      },
    });
    for (const [name, prompts] of texts) {
      const [first] = prompts;
      const stable =
        prompts.length < 2
          ? undefined
          : Math.min(...prompts.map(({ text }) => commonStart(text, first.text) || text.length));
      for (const { text, seen } of prompts)
        add(name, text, seen, stable === undefined ? undefined : commonOf(text, prompts));
    }
  }
  process.stderr.write(`${file}: ${calls} first prompts so far\n`);
}
await stub.close();

const rows = [...kinds].map(([name, sizes]) => ({
  name,
  prompts: sizes.length,
  p50: quantile(
    sizes.map(({ tokens }) => tokens),
    0.5,
  ),
  p95: quantile(
    sizes.map(({ tokens }) => tokens),
    0.95,
  ),
  stable: share(sizes, 'stable'),
  seen: share(sizes, 'seen'),
}));
rows.sort((a, b) => (a.name < b.name ? -1 : 1));
mkdirSync(join(root, 'bench/prompts/results'), { recursive: true });
const result = { nodes, competitions: 11, contextTokens: settings.contextTokens, rows };
writeFileSync(join(root, 'bench/prompts/results/sizes.json'), `${JSON.stringify(result, null, 2)}\n`);
console.table(rows);

function add(name, text, seen, stable) {
  const tokens = countTokens(text);
  const entry = {
    tokens,
    seen: countTokens(text.slice(0, seen)),
    ...(stable !== undefined && { stable: countTokens(text.slice(0, stable)) }),
  };
  kinds.set(name, [...(kinds.get(name) ?? []), entry]);
}

/** Characters that all prompts of the kind begin with. */
function commonOf(text, prompts) {
  return Math.min(...prompts.filter((other) => other.text !== text).map((other) => commonStart(text, other.text)));
}

function commonStart(one, other) {
  const end = Math.min(one.length, other.length);
  let at = 0;
  while (at < end && one.charCodeAt(at) === other.charCodeAt(at)) at += 1;
  return at;
}

/** Of all tokens of the kind, in percent; prompts that were alone of their kind say nothing. */
function share(sizes, key) {
  const told = sizes.filter((size) => Number.isFinite(size[key]));
  if (told.length === 0) return null;
  const total = told.reduce((sum, { tokens }) => sum + tokens, 0);
  return Math.round((100 * told.reduce((sum, size) => sum + size[key], 0)) / total);
}

function quantile(values, q) {
  const sorted = [...values].sort((a, b) => a - b);
  return sorted[Math.min(sorted.length - 1, Math.floor(q * sorted.length))];
}

function mulberry(seed) {
  let state = seed >>> 0;
  return () => {
    state = (state + 0x6d2b79f5) >>> 0;
    let mixed = Math.imul(state ^ (state >>> 15), state | 1);
    mixed ^= mixed + Math.imul(mixed ^ (mixed >>> 7), mixed | 61);
    return ((mixed ^ (mixed >>> 14)) >>> 0) / 4_294_967_296;
  };
}
