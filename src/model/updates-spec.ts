import Type from 'typebox';
import type { Static } from 'typebox';
import { closed } from './closed.js';
import { SecretName } from './secret-name.js';

export const DAYS = ['Mon', 'Tue', 'Wed', 'Thu', 'Fri', 'Sat', 'Sun'] as const;

const ClockTime = {
  pattern: '^([01][0-9]|2[0-3]):[0-5][0-9]$',
  maxLength: 5,
  'x-expected': 'a time of day such as "02:30"',
};

const WindowSchema = closed(
  {
    days: Type.Array(Type.Enum([...DAYS], { type: 'string' }), {
      default: [...DAYS],
      minItems: 1,
      maxItems: DAYS.length,
      description: 'Days on which it begins',
    }),
    from: Type.String({ ...ClockTime, description: 'When it begins' }),
    to: Type.String({
      ...ClockTime,
      description: 'When it ends, on the next day if that is not after its beginning',
    }),
    timeZone: Type.String({
      default: 'UTC',
      maxLength: 64,
      format: 'time-zone',
      description: 'Time zone of the IANA database',
      'x-expected': 'a time zone such as Europe/Berlin',
    }),
  },
  { description: 'When updates may be taken up; always when absent' },
);

const GateSchema = closed(
  {
    command: Type.Optional(
      Type.Array(Type.String({ maxLength: 32768 }), {
        minItems: 1,
        maxItems: 256,
        description:
          'Passed when it exits 0 in a container of the new image: program and arguments, without a shell',
      }),
    ),
    http: Type.Optional(
      closed(
        {
          url: Type.String({
            maxLength: 2048,
            format: 'http-url',
            description: 'What is got; redirects are not followed',
            'x-expected': 'an http or https address without a user and "#"',
          }),
        },
        { description: 'Passed when GET answers 200 to 299' },
      ),
    ),
    timeoutSeconds: Type.Integer({
      default: 60,
      minimum: 1,
      maximum: 3600,
      description: 'How long it may take',
    }),
  },
  { description: 'What must pass before something new is taken up; one of command and http' },
);

export const UpdatesSchema = closed(
  {
    policy: Type.Enum(['Manual', 'Follow'], {
      type: 'string',
      default: 'Manual',
      description: 'Whether what is new is taken up by itself',
    }),
    intervalSeconds: Type.Optional(
      Type.Integer({
        minimum: 10,
        maximum: 604800,
        description: 'Time between two looks; 300 when absent',
      }),
    ),
    cooldownSeconds: Type.Optional(
      Type.Integer({
        minimum: 0,
        maximum: 2592000,
        description: 'Age that it must have, counted from when it was first seen; 900 when absent',
      }),
    ),
    range: Type.Optional(
      Type.String({
        maxLength: 256,
        format: 'semver-range',
        description: 'Follow the tags in a range of versions such as ^1.4, in place of the branch',
        'x-expected': 'a range of versions such as ^1.4',
      }),
    ),
    window: Type.Optional(WindowSchema),
    gate: Type.Optional(GateSchema),
    webhookSecret: Type.Optional(
      Type.String({
        ...SecretName,
        description: 'Name of a Secret whose "token" signs pushes to /hooks/git',
      }),
    ),
  },
  { default: {}, description: 'How the source, or the tag of the image, is followed' },
);

export type ChangeWindow = Static<typeof WindowSchema>;
export type Gate = Static<typeof GateSchema>;
export type UpdatesSpec = Static<typeof UpdatesSchema>;
