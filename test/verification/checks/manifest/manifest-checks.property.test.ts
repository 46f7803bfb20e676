import { fc, test as property } from '@fast-check/vitest';
import { describe, expect, test } from 'vitest';
import { validateModule } from '../../../../src/manifest/validate.js';
import { MANIFEST_CHECKS } from '../../../../src/verification/checks/manifest/checks.js';
import { settingsOf } from '../../../../src/verification/settings.js';
import { verify } from '../../../../src/verification/verify.js';
import { arbitraryManifest } from '../../../helpers/arbitrary-manifest.js';
import { aManifestSubject } from '../../../helpers/check-results.js';

/** All of them on, so that each looks. */
const SETTINGS = settingsOf('test', {
  checks: MANIFEST_CHECKS.map(({ id }) => ({ id, mode: 'enforce' as const })),
}).filter(({ check }) => check.about === 'manifest');

const CANARY = 'canary8seven';
/** Secrets in all forms that are looked for, each with the canary in it. */
const planted = fc.constantFrom(
  ...[CANARY, `ghp_${CANARY.repeat(3)}`, `postgres://user:${CANARY}@db.example/x`],
  ...[`{"secretPhrase": "${CANARY}"}`, `$NACL${CANARY}`, `${'abandon '.repeat(12)}${CANARY}`],
);
const variable = fc.constantFrom('API_KEY', 'COLDKEY', 'PLAIN', 'WALLET_PASSWORD');

const resultsOf = (manifest: ReturnType<typeof validateModule>['manifest']) =>
  verify({ manifest: aManifestSubject(manifest) }, SETTINGS);

describe('checks of manifests', () => {
  property.prop([arbitraryManifest])('come to a result whatever a manifest says', async (raw) => {
    const results = await resultsOf(validateModule(raw).manifest);
    expect(results).toHaveLength(MANIFEST_CHECKS.length);
    expect(results.filter(({ result }) => result === 'notVerified')).toEqual([]);
  });

  property.prop([arbitraryManifest, planted, variable])(
    'tell no secret of the environment or the arguments',
    async (raw, secret, name) => {
      const { manifest } = validateModule(raw);
      const spec = { ...manifest.spec, env: [{ name, value: secret }], args: ['--x', secret] };
      const told = JSON.stringify(await resultsOf({ ...manifest, spec }));
      expect(told).not.toMatch(/canary|abandon/);
    },
  );

  test('each has an id of its own, a sentence for all that is told, and defaults', () => {
    const ids = MANIFEST_CHECKS.map(({ id }) => id);
    expect(new Set(ids).size).toBe(ids.length);
    for (const { id, title, remedy, why } of MANIFEST_CHECKS) {
      expect(id).toMatch(/^manifest\/[a-z-]+$/);
      for (const text of [title, remedy, why]) expect(text).toMatch(/^[A-Z].{10,}/);
      expect(title).not.toMatch(/\.$/);
    }
  });
});
