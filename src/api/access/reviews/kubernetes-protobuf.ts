import { readProtobuf } from '../../../lib/protobuf.js';
import type { ProtobufMessage } from '../../../lib/protobuf.js';
import type { JsonObject } from '../../../lib/merge-patch.js';
import { RegistrarError } from '../../../model/errors.js';
import { badRequest } from '../../refusals.js';

export const PROTOBUF_TYPE = 'application/vnd.kubernetes.protobuf';

/** Names of the fields of a message by number: a text, or a message with fields of its own. */
export interface Shape {
  readonly [field: string]: string | readonly [name: string, shape: Shape];
}

/** Type of an object, as it says itself. */
export interface TypeMeta {
  readonly apiVersion: string;
  readonly kind: string;
}

/** What Kubernetes puts before every protobuf. */
const MAGIC = Buffer.from('k8s\0', 'latin1');

/** Envelope: type of the object, its bytes, and how these are packed. */
const ENVELOPE: Shape = {
  1: ['type', { 1: 'apiVersion', 2: 'kind' }],
  3: 'contentEncoding',
  4: 'contentType',
};
const RAW_FIELD = 2;

/** Larger than any object that is sent in this form. */
const MAX_BYTES = 64 * 1024;

/**
 * The object in a protobuf body, with the fields of its shape: absent texts are left out.
 * BAD_REQUEST when it is malformed, UNSUPPORTED_MEDIA_TYPE when it holds anything but the type.
 */
export function readKubernetesProtobuf(bytes: Buffer, type: TypeMeta, shape: Shape): JsonObject {
  if (bytes.length > MAX_BYTES || !bytes.subarray(0, MAGIC.length).equals(MAGIC)) throw malformed();
  const envelope = messageIn(bytes.subarray(MAGIC.length));
  checkEnvelope(objectOf(envelope, ENVELOPE), type);
  const raw = envelope.get(RAW_FIELD) ?? new Uint8Array();
  return { ...type, ...objectOf(messageIn(raw), shape) };
}

function checkEnvelope(envelope: JsonObject, { apiVersion, kind }: TypeMeta): void {
  const { type, contentEncoding = '', contentType = '' } = envelope;
  const sent = (type ?? {}) as Partial<TypeMeta>;
  const isExpected = sent.apiVersion === apiVersion && sent.kind === kind;
  const isPlain = contentEncoding === '' && (contentType === '' || contentType === PROTOBUF_TYPE);
  if (isExpected && isPlain) return;
  const message = `Protobuf is taken for ${kind} of ${apiVersion} alone: send application/json`;
  throw new RegistrarError('UNSUPPORTED_MEDIA_TYPE', message);
}

function objectOf(message: ProtobufMessage, shape: Shape): JsonObject {
  const object: Record<string, unknown> = {};
  for (const [number, field] of Object.entries(shape)) {
    const bytes = message.get(Number(number));
    if (bytes === undefined) continue;
    if (typeof field === 'string') object[field] = textOf(bytes);
    else object[field[0]] = objectOf(messageIn(bytes), field[1]);
  }
  return object;
}

function messageIn(bytes: Uint8Array): ProtobufMessage {
  const message = readProtobuf(bytes);
  if (message === undefined) throw malformed();
  return message;
}

function textOf(bytes: Uint8Array): string {
  try {
    return new TextDecoder('utf-8', { fatal: true }).decode(bytes);
  } catch {
    throw malformed();
  }
}

const malformed = (): RegistrarError =>
  badRequest('The body of the request is not valid protobuf of Kubernetes');
