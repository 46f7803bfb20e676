import Type from 'typebox';
import type { Static } from 'typebox';
import { closed } from './closed.js';

/** What a candidate is, by the name that never changes its meaning. */
const identity = {
  id: Type.String({ description: 'Commit, or digest of an image' }),
  name: Type.String({ description: 'Ref or image that it was found under' }),
  version: Type.String({ description: 'Version that it is published as, empty for an image' }),
  firstSeenAt: Type.String({ description: 'When Registrar first saw it; RFC 3339' }),
};

const RefusalSchema = closed(
  {
    reason: Type.String({ description: 'CamelCase, for machines' }),
    message: Type.String({ description: 'Plain English, one line' }),
  },
  { description: 'Why it is not taken up until the spec, the policy or the annotation changes' },
);

const GateResultSchema = closed(
  {
    key: Type.String({ description: 'Hash over the gate and what it was run for' }),
    passed: Type.Boolean({ description: 'Whether it let the candidate through' }),
    at: Type.String({ description: 'When it ended; RFC 3339' }),
    failures: Type.Integer({ description: 'How often it failed in a row' }),
    message: Type.String({ description: 'How it ended, in a few words' }),
    log: Type.Array(Type.String(), {
      description: 'The last lines of what its command wrote when it failed, without secrets',
    }),
  },
  { description: 'What spec.updates.gate said of it last' },
);

const CandidateSchema = closed({
  ...identity,
  imageId: Type.Optional(Type.String({ description: 'Its image in the engine, once prepared' })),
  gate: Type.Optional(GateResultSchema),
  refused: Type.Optional(RefusalSchema),
});

const TakenSchema = closed(
  { ...identity, takenAt: Type.String({ description: 'RFC 3339' }) },
  { description: 'What was last taken up' },
);

const LookProblemSchema = closed(
  {
    reason: Type.String({ description: 'CamelCase, for machines' }),
    message: Type.String({ description: 'Plain English, one line' }),
  },
  { description: 'Why the last look failed' },
);

export const UpdatesStatusSchema = closed(
  {
    base: Type.String({ description: 'Hash over what spec asks to run: another one begins anew' }),
    occasion: Type.String({ description: 'Hash over what refusals and looks depend on' }),
    follows: Type.String({ description: 'What is followed, in words' }),
    lookedAt: Type.Optional(Type.String({ description: 'When a look last succeeded; RFC 3339' })),
    problem: Type.Optional(LookProblemSchema),
    head: Type.Optional(
      Type.String({ description: 'What the branch or the image tag stood for at the last look' }),
    ),
    current: Type.Optional(TakenSchema),
    candidates: Type.Array(CandidateSchema, {
      description: 'What was seen since and may be taken up, the newest last',
    }),
    ran: Type.Array(Type.String(), {
      description: 'What was taken up before the current one: never taken up again',
    }),
  },
  { description: 'What following the source found' },
);

export type UpdatesStatus = Static<typeof UpdatesStatusSchema>;
export type Candidate = Static<typeof CandidateSchema>;
export type GateResult = Static<typeof GateResultSchema>;
export type Taken = Static<typeof TakenSchema>;
export type Refusal = Static<typeof RefusalSchema>;
