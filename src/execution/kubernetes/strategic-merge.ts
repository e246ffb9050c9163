/** Strategic merge of a pod template patch, for the lists that a pod has; what `kubectl patch` would do with it. */

type Value = unknown;
type Fields = Readonly<Record<string, Value>>;

/** Lists whose entries have an identity, and the field that is it. Every other list is replaced as a whole. */
const KEYS: Readonly<Record<string, string>> = {
  containers: 'name',
  initContainers: 'name',
  volumes: 'name',
  env: 'name',
  imagePullSecrets: 'name',
  resourceClaims: 'name',
  volumeMounts: 'mountPath',
  volumeDevices: 'devicePath',
  ports: 'containerPort',
  hostAliases: 'ip',
  topologySpreadConstraints: 'topologyKey',
};

/** `null` removes a field, `$patch: delete` an entry of a list, `$patch: replace` replaces an object or the rest of a list. */
export function strategicMerge<T>(target: T, patch: Fields): T {
  return mergeFields(isFields(target) ? target : {}, patch) as T;
}

function mergeFields(target: Fields, patch: Fields): Fields {
  const { $patch: directive, ...changes } = patch;
  const result: Record<string, Value> = directive === 'replace' ? {} : { ...target };
  for (const [name, change] of Object.entries(changes)) {
    if (change === null) delete result[name];
    else result[name] = merged(name, result[name], change);
  }
  return result;
}

function merged(name: string, before: Value, change: Value): Value {
  if (isFields(change)) return mergeFields(isFields(before) ? before : {}, change);
  const key = KEYS[name];
  if (!Array.isArray(change) || key === undefined) return change;
  return mergeLists(Array.isArray(before) ? before : [], change, key);
}

function mergeLists(before: readonly Value[], changes: readonly Value[], key: string): readonly Value[] {
  const replace = changes.some(
    (change) => isFields(change) && change.$patch === 'replace' && change[key] === undefined,
  );
  const result = replace ? [] : [...before];
  for (const change of changes) {
    if (!isFields(change) || change[key] === undefined) continue;
    const { $patch: directive, ...fields } = change;
    const at = result.findIndex((entry) => isFields(entry) && entry[key] === change[key]);
    if (directive === 'delete') {
      if (at >= 0) result.splice(at, 1);
    } else if (at < 0) result.push(fields);
    else result[at] = mergeFields(result[at] as Fields, change);
  }
  return result;
}

function isFields(value: Value): value is Fields {
  return typeof value === 'object' && value !== null && !Array.isArray(value);
}
