import { fc, test } from '@fast-check/vitest';
import { describe, expect } from 'vitest';
import { readKubernetesProtobuf } from '../../../../src/api/access/reviews/kubernetes-protobuf.js';
import type { Shape } from '../../../../src/api/access/reviews/kubernetes-protobuf.js';
import { kubernetesProtobuf } from '../../../helpers/protobuf.js';
import { codeOf } from '../../../helpers/code-of.js';

const TYPE = { apiVersion: 'authorization.k8s.io/v1', kind: 'SelfSubjectAccessReview' };
const SHAPE: Shape = { 2: ['spec', { 1: ['resourceAttributes', { 2: 'verb', 5: 'resource' }] }] };
const read = (bytes: Uint8Array): object => readKubernetesProtobuf(Buffer.from(bytes), TYPE, SHAPE);

const text = fc.string({ unit: 'binary', maxLength: 30 });
const written = fc.tuple(text, text).map(([verb, resource]) =>
  kubernetesProtobuf(
    [TYPE.apiVersion, TYPE.kind],
    [
      2,
      [
        [
          1,
          [
            [2, verb],
            [5, resource],
          ],
        ],
      ],
    ],
  ),
);

/** Reads bytes; what is thrown is an answer to the client, nothing else. */
async function readOrRefuse(bytes: Uint8Array): Promise<void> {
  const code = await codeOf(Promise.resolve().then(() => read(bytes)));
  expect(['none', 'BAD_REQUEST', 'UNSUPPORTED_MEDIA_TYPE']).toContain(code);
}

describe('readKubernetesProtobuf()', () => {
  test.prop([text, text])('reads what was written', (verb, resource) => {
    const attributes = {
      verb: Buffer.from(verb).toString(),
      resource: Buffer.from(resource).toString(),
    };
    const bytes = kubernetesProtobuf(
      [TYPE.apiVersion, TYPE.kind],
      [
        2,
        [
          [
            1,
            [
              [2, verb],
              [5, resource],
            ],
          ],
        ],
      ],
    );
    expect(read(bytes)).toEqual({ ...TYPE, spec: { resourceAttributes: attributes } });
  });

  test.prop([fc.uint8Array({ maxLength: 200 }), fc.boolean()])(
    'takes any bytes without harm',
    (any, withMagic) => readOrRefuse(Buffer.concat([Buffer.from(withMagic ? 'k8s\0' : ''), any])),
  );

  test.prop([written, fc.nat(), fc.nat({ max: 255 })])(
    'takes a body with a wrong byte without harm',
    (bytes, at, byte) => {
      bytes[at % bytes.length] = byte;
      return readOrRefuse(bytes);
    },
  );

  test.prop([written, fc.nat()])('takes a body that is cut off without harm', (bytes, at) =>
    readOrRefuse(bytes.subarray(0, at % bytes.length)),
  );
});
