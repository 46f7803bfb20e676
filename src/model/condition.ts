import Type from 'typebox';
import type { Static } from 'typebox';

/** What holds of an object, and since when. */
export const ConditionSchema = Type.Object(
  {
    type: Type.String({ description: 'What it is about, such as Ready' }),
    status: Type.Enum(['True', 'False', 'Unknown'], {
      type: 'string',
      description: 'Whether it holds',
    }),
    reason: Type.String({ description: 'CamelCase, for machines' }),
    message: Type.String({ description: 'Plain English, one line, no full stop' }),
    lastTransitionTime: Type.String({ description: 'When the status last changed, RFC 3339' }),
    observedGeneration: Type.Integer({ description: 'Generation that this is about' }),
  },
  { additionalProperties: false },
);

export type Condition = Static<typeof ConditionSchema>;
