import Type from 'typebox';
import { AnyObjectMetaSchema } from '../../model/meta.js';

const Text = (maxLength: number, description: string) => Type.String({ maxLength, description });
const Time = (description: string) => Type.String({ default: '', maxLength: 64, description });

const ReferenceSchema = Type.Object(
  {
    apiVersion: Text(317, 'Group and version of the object'),
    kind: Text(63, 'Kind of the object'),
    name: Text(1024, 'Name of the object'),
    uid: Type.Optional(Text(253, 'Identity of the object')),
    namespace: Type.Optional(Text(253, 'Namespace of the object, absent for one that is in none')),
    resourceVersion: Type.Optional(Text(64, 'Version of the object that it is about')),
    fieldPath: Type.Optional(Text(1024, 'Part of the object that it is about')),
  },
  { additionalProperties: false, description: 'The object that it is about' },
);

/** A core/v1 Event, the part of it that Registrar stores. */
export const EventSchema = Type.Object(
  {
    apiVersion: Type.Literal('v1', { description: 'Group and version of the kind' }),
    kind: Type.Literal('Event', { description: 'Kind of the object' }),
    metadata: AnyObjectMetaSchema,
    involvedObject: ReferenceSchema,
    type: Type.Enum(['Normal', 'Warning'], {
      type: 'string',
      description: 'Warning for what needs attention',
    }),
    reason: Text(128, 'CamelCase, for machines'),
    message: Text(1024, 'What happened, in a sentence'),
    source: Type.Object(
      {
        component: Type.String({ default: '', maxLength: 253, description: 'What recorded it' }),
        host: Type.Optional(Text(253, 'Where that runs')),
      },
      { default: {}, additionalProperties: false, description: 'Who recorded it' },
    ),
    firstTimestamp: Time('When it first happened, RFC 3339'),
    lastTimestamp: Time('When it last happened, RFC 3339'),
    count: Type.Integer({ default: 1, minimum: 1, description: 'How often it happened' }),
    eventTime: Type.Optional(
      Type.Union([Time('When it happened, RFC 3339'), Type.Null()], {
        description: 'When it happened, for a recorder that does not count',
      }),
    ),
    reportingComponent: Type.Optional(Text(253, 'What recorded it')),
    reportingInstance: Type.Optional(Text(253, 'Which of several recorders it was')),
    action: Type.Optional(Text(128, 'What was done or failed')),
  },
  { additionalProperties: false, description: 'Something that happened' },
);
