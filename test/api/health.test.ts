import { describe, expect, it } from 'vitest';
import { openTestApi } from './test-api.js';

const CHECKS = [
  { name: 'registry', ok: true, message: '' },
  { name: 'engine', ok: false, message: 'Cannot reach the engine' },
];

describe('health', () => {
  it('is ok while the daemon answers', async () => {
    const api = await openTestApi({ readiness: () => ({ ok: false, checks: CHECKS }) });
    for (const path of ['/healthz', '/livez']) {
      const { code, text, headers } = await api.call('GET', path);
      expect([code, text, headers['content-type']]).toEqual([
        200,
        'ok',
        'text/plain; charset=utf-8',
      ]);
      expect((await api.call('HEAD', path)).code).toBe(200);
    }
  });

  it('is ready when all checks pass, and lists them when asked', async () => {
    const checks = [{ name: 'registry', ok: true, message: '' }];
    const api = await openTestApi({ readiness: () => ({ ok: true, checks }) });
    expect(await api.call('GET', '/readyz')).toMatchObject({ code: 200, text: 'ok' });
    const { text } = await api.call('GET', '/readyz?verbose');
    expect(text).toBe('[+]registry ok\nreadyz check passed\n');
  });

  it('tells why it is not ready, but not to everybody', async () => {
    const api = await openTestApi({ readiness: () => ({ ok: false, checks: CHECKS }) });
    const known = await api.call('GET', '/readyz');
    expect(known.code).toBe(503);
    expect(known.text).toBe(
      '[+]registry ok\n[-]engine failed: Cannot reach the engine\nreadyz check failed\n',
    );
    const stranger = await api.call('GET', '/readyz', { headers: { authorization: '' } });
    expect(stranger.text).toContain('[-]engine failed: reason withheld');
  });

  it('has metrics for Prometheus', async () => {
    const api = await openTestApi({ metrics: async () => 'up 1\n' });
    const { code, text, headers } = await api.call('GET', '/metrics');
    expect([code, text]).toEqual([200, 'up 1\n']);
    expect(headers['content-type']).toBe('text/plain; version=0.0.4; charset=utf-8');
  });
});
