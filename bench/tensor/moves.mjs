// Where the composer's moves lead, as numbers: asked once of the composer itself, so that a replay needs none.
//
// A target is the number of a recorded program; a list of numbers is the mean of those; -1, -2 and -3 stand for the mean with
// the first, second and third partner that the run offers (see `partners`). Targets outside the recording are left out: the
// composer is answered as if those programs had been tried already.

import { keyOf } from './grammar.mjs';

/** Different orders in which the composer offers its ideas; a replay draws one of them. */
const SEEDS = 8;
/** Longest list that is kept: a run seldom stays at one program for longer. */
const LONGEST = 24;
/** First programs beyond the portfolio are drawn so often. */
const DRAFT_SEEDS = 48;
const PARTNER = /^average with /;

/** `plans`: recorded plans in their order. `failures`: the class by number, of those that failed. */
export function movesOf(grammar, plans, failures) {
  const numbers = new Map(plans.map((plan, number) => [keyOf(plan), number]));
  const single = (plan, member) => numbers.get(keyOf({ ...plan, members: [member], ensemble: [] }));
  const targetOf = (plan) => {
    if (plan.members.length === 1) return numbers.get(keyOf(plan));
    const members = plan.members.map((member) => single(plan, member));
    return members.includes(undefined) ? undefined : members;
  };
  const coverage = {};
  const targets = (wish, { own, most = LONGEST } = {}) => {
    const found = new Map();
    const counts = coverage[wish.variant ?? wish.operator] ?? { ideas: 0, recorded: 0 };
    coverage[wish.variant ?? wish.operator] = counts;
    for (const target of offered(grammar.ideas(wish), own !== undefined, targetOf)) {
      counts.ideas += 1;
      counts.recorded += target === undefined ? 0 : 1;
      if (target !== undefined && target !== own && !found.has(String(target))) found.set(String(target), target);
      if (found.size === most) break;
    }
    return [...found.values()];
  };
  const improve = (variant) =>
    plans.map((plan, own) =>
      upTo(SEEDS).map((seed) => targets({ operator: 'improve', variant, parent: { plan }, seed }, { own })),
    );
  const drafts = upTo(DRAFT_SEEDS).map((seed) => targets({ operator: 'draft', seed }, { most: Infinity }));
  const shared = commonStart(drafts);
  const crossed = crossings(grammar, plans, numbers);
  return {
    seeds: SEEDS,
    portfolio: drafts[0].slice(0, shared),
    draft: drafts.map((list) => list.slice(shared)),
    tune: improve('tune'),
    features: improve('features'),
    strategy: improve('strategy'),
    debug: plans.map((plan, own) => {
      const outcome = { kind: failures.get(own) ?? 'timeout', message: '' };
      return targets({ operator: 'debug', seed: 0, parent: { plan, outcome } }, { own }).filter(isOneProgram);
    }),
    ...additions(grammar, plans, numbers, crossed.part),
    partners: portfolioMembers(grammar, plans, single),
    ...crossed,
    coverage,
  };
}

/** Means with a partner are counted where there is a program of one's own; which partner, the replay knows. */
function* offered(ideas, withPartners, targetOf) {
  let partners = 0;
  for (const { plan, changes } of ideas) {
    const isPartner = withPartners && PARTNER.test(changes[0] ?? '');
    if (isPartner) partners += 1;
    yield isPartner ? -partners : targetOf(plan);
  }
}

function upTo(count) {
  return Array.from({ length: count }, (_, number) => number);
}

/** How many entries all lists begin with: the portfolio, before anything is drawn. */
function commonStart([first, ...others]) {
  const end = first.findIndex((target, place) => others.some((list) => String(list[place]) !== String(target)));
  return end < 0 ? first.length : end;
}

/** Components that can be added to each program, and those that each part has. */
function additions(grammar, plans, numbers, part) {
  const names = [...new Set(plans.flatMap(({ members: [member] }) => added(member)))].sort();
  const components = [];
  const add = plans.map((plan, own) => {
    const [member] = plan.members;
    components[part[own]] ??= added(member).map((id) => names.indexOf(id));
    const found = new Map();
    for (const { plan: next, changes } of grammar.ideas({
      operator: 'improve',
      variant: 'features',
      seed: 0,
      parent: { plan },
    })) {
      if (changes.length > 1) break;
      const fresh = added(next.members[0]).filter((id) => !added(member).includes(id));
      const number = numbers.get(keyOf(next));
      if (/^add /.test(changes[0]) && fresh.length === 1 && number !== undefined)
        found.set(names.indexOf(fresh[0]), number);
    }
    return [...found];
  });
  return { add, components };
}

function added({ feature, encode }) {
  return [...feature, ...encode].map(({ component }) => component);
}

function isOneProgram(target) {
  return typeof target === 'number' && target >= 0;
}

/** Members of the composer's portfolio that a second model is taken from when the best of the run offer none. */
function portfolioMembers(grammar, plans, single) {
  const [first] = plans;
  const found = new Set();
  for (const { plan } of grammar.ideas({ operator: 'draft', seed: 0 })) {
    for (const member of plan.members) {
      const number = single(first, member);
      if (number !== undefined) found.add(number);
    }
  }
  return [...found];
}

/**
 * What `fuse` makes of two programs beside their mean. `cross`: the program with the columns of a part (row) and a model
 * (column). `union`: the program (row) with the columns of a part (column) added to its own. -1: not recorded.
 */
function crossings(grammar, plans, numbers) {
  const parts = indexed(plans.map(({ members: [{ model: _, ...columns }] }) => columns));
  const models = indexed(plans.map(({ members: [{ model }] }) => model));
  const [frame] = plans;
  const fused = (own, other, change) => {
    const parent = { plan: { ...frame, members: [own] }, nodeId: 'n1' };
    const references = [{ plan: { ...frame, members: [other] }, nodeId: 'n2' }];
    for (const { plan, changes } of grammar.ideas({ operator: 'fuse', seed: 0, parent, references })) {
      if (changes[0]?.startsWith(change)) return numbers.get(keyOf(plan)) ?? -1;
    }
    return -1;
  };
  const someModel = (part) => models.items[models.of[parts.of.indexOf(part)]];
  const somePart = (model) => parts.items[parts.of[models.of.indexOf(model)]];
  const cross = parts.items.flatMap((columns, part) =>
    models.items.map((model, at) =>
      fused({ ...columns, model: someModel(part) }, { ...somePart(at), model }, 'model '),
    ),
  );
  const union = plans.flatMap((plan) =>
    parts.items.map((columns, part) =>
      fused(plan.members[0], { ...columns, model: someModel(part) }, 'features of both'),
    ),
  );
  return { part: parts.of, model: models.of, parts: parts.items.length, models: models.items.length, cross, union };
}

/** Distinct items in the order of their first use, and the number of each. */
function indexed(all) {
  const places = new Map();
  const items = [];
  const of = all.map((item) => {
    const key = JSON.stringify(item);
    if (!places.has(key)) places.set(key, items.push(item) - 1);
    return places.get(key);
  });
  return { items, of };
}
