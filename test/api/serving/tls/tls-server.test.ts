import { connect } from 'node:tls';
import { once } from 'node:events';
import { text } from 'node:stream/consumers';
import { expect, onTestFinished, test } from 'vitest';
import { openCertificates } from '../../../../src/api/serving/tls/open-certificates.js';
import type { CertificateSource } from '../../../../src/api/serving/tls/certified-key.js';
import { systemClock } from '../../../../src/lib/clock.js';
import { silentLog } from '../../../../src/lib/log.js';
import { tempDataDir } from '../../../helpers/temp-registry.js';
import { openTestApi } from '../../test-api.js';
import { startTestServer } from '../../test-server.js';
import { readFileSync } from 'node:fs';
import { join } from 'node:path';

async function certificatesIn(dataDir: string): Promise<CertificateSource> {
  const clock = systemClock;
  return openCertificates({
    ...{ dataDir, host: '127.0.0.1', names: [], given: undefined, clock, log: silentLog },
  });
}

test('the port answers over TLS to who knows the authority', async () => {
  const dataDir = tempDataDir();
  const certificates = await certificatesIn(dataDir);
  const { port, scheme } = await startTestServer(await openTestApi(), { certificates });
  expect(scheme).toBe('https');
  const ca = readFileSync(join(dataDir, 'tls/ca.crt'));
  const socket = connect({ host: '127.0.0.1', port, ca });
  onTestFinished(() => void socket.destroy());
  await once(socket, 'secureConnect');
  socket.write('GET /healthz HTTP/1.1\r\nHost: x\r\nConnection: close\r\n\r\n');
  const answer = await text(socket);
  expect(answer).toMatch(/^HTTP\/1.1 200 OK\r\n/);
  expect(answer).toContain('strict-transport-security: max-age=31536000\r\n');
});
