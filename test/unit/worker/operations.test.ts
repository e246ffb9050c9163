import { expect, test } from '@jest/globals';
import { operationsFrom } from '../../../src/worker/operations.js';

test('an empty environment serves the class cpu, no ports, no version', () => {
  expect(operationsFrom({})).toEqual({ executionClass: 'cpu' });
});

test('everything the chart sets is read', () => {
  const environment = {
    AUTOMLGEN_EXECUTION_CLASS: 'gpu-a100',
    AUTOMLGEN_HEALTH_PORT: '8791',
    AUTOMLGEN_METRICS_PORT: '9464',
    TEMPORAL_DEPLOYMENT_NAME: 'automlgen',
    TEMPORAL_WORKER_BUILD_ID: '0.2.0',
  };
  expect(operationsFrom(environment)).toEqual({
    executionClass: 'gpu-a100',
    healthPort: 8791,
    metricsPort: 9464,
    version: { deploymentName: 'automlgen', buildId: '0.2.0' },
  });
});

test('half a version is none: a worker must not register under an empty name', () => {
  expect(operationsFrom({ TEMPORAL_WORKER_BUILD_ID: '0.2.0' })).not.toHaveProperty('version');
});

test.each([
  { AUTOMLGEN_HEALTH_PORT: '0' },
  { AUTOMLGEN_METRICS_PORT: '70000' },
  { AUTOMLGEN_HEALTH_PORT: '80a' },
  { AUTOMLGEN_EXECUTION_CLASS: 'GPU' },
])('refuses %j and names the variable', (environment) => {
  const [name = ''] = Object.keys(environment);
  expect(() => operationsFrom(environment)).toThrow(
    expect.objectContaining({ code: 'option-invalid', message: expect.stringContaining(name) }),
  );
});
