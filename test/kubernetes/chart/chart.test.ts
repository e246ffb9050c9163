/** The chart by itself: it renders what it should for values of every kind, and refuses what could not work. */
import { mkdtempSync, readFileSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { afterAll, describe, expect, test } from '@jest/globals';
import { parse } from 'yaml';
import { OVERLAYS } from '../../../bin/chart-files.mjs';
import { KubernetesSettings } from '../../../src/execution/kubernetes/settings.js';
import { CHART, HELM, helm, KUBECTL, kubectl, lacking, objectsIn, podsOf, rendered, VALUES } from './chart-tools.js';

const scratch = mkdtempSync(join(tmpdir(), 'automlgen-chart-'));
afterAll(() => rmSync(scratch, { recursive: true, force: true }));

const withHelm = HELM ? describe : describe.skip;
const gpu = [
  '--set-json',
  'classes.gpu={"slots":2,"gpus":1,"gpuResource":"nvidia.com/mig-1g.10gb","shmMiB":4096,"nodeSelector":{"pool":"gpu"},"runtimeClassName":"gvisor","kueueQueue":"ml","podTemplatePatch":{"spec":{"hostUsers":false}}}',
];

withHelm(`helm${lacking('helm')}`, () => {
  test('lint finds nothing', () => {
    const { status, stdout } = helm('lint', '--strict', CHART, ...VALUES);
    expect({ status, failed: /(\d+) chart\(s\) failed/.exec(stdout)?.[1] }).toEqual({ status: 0, failed: '0' });
  });

  test('a release beside another makes none of its objects, and neither takes what they share along when it goes', () => {
    const old = rendered(...VALUES);
    const shared = ['--set', 'namespaces.runs.create=false,storage.data.existingClaim=automlgen-data'];
    const { stdout } = helm('template', 'automlgen-next', CHART, '--namespace', 'automlgen', ...VALUES, ...shared);
    const next = Object.keys(byKey(objectsIn(stdout)));
    expect(next).toContain('Deployment/automlgen/automlgen-next-search');
    expect(next.filter((key) => key in byKey(old))).toEqual([]);
    const kept = old.filter(({ metadata }) => metadata.annotations?.['helm.sh/resource-policy'] === 'keep');
    const names = kept.map(({ kind, metadata }) => `${kind}/${metadata.name}`).sort();
    expect(names).toEqual([
      'Namespace/automlgen-runs',
      'NetworkPolicy/automlgen-deny',
      'PersistentVolumeClaim/automlgen-data',
    ]);
  });

  test('the rule that denies programs the network stays with whatever still runs, whoever made the namespace', () => {
    for (const create of [true, false]) {
      const objects = rendered(...VALUES, '--set', `namespaces.runs.create=${create}`);
      const policies = objects.filter(({ kind }) => kind === 'NetworkPolicy');
      const kept = policies.filter(({ metadata }) => metadata.annotations?.['helm.sh/resource-policy'] === 'keep');
      expect(policies).toHaveLength(3);
      // What allows something goes: an old release must not add to the rules of the next.
      expect(kept.map(({ spec }) => spec)).toEqual([{ podSelector: {}, policyTypes: ['Ingress', 'Egress'] }]);
      expect(kept[0]?.metadata.namespace).toBe('automlgen-runs');
    }
  });

  test('a name of a class that is left empty counts as absent', () => {
    const names = ['image', 'runtimeClassName', 'priorityClassName', 'schedulerName', 'kueueQueue'] as const;
    const empty = [...names, 'resourceClaimTemplate'].map((name) => `classes.cpu.${name}=`).join(',');
    const map = rendered(...VALUES, '--set', `${empty},classes.cpu.gpus=1`).find(({ kind }) => kind === 'ConfigMap');
    const { cpu } = parse(map?.data['kubernetes.yaml']).classes;
    const plain = rendered(...VALUES, '--set', 'classes.cpu.gpus=1').find(({ kind }) => kind === 'ConfigMap');
    expect(cpu).toEqual(parse(plain?.data['kubernetes.yaml']).classes.cpu);
    expect(cpu).toMatchObject({ gpus: 1, slots: 4 });
  });

  test.each(['*/15 * * * *', '@hourly', '@every 30m', '@every 1h30m'])('the janitor may come %s', (schedule) => {
    const objects = rendered(...VALUES, '--set-string', `janitor.schedule=${schedule}`);
    expect(objects.find(({ kind }) => kind === 'CronJob')?.spec.schedule).toBe(schedule);
  });

  test.each([
    ['no Temporal', [], 'temporal.address'],
    ['an unknown value', [...VALUES, '--set', 'worker.replicas=2'], 'worker'],
    ['a value of the wrong kind', [...VALUES, '--set', 'classes.cpu.slots=many'], 'slots'],
    ['an unknown field of a class', [...VALUES, '--set', 'classes.cpu.gpu=1'], 'gpu'],
    ['one namespace for both', [...VALUES, '--set', 'namespaces.runs.name=automlgen'], 'namespace of their own'],
    ['a password among the values', [...VALUES, '--set', 'mongodb.uri=mongodb://me:secret@db'], 'existingSecret'],
    ['no class at all', [...VALUES, '--set', 'classes.cpu=null'], 'classes is empty'],
    ['more GPUs than the quota', [...VALUES, ...gpu, '--set', 'quota.gpus=1'], 'quota.gpus'],
    ['a claim that is not named', [...VALUES, '--set', 'programData.mode=claim'], 'programData.claim'],
    [
      'programs on the volume of the workers',
      [...VALUES, '--set', 'programData.mode=claim,programData.claim=c,programData.workerClaim=automlgen-data'],
      'hidden labels',
    ],
    [
      'a number among the variables',
      [...VALUES, '--set-json', 'workers.extraEnv=[{"name":"A","value":1}]'],
      'want string',
    ],
    ['an empty pull secret', [...VALUES, '--set-json', 'imagePullSecrets=[""]'], '/imagePullSecrets/0'],
    ['a toleration of nothing', [...VALUES, '--set-json', 'workers.tolerations=[{}]'], '/workers/tolerations/0'],
    ['a class with another name', [...VALUES, '--set', 'classes.GPU_1.slots=2'], 'A class is named "GPU_1"'],
    ['a group that is taken away', [...VALUES, '--set-json', 'workers={"search":null}'], "missing property 'search'"],
    ['a name that no Service can have', [...VALUES, '--set', 'fullnameOverride=1e3-x'], 'fullnameOverride'],
    ['a client certificate without TLS', [...VALUES, '--set', 'temporal.tls.existingSecret=t'], 'temporal.tls.enabled'],
    ['an address with a scheme', ['--set', 'temporal.address=https://temporal.example:7233'], '/temporal/address'],
    ['a zone in a schedule', [...VALUES, '--set', 'janitor.schedule=TZ=Asia/Tokyo 0 3 * * *'], 'takes no time zone'],
    ['the same by its other name', [...VALUES, '--set', 'janitor.schedule=CRON_TZ=UTC @daily'], 'takes no time zone'],
    ['a schedule of no time', [...VALUES, '--set', 'janitor.schedule=@every soon'], '/janitor/schedule'],
    ['a digest that is none', [...VALUES, '--set', 'image.digest=latest'], 'digest'],
  ])('refuses %s and says what', (_name, args, words) => {
    const { status, stderr } = helm('template', 'automlgen', CHART, '--namespace', 'automlgen', ...args);
    expect(status).not.toBe(0);
    expect(stderr).toContain(words);
  });

  test('a class of GPUs: a Deployment and a queue of its own, quota by its resource, the settings as given', () => {
    const objects = rendered(...VALUES, ...gpu);
    const worker = objects.find(({ metadata }) => metadata.name === 'automlgen-execute-gpu');
    const environment = worker?.spec.template.spec.containers[0].env as { name: string; value: string }[];
    expect(environment).toContainEqual({ name: 'AUTOMLGEN_EXECUTION_CLASS', value: 'gpu' });
    const quota = objects.find(({ kind }) => kind === 'ResourceQuota');
    expect(quota?.spec.hard).toHaveProperty(['requests.nvidia.com/mig-1g.10gb'], '16');
    const map = objects.find(({ kind }) => kind === 'ConfigMap');
    const settings = parse(map?.data['kubernetes.yaml']);
    settings.artefacts.url = 'http://10.0.0.1:8790';
    expect(KubernetesSettings.parse(settings).classes.gpu).toMatchObject({
      gpus: 1,
      gpuResource: 'nvidia.com/mig-1g.10gb',
      shmMiB: 4096,
      runtimeClassName: 'gvisor',
      kueueQueue: 'ml',
      podTemplatePatch: { spec: { hostUsers: false } },
    });
  });

  test('words that YAML would read as something else stay words, wherever they stand', () => {
    const values = join(scratch, 'odd.yaml');
    writeFileSync(values, ODD);
    const objects = rendered('-f', values);
    const numbers = objects.flatMap((object) => notText(object, object.kind));
    expect(numbers).toEqual([]);
    const map = objects.find(({ kind, metadata }) => kind === 'ConfigMap' && metadata.name === 'null-settings');
    const settings = parse(map?.data['kubernetes.yaml']);
    settings.artefacts.url = 'http://fd00::1:8790';
    const { classes, namespace, imagePullSecrets } = KubernetesSettings.parse(settings);
    expect(Object.keys(classes).sort()).toEqual(['0123', '1e3', 'null', 'true']);
    expect(classes['0123']?.nodeSelector).toEqual({ true: '1e3', null: '0123' });
    expect({ namespace, imagePullSecrets }).toEqual({ namespace: '1e3', imagePullSecrets: ['0123', 'null'] });
    const workers = objects.filter(({ kind }) => kind === 'Deployment');
    expect(workers.map(({ metadata }) => metadata.name).sort()).toEqual([
      'null-execute-0123',
      'null-execute-1e3',
      'null-execute-null',
      'null-execute-true',
      'null-search',
    ]);
    const classNames = workers.map(
      ({ spec }) =>
        spec.template.spec.containers[0].env.find(({ name }: { name: string }) => name === 'AUTOMLGEN_EXECUTION_CLASS')
          .value,
    );
    expect([...classNames].sort()).toEqual(['0123', '0123', '1e3', 'null', 'true']);
  });

  test('a cluster of IPv6: workers listen on both families, the Service has the family that was asked for', () => {
    const families = ['artefacts.ipFamilyPolicy=PreferDualStack', 'artefacts.ipFamilies={IPv6,IPv4}'];
    const objects = rendered(...VALUES, ...families.flatMap((one) => ['--set', one]));
    const service = objects.find(({ kind, metadata }) => kind === 'Service' && metadata.name === 'automlgen-artefacts');
    expect(service?.spec).toMatchObject({ ipFamilyPolicy: 'PreferDualStack', ipFamilies: ['IPv6', 'IPv4'] });
    const map = objects.find(({ kind }) => kind === 'ConfigMap');
    expect(parse(map?.data['kubernetes.yaml']).artefacts.listen).toBe(':8790');
    const plain = rendered(...VALUES).find(({ kind }) => kind === 'Service');
    expect(Object.keys(plain?.spec)).not.toContain('ipFamilyPolicy');
    // Policies select pods, never addresses, so they hold for both families.
    expect(JSON.stringify(objects.filter(({ kind }) => kind === 'NetworkPolicy'))).not.toContain('ipBlock');
  });

  test('the example of docs/deploy.md: two pools of GPUs, Temporal Cloud, a private registry', () => {
    const [, example = ''] =
      /```yaml\n(# my-values\.yaml\n[\s\S]*?)```/.exec(readFileSync('docs/deploy.md', 'utf8')) ?? [];
    const values = join(scratch, 'my-values.yaml');
    writeFileSync(values, example);
    const objects = rendered('-f', values);
    expect(objects.filter(({ kind }) => kind === 'Namespace')).toEqual([]);
    const map = objects.find(({ kind }) => kind === 'ConfigMap');
    const settings = parse(map?.data['kubernetes.yaml']);
    settings.artefacts.url = 'http://10.0.0.1:8790';
    const { classes, imagePullSecrets, queueSeconds } = KubernetesSettings.parse(settings);
    expect({ imagePullSecrets, queueSeconds }).toEqual({ imagePullSecrets: ['registry'], queueSeconds: 7200 });
    expect(Object.keys(classes)).toEqual(['a100', 'cpu', 'l4']);
    expect(classes.a100).toMatchObject({ gpus: 1, gpuResource: 'nvidia.com/gpu', tolerations: [{ value: 'a100' }] });
    const [worker] = podsOf(objects.filter(({ metadata }) => metadata.name === 'automlgen-execute-l4'));
    expect(worker?.spec.containers[0].env).toContainEqual({
      name: 'TEMPORAL_API_KEY',
      valueFrom: { secretKeyRef: { name: 'automlgen-temporal', key: 'api-key' } },
    });
    expect(objects.find(({ kind }) => kind === 'ResourceQuota')?.spec.hard['requests.nvidia.com/gpu']).toBe('12');
  });

  test('with KEDA the queues decide how many authors there are, with the operator Prometheus finds the workers', () => {
    const operators = [
      'autoscaling.enabled=true',
      'metrics.serviceMonitor.enabled=true',
      'temporal.apiKey.existingSecret=cloud',
    ];
    const objects = rendered(...VALUES, '--set', operators.join(','));
    const find = (kind: string, name: string) =>
      objects.find((object) => object.kind === kind && object.metadata.name === name);
    const scaled = find('ScaledObject', 'automlgen-search');
    const triggers = scaled?.spec.triggers as {
      metadata: { taskQueue: string };
      authenticationRef: { name: string };
    }[];
    expect(triggers.map(({ metadata }) => metadata.taskQueue)).toEqual(['author', 'evaluate']);
    for (const { authenticationRef } of triggers)
      expect(find('TriggerAuthentication', authenticationRef.name)).toBeDefined();
    expect(find('Deployment', scaled?.spec.scaleTargetRef.name)?.spec).not.toHaveProperty('replicas');
    expect(find('Deployment', 'automlgen-execute-cpu')?.spec.replicas).toBe(2);
    const monitor = find('ServiceMonitor', 'automlgen');
    expect(find('Service', 'automlgen-metrics')?.metadata).toMatchObject({
      labels: monitor?.spec.selector.matchLabels,
    });
  });

  test('secrets are named, never rendered', () => {
    const all = [
      'mongodb.existingSecret=m',
      'temporal.apiKey.existingSecret=t',
      'model.existingSecret=o',
      'artefacts.existingSecret=a',
    ];
    const objects = rendered(...VALUES, '--set', all.join(','));
    expect(objects.filter(({ kind }) => kind === 'Secret')).toEqual([]);
    const [worker] = podsOf(objects.filter(({ kind }) => kind === 'Deployment'));
    const references = worker?.spec.containers[0].env.flatMap(
      (one: { valueFrom?: { secretKeyRef: { name: string } } }) => one.valueFrom?.secretKeyRef.name ?? [],
    );
    expect(new Set(references)).toEqual(new Set(['m', 't', 'o', 'a']));
  });

  test('a changed setting starts the workers anew, a changed replica count does not', () => {
    const stamp = (...args: readonly string[]): string =>
      rendered(...VALUES, ...args).find(({ kind }) => kind === 'Deployment')?.spec.template.metadata.annotations[
        'automlgen.dev/settings'
      ];
    expect(stamp('--set', 'classes.cpu.cpus=3')).not.toBe(stamp());
    expect(stamp('--set', 'workers.execute.replicas=5')).toBe(stamp());
  });

  test('nobody but the tests may make pods, and no program has an account with rights', () => {
    const objects = rendered(...VALUES);
    const roles = objects.filter(({ kind }) => kind === 'Role' || kind === 'ClusterRole');
    const makers = roles.filter(({ rules }) =>
      rules.some(
        ({ resources, verbs }: { resources: string[]; verbs: string[] }) =>
          resources.includes('pods') && verbs.includes('create'),
      ),
    );
    expect(makers.map(({ metadata }) => metadata.annotations?.['helm.sh/hook'])).toEqual(['test']);
    const subjects = objects
      .filter(({ kind }) => kind.endsWith('RoleBinding'))
      .flatMap(({ subjects: names }) => names as { name: string }[]);
    expect(subjects.map(({ name }) => name)).not.toContain('automlgen-runner');
    expect(roles.flatMap(({ rules }) => rules).filter(({ verbs }) => verbs.includes('*'))).toEqual([]);
  });

  test('the committed rendering is what Helm renders now', async () => {
    const { renderObjects } = await import('../../../bin/render-k8s.mjs');
    const objects = renderObjects(process.cwd(), HELM ?? '', ['k8s/base/values.yaml']);
    const sources = [...new Set(objects.map(({ source }) => source))];
    for (const source of sources) {
      const texts = objects.filter((object) => object.source === source).map(({ text }) => text);
      expect(readFileSync(join('k8s/base', source), 'utf8')).toContain(texts.join('---\n'));
    }
  });

  test('an install names the three next commands', () => {
    const values = join(scratch, 'values.yaml');
    writeFileSync(values, 'temporal: {address: temporal.example:7233}\n');
    const { status, stdout } = helm('install', 'automlgen', CHART, '-n', 'automlgen', '-f', values, '--dry-run=client');
    expect(status).toBe(0);
    expect(stdout).toContain('kubectl get secret -n automlgen automlgen-artefacts automlgen-mongodb\n');
    for (const words of ['helm test automlgen', 'automlgen demo', 'automlgen jobs']) expect(stdout).toContain(words);
  });
});

/** Of YAML 1.1 and 1.2: numbers, a truth value, nothing. */
const ODD = `
nameOverride: "0123"
fullnameOverride: "null"
image: {repository: "true", tag: "1e3"}
runnerImage: {repository: "null", tag: "0123"}
imagePullSecrets: ["0123", "null"]
namespaces: {runs: {name: "1e3"}}
mongodb: {existingSecret: "1e3", key: "0123"}
temporal: {address: "temporal.example:7233", namespace: "1e3", apiKey: {existingSecret: "0123", key: "true"}, tls: {enabled: true, existingSecret: "1e3", serverName: "null"}}
model: {name: "1e3", baseUrl: "null", api: "true", existingSecret: "0123", key: "null"}
workers:
  nodeSelector: {true: "1e3"}
  tolerations: [{key: "0123", operator: Equal, value: "null", effect: NoSchedule}]
  podAnnotations: {a: "1e3"}
  podLabels: {b: "true"}
  priorityClassName: "1e3"
  extraEnv: [{name: A, value: "0123"}, {name: B, value: ""}]
classes:
  cpu: null
  gone: null
  "0123": {slots: 1, gpus: 1, gpuResource: example.com/x, nodeSelector: {"true": "1e3", "null": "0123"}, tolerations: [], image: "1e3"}
  "1e3": {slots: 1, runtimeClassName: "0123", priorityClassName: "true", kueueQueue: "null"}
  "true": {slots: 1}
  "null": {slots: 1}
artefacts: {existingSecret: "1e3", key: "null"}
storage: {data: {storageClassName: "0123"}}
priorityClass: {create: true, name: "1e3"}
metrics: {serviceMonitor: {enabled: true, labels: {a: "0123"}, interval: 30s}}
autoscaling: {enabled: true}
versioning: {enabled: true, deploymentName: "null", buildId: "1e3"}
`;

/** Paths of values that the API takes as text only and that are something else. */
function notText(value: unknown, path: string): readonly string[] {
  if (Array.isArray(value)) return value.flatMap((one, place) => notText(one, `${path}[${place}]`));
  if (typeof value === 'object' && value !== null)
    return Object.entries(value).flatMap(([name, held]) => notText(held, `${path}.${name}`));
  const text =
    /\.(name|namespace|image|key|value|secretName|claimName|priorityClassName|storageClassName|serviceAccountName|endpoint|taskQueue|interval|schedule)$|\.(labels|annotations|matchLabels|nodeSelector|selector|hard|data)\.[^.]+|(resourceNames|args|imagePullSecrets)\[/;
  const number = path.startsWith('PriorityClass.value');
  return text.test(path) && !number && typeof value !== 'string' ? [`${path}: ${String(value)}`] : [];
}

const withKustomize = HELM && KUBECTL ? describe : describe.skip;

withKustomize(`Kustomize${lacking('helm', 'cluster')}`, () => {
  test.each(OVERLAYS)('overlay %s gives what the chart gives with its values', (name) => {
    const built = kubectl(['kustomize', `k8s/overlays/${name}`]);
    expect(built.stderr).toBe('');
    const own = objectsIn(
      ['servers', 'queues', 'runtime-class'].map((file) => readIf(`k8s/overlays/${name}/${file}.yaml`)).join('\n---\n'),
    );
    const wanted = [
      ...rendered('--no-hooks', '-f', 'k8s/base/values.yaml', '-f', `k8s/overlays/${name}/values.yaml`).map(
        withoutMarks,
      ),
      ...own,
    ];
    expect(byKey(objectsIn(built.stdout))).toEqual(byKey(wanted));
  });
});

function readIf(path: string): string {
  try {
    return readFileSync(path, 'utf8');
  } catch {
    return '';
  }
}

/** Kustomize drops the line end of a text that it patches. */
function byKey(objects: readonly ReturnType<typeof objectsIn>[number][]): Record<string, unknown> {
  const trimmed = (value: unknown): unknown =>
    JSON.parse(JSON.stringify(value), (_key, held) => (typeof held === 'string' ? held.trimEnd() : held));
  return Object.fromEntries(
    objects.map((object) => [
      `${object.kind}/${object.metadata.namespace ?? ''}/${object.metadata.name}`,
      trimmed(object),
    ]),
  );
}

/** The rendering leaves out what only Helm may say about its objects. */
function withoutMarks<T>(value: T): T {
  return JSON.parse(JSON.stringify(value), (key, held) =>
    key === 'helm.sh/chart' || (key === 'app.kubernetes.io/managed-by' && held === 'Helm') ? undefined : held,
  );
}
