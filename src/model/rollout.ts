import Type from 'typebox';
import type { Static } from 'typebox';
import { closed } from './closed.js';

/** How a rollout stands, or how it ended. */
export const ROLLOUT_STATES = [
  'Progressing',
  'Paused',
  'Complete',
  'RolledBack',
  'Failed',
  'Superseded',
] as const;

const Text = (description: string) => Type.String({ description });
const Time = (description: string) => Type.String({ description: `${description}; RFC 3339` });

/** One change of a module from one revision to another. */
export const RolloutSchema = closed(
  {
    number: Type.Integer({ minimum: 1, description: 'Counts the rollouts of the module' }),
    from: Type.Optional(Text('Revision that ran before, and that a failure goes back to')),
    to: Text('Revision that is to run'),
    order: Type.Enum(['start-first', 'stop-first'], {
      type: 'string',
      description: 'Whether the new containers start before the old ones stop',
    }),
    because: Text('Why in that order'),
    state: Type.Enum([...ROLLOUT_STATES], {
      type: 'string',
      description: 'How it stands, or how it ended',
    }),
    ready: Type.Integer({ minimum: 0, description: 'Containers of the new revision that count' }),
    startedAt: Time('When it began'),
    progressedAt: Time('When a container last became ready; the deadline counts from here'),
    endedAt: Type.Optional(Time('When it ended')),
    reason: Type.Optional(Text('Why it failed, in a word')),
    message: Type.Optional(Text('Why it failed')),
  },
  { description: 'The last change from one revision to another' },
);

/** A revision that failed and is not tried again. */
export const QuarantineSchema = closed(
  {
    revision: Text('Revision that is not tried again'),
    reason: Text('Why, in a word'),
    message: Text('Why'),
    at: Time('Since when'),
  },
  { description: 'A revision that failed' },
);

export type RolloutState = (typeof ROLLOUT_STATES)[number];
export type RolloutStatus = Static<typeof RolloutSchema>;
export type Quarantine = Static<typeof QuarantineSchema>;
