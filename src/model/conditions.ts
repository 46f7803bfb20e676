import Type from 'typebox';
import type { Static } from 'typebox';

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

/**
 * Ready: all wanted containers run and are healthy. ImageReady: the image is present at the
 * recorded digest. Progressing: changes are being made. Two are present only while true: Stalled
 * (only the user can help) and ConfigStale (the file that declares the module is missing or broken,
 * the last good state is kept).
 */
export type ConditionType = 'Ready' | 'ImageReady' | 'Progressing' | 'Stalled' | 'ConfigStale';

/** A condition without the time that setConditions works out. */
export type NewCondition = Omit<Condition, 'lastTransitionTime' | 'type'> & { type: ConditionType };

/**
 * The list `next` with transition times: kept from `previous` where the status did not change,
 * `now` (RFC 3339) otherwise. A condition that is not in `next` is gone. Sorted by type.
 */
export function setConditions(
  previous: readonly Condition[],
  next: readonly NewCondition[],
  now: string,
): Condition[] {
  const before = new Map(previous.map((condition) => [condition.type, condition]));
  return next
    .map((condition) => {
      const old = before.get(condition.type);
      const lastTransitionTime = old?.status === condition.status ? old.lastTransitionTime : now;
      return { ...condition, lastTransitionTime };
    })
    .toSorted((a, b) => (a.type < b.type ? -1 : 1));
}

/** The condition of that type, if there is one. */
export function findCondition(
  conditions: readonly Condition[],
  type: ConditionType,
): Condition | undefined {
  return conditions.find((condition) => condition.type === type);
}
