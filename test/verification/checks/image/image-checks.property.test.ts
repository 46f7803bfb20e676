import { fc, test as property } from '@fast-check/vitest';
import { describe, expect } from 'vitest';
import { IMAGE_CHECKS } from '../../../../src/verification/checks/image/checks.js';
import { settingsOf } from '../../../../src/verification/settings.js';
import { verify } from '../../../../src/verification/verify.js';
import { anImageSubject } from '../../../helpers/image-subject.js';

const SETTINGS = settingsOf('test', {
  checks: IMAGE_CHECKS.map(({ id }) => ({ id, mode: 'enforce' as const })),
}).filter(({ check }) => check.about === 'image');

const hostile = fc.constantFrom('__proto__', 'constructor', '\u0000', '=', '/', ':', '0/tcp', '%');
const text = fc.oneof(hostile, fc.string({ unit: 'binary', maxLength: 30 }));
const list = fc.array(text, { maxLength: 4 });

const image = fc.record({
  ...{ id: text, digest: fc.option(text, { nil: undefined }), built: fc.boolean() },
  ...{ os: text, architecture: text, engineOs: text, engineArchitecture: text, user: text },
  ...{ bytes: fc.double(), labels: fc.dictionary(text, text), exposedPorts: list },
  ...{ entrypoint: list, command: list, env: list, volumes: list, hasHealthCheck: fc.boolean() },
});

const CANARY = 'canary8seven';
const planted = fc.constantFrom(
  ...[`API_KEY=${CANARY}`, `A=ghp_${CANARY.repeat(3)}`, `SEED=${'abandon '.repeat(12)}${CANARY}`],
  ...[CANARY, `K={"secretPhrase": "${CANARY}"}`, `U=postgres://user:${CANARY}@db.example/x`],
);

describe('checks of images', () => {
  property.prop([image])('come to a result whatever an image says', async (facts) => {
    const results = await verify({ image: anImageSubject(facts) }, SETTINGS);
    expect(results).toHaveLength(IMAGE_CHECKS.length);
    const bugs = results.filter(
      ({ result, reason }) =>
        result === 'notVerified' && !/ (names|says?|does not) /.test(reason ?? ''),
    );
    expect(bugs).toEqual([]);
    expect(JSON.stringify(results)).not.toMatch(/\\u00(?:0|1)/);
  });

  property.prop([image, planted])('tell no secret of the environment', async (facts, secret) => {
    const env = [...facts.env, secret];
    const results = await verify({ image: anImageSubject({ ...facts, env }) }, SETTINGS);
    expect(JSON.stringify(results)).not.toMatch(/canary|abandon/);
  });
});
