import { expect, test } from '@jest/globals';
import { forbiddenAddresses } from '../../../src/cli/doctor-forbidden.js';

test('listed addresses and the servers of the installation, once each', async () => {
  const addresses = await forbiddenAddresses({
    AUTOMLGEN_DOCTOR_FORBIDDEN: ' 192.0.2.1:443, 192.0.2.2:80,',
    MONGODB_URI: 'mongodb://me:secret@192.0.2.3,192.0.2.4:27018/automlgen',
    TEMPORAL_ADDRESS: '192.0.2.1:443',
  });
  expect(addresses).toEqual(['192.0.2.1:443', '192.0.2.2:80', '192.0.2.3:27017', '192.0.2.4:27018']);
});

test('loopback would be the pod itself, and what has no number cannot be tried', async () => {
  const addresses = await forbiddenAddresses({
    AUTOMLGEN_DOCTOR_FORBIDDEN: 'no-such-host.invalid:1,nonsense',
    MONGODB_URI: 'mongodb://localhost:27017',
    TEMPORAL_ADDRESS: '127.0.0.1:7233',
  });
  expect(addresses).toEqual([]);
});
