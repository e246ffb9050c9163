import { type AddressInfo, createServer, type Server } from 'node:net';
import { afterEach, expect, test } from '@jest/globals';
import { UserError } from '../../../src/domain/errors.js';
import { choosePort, isFree } from '../../../src/stack/ports.js';

const servers: Server[] = [];
afterEach(() => Promise.all(servers.splice(0).map((server) => new Promise((resolve) => server.close(resolve)))));

async function occupy(port = 0): Promise<number> {
  const server = createServer();
  servers.push(server);
  await new Promise<void>((resolve) => server.listen(port, '127.0.0.1', resolve));
  return (server.address() as AddressInfo).port;
}

const fault = (promise: Promise<unknown>): Promise<unknown> => promise.then(String, (error: unknown) => error);

test('the same key gives the same port, another key another, both below the ephemeral range', async () => {
  const first = await choosePort({ key: 'cache-a temporal' });
  expect(await choosePort({ key: 'cache-a temporal' })).toBe(first);
  const other = await choosePort({ key: 'cache-b temporal' });
  expect(other).not.toBe(first);
  for (const port of [first, other]) {
    expect(port).toBeGreaterThanOrEqual(20_000);
    expect(port).toBeLessThan(32_000);
  }
});

test('a taken port is passed over, and the last one is preferred while it is free', async () => {
  const first = await choosePort({ key: 'ports.test' });
  await occupy(first);
  const second = await choosePort({ key: 'ports.test' });
  expect(second).not.toBe(first);
  expect(await isFree(second)).toBe(true);
  expect(await choosePort({ key: 'ports.test', last: second + 7 })).toBe(second + 7);
  await occupy(second + 7);
  expect(await choosePort({ key: 'ports.test', last: second + 7 })).toBe(second);
});

test('a demanded port in use is named together with its setting', async () => {
  const taken = await occupy();
  const demanded = { setting: 'AUTOMLGEN_DATABASE_PORT', value: String(taken) };
  const error = await fault(choosePort({ key: 'x', last: taken + 1, demanded }));
  expect(error).toBeInstanceOf(UserError);
  expect(error).toMatchObject({ code: 'port-taken', message: expect.stringContaining(`Port ${taken}`) });
  expect((error as UserError).next).toContain('AUTOMLGEN_DATABASE_PORT');
});

test.each(['http', '0', '70000', '80.5'])('%s is refused as a port', async (value) => {
  const error = await fault(choosePort({ key: 'x', demanded: { setting: 'AUTOMLGEN_TEMPORAL_PORT', value } }));
  expect(error).toMatchObject({ code: 'option-invalid', message: expect.stringContaining(`"${value}"`) });
});
