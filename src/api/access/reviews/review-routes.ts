import type { FastifyInstance, FastifyRequest } from 'fastify';
import type { JsonObject } from '../../../lib/merge-patch.js';
import type { Identity } from '../../../model/identity.js';
import { endpoint } from '../../endpoint.js';
import { bytesOf, mediaTypeOf, readObject } from '../../requests/body.js';
import { checkType } from '../../requests/identity.js';
import { sendJson } from '../../resources/kind-context.js';
import type { Offered } from '../offered.js';
import { reviewAccess } from './access-review.js';
import { PROTOBUF_TYPE, readKubernetesProtobuf } from './kubernetes-protobuf.js';
import type { Shape } from './kubernetes-protobuf.js';
import { reviewRules } from './rules-review.js';
import { reviewSubject } from './subject-review.js';

/** A question that somebody asks about themselves: an object that is answered and not stored. */
interface Review {
  readonly group: string;
  readonly plural: string;
  readonly kind: string;
  /** Fields of its protobuf. */
  readonly shape: Shape;
  status(identity: Identity, offered: Offered, spec: unknown): object;
}

const RESOURCE: Shape = {
  ...{ 1: 'namespace', 2: 'verb', 3: 'group', 4: 'version' },
  ...{ 5: 'resource', 6: 'subresource', 7: 'name' },
};
const PATH: Shape = { 1: 'path', 2: 'verb' };

const REVIEWS: readonly Review[] = [
  {
    group: 'authorization.k8s.io',
    plural: 'selfsubjectaccessreviews',
    kind: 'SelfSubjectAccessReview',
    shape: {
      2: ['spec', { 1: ['resourceAttributes', RESOURCE], 2: ['nonResourceAttributes', PATH] }],
    },
    status: reviewAccess,
  },
  {
    group: 'authorization.k8s.io',
    plural: 'selfsubjectrulesreviews',
    kind: 'SelfSubjectRulesReview',
    shape: { 2: ['spec', { 1: 'namespace' }] },
    status: reviewRules,
  },
  {
    group: 'authentication.k8s.io',
    plural: 'selfsubjectreviews',
    kind: 'SelfSubjectReview',
    shape: {},
    status: reviewSubject,
  },
];

/** Serves what clients ask about themselves, from the table that decides what they may do. */
export function reviewRoutes(server: FastifyInstance, offered: Offered): void {
  for (const review of REVIEWS) {
    const { group, plural: resource } = review;
    const path = { url: `/apis/${group}/v1/${resource}`, group, resource };
    endpoint(server, path, {
      POST: (request, reply) => {
        const { spec, ...head } = readReview(request, review);
        if (request.identity === undefined) throw new Error('A review is asked by nobody');
        const status = review.status(request.identity, offered, spec);
        return sendJson(reply, 201, JSON.stringify({ ...head, spec, status }));
      },
    });
  }
}

/** The object in a request, which kubectl sends in one of two forms. */
function readReview(request: FastifyRequest, { group, kind, shape }: Review): JsonObject {
  const type = { apiVersion: `${group}/v1`, kind };
  const object =
    mediaTypeOf(request) === PROTOBUF_TYPE
      ? readKubernetesProtobuf(bytesOf(request), type, shape)
      : readObject(request);
  checkType(object, type);
  return { ...type, metadata: { creationTimestamp: null }, spec: object['spec'] };
}
