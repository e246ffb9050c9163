// The tables of the recorded landscapes in docs/policies.md, from the results. The same results give the same bytes.

import { readFileSync, writeFileSync } from 'node:fs';
import { load } from './grammar.mjs';

const [BEGIN, END] = ['<!-- recorded:begin -->', '<!-- recorded:end -->'];
const OWN = 'mcgs';

/** Markdown by the name of the table. */
export async function tablesOf(results) {
  const { REFERENCE } = await load('search/simulate/contestants.js');
  const { rivalsTable, standingsTable } = await load('search/simulate/markdown.js');
  const { difference, verdict } = await load('search/simulate/standing.js');
  const { landscapes, names } = results;
  const single = pooled('program', landscapes, names, 'truth');
  const blend = pooled('blend', landscapes, names, 'blend');
  const rivals = names.filter((name) => name !== OWN);
  const both = names.includes(OWN) && names.includes(REFERENCE);
  return {
    landscapes: landscapesTable(landscapes),
    ...(names.includes(REFERENCE) && { standings: standingsTable([single, blend], names, REFERENCE) }),
    ...(names.includes(OWN) && { rivals: rivalsTable([single], OWN, rivals) }),
    ...(names.includes(OWN) && {
      each: rivalsTable(
        landscapes.map((one) => alone(one, names)),
        OWN,
        rivals,
      ),
    }),
    ...(both && { verdict: sentence({ difference, verdict, names, rivals, results: { single, blend } }) }),
    work: workTable(landscapes, names),
  };
}

/** All landscapes as one profile, each a group of its own for the intervals. */
function pooled(profile, landscapes, names, measure) {
  const count = landscapes[0].records[names[0]].truth.length;
  const places = landscapes.flatMap((_, place) => Array.from({ length: count }, () => place));
  return {
    profile,
    landscapes: places,
    records: Object.fromEntries(names.map((name) => [name, joined(landscapes, name, measure)])),
  };
}

function joined(landscapes, name, measure) {
  const records = landscapes.map((one) => one.records[name]);
  const average = (of) => records.reduce((sum, record) => sum + of(record), 0) / records.length;
  return {
    truth: records.flatMap((record) => record[measure]),
    overTime: records.flatMap(({ overTime }) => overTime),
    optimism: average(({ optimism }) => optimism),
    nodes: average(({ nodes }) => nodes),
    failed: average(({ failed }) => failed),
  };
}

function alone(one, names) {
  return { ...pooled(one.landscape, [one], names, 'truth'), profile: one.landscape };
}

/** Who is ahead, and whether the default is behind anybody by more than chance. */
function sentence({ difference, verdict, names, rivals, results }) {
  return Object.entries({ 'The program handed in': results.single, 'The blend': results.blend })
    .map(([what, result]) => {
      const mean = (name) => result.records[name].truth.reduce((sum, value) => sum + value, 0);
      const order = [...names].sort((a, b) => mean(b) - mean(a));
      const place = order.indexOf(OWN) + 1;
      const said = (wanted) =>
        rivals.filter((name) => verdict(difference(result, OWN, name)) === wanted).map((name) => `\`${name}\``);
      const [ahead, behind] = [said('better'), said('worse')];
      const list = (all) => (all.length > 0 ? all.join(', ') : 'nobody');
      return `${what}: \`${OWN}\` is number ${place} of ${names.length} contenders by its mean, clearly ahead of ${list(ahead)}, clearly behind ${list(behind)}.`;
    })
    .join(' ');
}

function landscapesTable(landscapes) {
  const lines = landscapes.map((one) => [
    `\`${one.landscape}\``,
    one.metric,
    `${one.programs}${one.failed > 0 ? ` (${one.failed} failed)` : ''}`,
    `${one.rows.train} / ${one.rows.searched} / ${one.rows.test}`,
    `${one.seconds.start.toFixed(1)} + ${one.seconds.median.toFixed(2)}`,
    digits(one.scores.constant),
    digits(one.scores.median),
    digits(one.scores.best),
    one.agreement.toFixed(2),
    ...['tune', 'features', 'strategy'].map((name) => share(one.coverage[name])),
    one.means.apart.toExponential(0),
  ]);
  const head = [
    'landscape',
    'metric',
    'programs',
    'rows: labelled / searched on / judging',
    'seconds: start + median',
    'constant',
    'median',
    'best',
    'search and test agree',
    'tune',
    'features',
    'strategy',
    'blend error',
  ];
  return markdown(head, lines);
}

function workTable(landscapes, names) {
  const average = (name, of) => landscapes.reduce((sum, one) => sum + of(one.records[name]), 0) / landscapes.length;
  const kinds = ['draft', 'improve', 'debug', 'evolve', 'fuse', 'aggregate'];
  const lines = names.map((name) => [
    `\`${name}\``,
    average(name, ({ nodes }) => nodes).toFixed(0),
    ...kinds.map((kind) => average(name, ({ operators }) => operators[kind] ?? 0).toFixed(0)),
    average(name, ({ means }) => means).toFixed(0),
    average(name, ({ rejected }) => rejected).toFixed(0),
    average(name, ({ oracle }) => oracle).toFixed(2),
  ]);
  return markdown(['policy', 'nodes', ...kinds, 'means', 'refused', 'best met'], lines);
}

function markdown(head, lines) {
  return [head, head.map(() => '---'), ...lines].map((cells) => `| ${cells.join(' | ')} |`).join('\n');
}

function share({ ideas, recorded }) {
  return `${Math.round((100 * recorded) / ideas)} %`;
}

function digits(value) {
  return Number(value.toPrecision(4)).toString();
}

/** Replaces what lies between the markers of docs/policies.md. */
export async function writeTables(root, results) {
  const path = `${root}docs/policies.md`;
  const before = readFileSync(path, 'utf8');
  const [from, to] = [before.indexOf(BEGIN), before.indexOf(END)];
  if (from < 0 || to < from) throw new Error('docs/policies.md has no place for the recorded landscapes.');
  const { landscapes, verdict, standings, rivals, each, work } = await tablesOf(results);
  const text = [
    landscapes,
    `${results.seeds} seeds each, time for ${results.nodes} programs of mean cost on ${results.slots} slots. 0 is the median program on the rows of the judge; 1 lies as much higher as the best program is better than the median one on all rows.`,
    verdict,
    standings,
    rivals,
    'Each landscape by itself, the program handed in:',
    each,
    'What the policies did, means over the landscapes; `means`: nodes that are blends of programs; `best met`: the best test score of any node.',
    work,
  ].join('\n\n');
  writeFileSync(path, `${before.slice(0, from + BEGIN.length)}\n${text}\n${before.slice(to)}`);
}
