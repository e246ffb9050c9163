/** The import rules of ARCHITECTURE.md. `tsPreCompilationDeps` makes type-only imports visible, `dependencyTypesNot` lets them pass. */
const typeOnly = { dependencyTypesNot: ['type-only'] };
const room = (name) => `^src/${name}/`;

/** Values that `from` may not import: everything of ours outside `allowed`. Types may come from `types` as well. */
function only(from, { values, types = [] }) {
  const inside = (names) => names.map(room);
  return [
    {
      name: `${from}-values`,
      severity: 'error',
      from: { path: room(from) },
      to: { path: '^src/', pathNot: inside([from, ...values]), ...typeOnly },
    },
    {
      name: `${from}-types`,
      severity: 'error',
      from: { path: room(from) },
      to: { path: '^src/', pathNot: inside([from, ...values, ...types]) },
    },
  ];
}

/** An SDK stays inside the adapter that is made for it. */
function sdk(name, allowed) {
  return {
    name: `sdk-${name}`,
    severity: 'error',
    from: { path: '^src/', pathNot: allowed },
    to: { path: `node_modules/${name}`, ...typeOnly },
  };
}

module.exports = {
  forbidden: [
    { name: 'no-cycles', severity: 'error', from: {}, to: { circular: true, viaOnly: typeOnly } },
    {
      name: 'no-dev-dependencies',
      severity: 'error',
      from: { path: '^src/' },
      to: { dependencyTypes: ['npm-dev'], ...typeOnly },
    },
    ...only('domain', { values: [] }),
    ...only('search', { values: [], types: ['domain'] }),
    ...only('workflows', { values: ['search'], types: ['domain', 'activities'] }),
    ...only('activities', {
      // The port to models and what their calls cost; prompts and authors stay behind their port.
      values: ['domain', 'results', 'benchmarks', 'authors/llm'],
      types: ['authors', 'execution', 'evaluation', 'knowledge', 'store', 'tasks'],
    }),
    ...only('authors', { values: ['domain'], types: ['knowledge', 'store'] }),
    ...only('execution', { values: ['domain'] }),
    ...only('evaluation', { values: ['domain'] }),
    ...only('knowledge', { values: ['domain', 'store'] }),
    ...only('store', { values: ['domain'] }),
    ...only('tasks', { values: ['domain'] }),
    ...only('results', { values: ['domain'], types: ['store', 'evaluation'] }),
    ...only('benchmarks', { values: ['domain', 'tasks', 'results'] }),
    ...only('stack', { values: ['domain'] }),
    ...only('stub-model', { values: [] }),
    ...only('client', { values: ['domain', 'workflows'] }),
    {
      name: 'client-loads-no-workflow',
      severity: 'error',
      from: { path: room('client') },
      to: { path: '^src/workflows/(?!messages|suite-messages|queues)', ...typeOnly },
    },
    {
      name: 'worker-is-composition',
      severity: 'error',
      from: { path: '^src/', pathNot: [room('worker'), room('cli')] },
      to: { path: room('worker') },
    },
    {
      name: 'nobody-imports-cli',
      severity: 'error',
      from: { path: '^src/', pathNot: room('cli') },
      to: { path: room('cli') },
    },
    {
      name: 'search-is-pure',
      severity: 'error',
      from: { path: room('search') },
      to: { dependencyTypes: ['core', 'npm'] },
    },
    {
      name: 'workflows-use-the-sdk-only',
      severity: 'error',
      from: { path: room('workflows') },
      to: { path: 'node_modules', pathNot: 'node_modules/@temporalio/(workflow|common)', ...typeOnly },
    },
    {
      name: 'workflows-no-node',
      severity: 'error',
      from: { path: room('workflows') },
      to: { dependencyTypes: ['core'] },
    },
    sdk('openai', ['^src/authors/llm/openai']),
    sdk('mongodb', ['^src/store/', '^src/knowledge/', '^src/stack/']),
    sdk('@kubernetes/client-node', ['^src/execution/kubernetes/', '^src/cli/(cluster|doctor)-']),
    sdk('@temporalio/client', ['^src/client/', '^src/stack/', '^src/worker/']),
    sdk('@temporalio/workflow', ['^src/workflows/']),
    sdk('@temporalio/worker', ['^src/worker/']),
    sdk('@temporalio/activity', ['^src/activities/', '^src/worker/']),
  ],
  options: {
    doNotFollow: { path: 'node_modules' },
    tsPreCompilationDeps: true,
    tsConfig: { fileName: 'tsconfig.json' },
    enhancedResolveOptions: {
      exportsFields: ['exports'],
      conditionNames: ['import', 'require', 'node', 'default', 'types'],
      extensions: ['.ts', '.js', '.json'],
    },
  },
};
